import { describe, expect, test } from 'vitest';
import {
  registerModel,
  versionedKvModel,
  type Operation,
  type RegisterInput,
  type RegisterOutput,
} from '../../porcupine-ts/index.ts';
import { closedLoop } from '../../porcupine-ts/testing/closed-loop.ts';
import { randomSource } from '../../porcupine-ts/testing/random-source.ts';
import { versionedKv } from '../../porcupine-ts/testing/workloads.ts';
import { readBack, type Judging } from '../testing/histories.ts';
import { moved } from './axes.ts';
import { HistoryApp } from './history-app.ts';
import { totalHeight } from './history-rows.ts';
import { stateAt } from './history-words.ts';

type Register = Operation<RegisterInput, RegisterOutput>;

const write = (clientId: string, call: number, end: number | undefined, key = 'x'): Register => ({
  clientId,
  call,
  ...(end === undefined ? {} : { return: end, output: {} }),
  input: { op: 'write', key, value: `${clientId}${call}` },
});
const read = (
  clientId: string,
  call: number,
  end: number,
  value: string | null,
  key = 'x',
): Register => ({
  clientId,
  call,
  return: end,
  input: { op: 'read', key },
  output: { value },
});
const appOf = (history: readonly Register[], judging: Judging = {}): HistoryApp =>
  new HistoryApp(readBack(registerModel, history, judging));

/** Legal, of several keys and with operations that never return. */
const randomApp = (seed: number): HistoryApp => {
  const workload = versionedKv({ keys: 3, values: 5 }, 'strict');
  const options = { operations: 80, clients: 5, pendingPercent: 5 };
  return new HistoryApp(
    readBack(versionedKvModel, closedLoop(workload, options, randomSource(seed))),
  );
};

describe('where operations take effect', () => {
  test('is within them, and in the order that was found, on both axes', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const app = randomApp(seed);
      for (const axis of ['time', 'rank'] as const) {
        app.setAxis(axis);
        for (const part of app.data.keys.keys()) {
          app.showPart(part, true);
          const { order, points } = app.shown!;
          expect(points).toEqual(points.toSorted());
          for (const [place, operation] of order.operations.entries()) {
            const { from, until, bounds } = app.axis;
            expect(points[place]).toBeGreaterThanOrEqual(from[operation]!);
            const end = until[operation]!;
            expect(points[place]).toBeLessThanOrEqual(Number.isNaN(end) ? bounds.untilUs : end);
          }
        }
      }
    }
  });

  test('two between the same events share what is between them', () => {
    const { shown, axes } = appOf([write('a', 0, 30), write('b', 10, 20)]);
    const [first, second] = shown!.points;
    expect(first).toBeLessThan(second!);
    expect(axes.time.events).toHaveLength(4);
  });
});

describe('the axes', () => {
  test('rank sets all calls and returns at one distance', () => {
    const { rank } = appOf([write('a', 0, 1), write('a', 5, 1000)]).axes;
    expect([...rank.events]).toEqual([10, 20, 30, 40]);
  });

  test('a place goes there and back', () => {
    const { axes } = randomApp(3);
    for (const unit of [25, 100, 333.3, 1400]) {
      expect(moved(moved(unit, axes.rank, axes.time), axes.time, axes.rank)).toBeCloseTo(unit, 3);
    }
  });

  test('a window stays where it is when the axis changes', () => {
    const app = randomApp(4);
    app.select(app.data.length - 1);
    app.zoom(0.2, app.axis.from[app.data.length - 1]);
    app.setAxis('rank');
    const { fromUs, untilUs } = app.state.window;
    const from = app.axes.rank.from[app.data.length - 1]!;
    expect([from >= fromUs, from <= untilUs]).toEqual([true, true]);
  });

  test('stamps are told as they are, large ones from the first', () => {
    expect(appOf([write('a', 5, 40)]).axes.time.label(4_000_000, 1_000_000)).toMatch(/^\d+$/);
    const large = appOf([write('a', 5e9, 5e9 + 40)]).axes.time;
    expect(large.label(large.events[1]!, 100_000)).toBe('+40');
  });
});

describe('rows', () => {
  test('have the operations of one key only, if it is shown alone', () => {
    const app = appOf([write('a', 0, 1), write('b', 2, 3, 'y'), write('a', 4, 5, 'y')]);
    expect(app.rows.map(({ title }) => title)).toEqual(['a', 'b']);
    app.showPart(0, true);
    expect(app.rows.map(({ operations }) => [...operations])).toEqual([[0]]);
    app.showPart(1, true);
    expect(app.rows.map(({ title, operations }) => [title, ...operations])).toEqual([
      ['a', 2],
      ['b', 1],
    ]);
  });

  test('what never returned gives way to the next call of its client', () => {
    const [row] = appOf([write('a', 0, undefined), write('a', 10, 20)]).rows;
    expect(row!.until[0]).toBe(row!.from[1]);
  });

  test('annotations lie in the row of their tag, or of their client', () => {
    const annotations = [
      { tag: 'faults', start: 1, end: 4, description: 'cut off' },
      { tag: 'faults', start: 2, end: 3, description: 'slow' },
      { clientId: 'a', start: 2, description: 'restarted' },
      { clientId: 'gone', start: 2, description: 'crashed' },
    ];
    const { rows } = appOf([write('a', 0, 5)], { annotations });
    expect(rows.map(({ title, remarks }) => [title, ...remarks.map(({ track }) => track)])).toEqual(
      [
        ['faults', 0, 1],
        ['gone', 0],
        ['a', 0],
      ],
    );
    expect(totalHeight(rows)).toBeGreaterThan(0);
  });
});

describe('steps', () => {
  test('lead through the linearization, with the state after each', () => {
    const app = appOf([write('a', 0, 1), write('b', 2, 3), read('a', 4, 5, 'b2')]);
    const states: string[] = [];
    for (let step = 0; step < 5; step++) {
      states.push(stateAt(app, app.state.step));
      app.stepBy(1);
    }
    expect(states).toEqual(['null', '"a0"', '"b2"', '"b2"', '"b2"']);
    app.goTo(0);
    expect([app.state.step, app.current]).toEqual([0, -1]);
  });

  test('keep what they are at in sight', () => {
    const app = randomApp(5);
    app.zoom(0.05, app.axis.bounds.fromUs);
    app.goTo(Infinity);
    const { fromUs, untilUs } = app.state.window;
    const point = app.shown!.points.at(-1)!;
    expect([point >= fromUs, point <= untilUs]).toEqual([true, true]);
  });
});

describe('a violation', () => {
  const history = [
    write('a', 0, 1),
    write('b', 0, 1, 'y'),
    read('a', 2, 3, 'a0'),
    read('b', 2, 3, null, 'y'),
  ];

  test('is where the page begins: its key alone, as far as an order goes', () => {
    const app = appOf(history);
    expect(app.state).toMatchObject({ part: 1, isOnly: true, step: 1, selected: 3 });
    expect(app.shown!.order.stuck).toEqual([3]);
    expect(app.aboutOf(1)).toContain(3);
  });

  test('of several, one leads to the next and round', () => {
    const app = appOf([...history, write('c', 0, 1, 'z'), read('c', 2, 3, null, 'z')]);
    const parts = [0, 1, 2].map(() => {
      const { part } = app.state;
      app.nextViolation();
      return app.data.keys[part];
    });
    expect(parts).toEqual(['y', 'z', 'y']);
  });

  test('an operation in no order is looked at where the order breaks off', () => {
    const app = appOf(history);
    app.goTo(0);
    app.select(3);
    expect(app.state).toMatchObject({ selected: 3, step: 1 });
  });
});

describe('search', () => {
  const app = appOf([write('ann', 0, 1), write('bob', 2, 3, 'y'), read('bob', 4, 5, 'ann0')]);

  test.each([
    ['ann', [0, 2]],
    ['WRITE', [0, 1]],
    ['bob', [1, 2]],
    [':2', [1]],
    ['nothing like it', []],
    ['  ', []],
  ])('for %j finds %j', (query, found) => {
    app.search(query);
    expect(app.state.found).toEqual(found);
  });

  test('goes to what was found, also where another key was shown alone', () => {
    app.showPart(0, true);
    app.search('y');
    app.stepFound(1);
    expect(app.state).toMatchObject({ selected: 1, part: 1, isOnly: true });
  });
});

test('an undecided history shows how far it came', () => {
  const app = appOf(
    Array.from({ length: 12 }, (_, i) => write(`c${i}`, 0, 10)).concat(read('r', 20, 21, 'nobody')),
    { algorithm: 'search', maxSteps: 30 },
  );
  expect(app.data.about.verdict).toBe('unknown');
  expect(app.shown!.order.operations.length).toBeGreaterThan(0);
});
