import { describe, expect, test } from 'vitest';
import { registerModel, versionedKvModel, type Operation } from '../../porcupine-ts/index.ts';
import { randomSource } from '../../porcupine-ts/testing/random-source.ts';
import { harmedHistory } from '../../porcupine-ts/testing/versioned-kv-history.ts';
import { PageError, PageFile } from '../../scenarios/report/page/page-file.ts';
import { pictured } from '../testing/histories.ts';
import { HistoryData } from './history-data.ts';

type Any = Operation<unknown, unknown>;

const write = (clientId: string | number, call: number, end: number, value: unknown): Any => ({
  clientId,
  call,
  return: end,
  input: { op: 'write', key: 'x', value },
  output: {},
});
const read = (clientId: string | number, call: number, end: number, value: unknown): Any => ({
  clientId,
  call,
  return: end,
  input: { op: 'read', key: 'x' },
  output: { value },
});
const model = registerModel as Parameters<typeof pictured<unknown, unknown, unknown>>[0];
const read_ = (bytes: Uint8Array): HistoryData => new HistoryData(new PageFile(bytes));

describe('the page of a history', () => {
  test('holds all that was found, of histories of every verdict', () => {
    const verdicts = new Set<string>();
    for (let seed = 1; seed <= 60; seed++) {
      const random = randomSource(seed);
      const history = harmedHistory(
        { keys: 3, values: 3, flavour: 'strict' },
        { operations: 30, clients: 4, pendingPercent: 10 },
        random,
      );
      // The search, within few steps: some parts stay undecided.
      const options = { algorithm: 'search', maxSteps: seed % 3 === 0 ? 20 : 10_000 } as const;
      const { bytes, info } = pictured(versionedKvModel, history, options);
      verdicts.add(info.verdict);
      expectSame(read_(bytes), info);
    }
    expect([...verdicts].toSorted()).toEqual(['illegal', 'ok', 'unknown']);
  });

  test('numbers operations by their calls, and knows their lines', () => {
    const { bytes } = pictured(model, [read('b', 20, 30, 'v'), write('a', 1, 2, 'v')]);
    const data = read_(bytes);
    expect([...data.line]).toEqual([2, 1]);
    expect([0, 1].map((i) => data.clientOf(i))).toEqual(['a', 'b']);
    expect(data.textOf(0)).toBe('write("x", "v")');
  });

  test('tells the clients 1 and "1" apart', () => {
    const { bytes } = pictured(model, [write(1, 1, 9, 'v'), write('1', 2, 5, 'w')]);
    expect(read_(bytes).clients).toEqual(['1', '1']);
  });

  test('keeps stamps that are no whole numbers', () => {
    const { bytes } = pictured(model, [write(1, -0.25, 1e300, 'v')]);
    const { calls, returns } = read_(bytes);
    expect([...calls, ...returns]).toEqual([-0.25, 1e300]);
  });

  test('cuts long texts in the middle, and says so', () => {
    const long = `${'a'.repeat(500)}the end`;
    const data = read_(pictured(model, [write(1, 1, 2, long)], { textMax: 100 }).bytes);
    expect(data.textOf(0)).toMatch(/^write\("x", "aa.* … \(421 characters\) … aa.*the end"\)$/);
    expect(data.about.remarks).toEqual([expect.stringContaining('more than 100 characters')]);
  });

  test('of no operations is one, too', () => {
    const data = read_(pictured(model, []).bytes);
    expect([data.length, data.keys.length, data.about.verdict]).toEqual([0, 0, 'vacuous']);
  });
});

/** Operations have other numbers in the page: it is their lines that are compared. */
function expectSame(data: HistoryData, info: ReturnType<typeof pictured>['info']): void {
  const { operations, parts } = info;
  const lineOf = (operation: number): number => data.line[operation] as number;
  for (let i = 0; i < data.length; i++) {
    const { call, clientId, description, return: end = NaN } = operations[lineOf(i) - 1]!;
    expect([data.calls[i], data.returns[i]]).toEqual([call, end]);
    expect([data.clientOf(i), data.textOf(i)]).toEqual([String(clientId), description]);
  }
  expect(data.keys).toEqual(parts.map(({ key }) => key));
  expect(data.verdicts).toEqual(parts.map(({ verdict }) => verdict));
  for (const [part, { partialLinearizations, states, violation }] of parts.entries()) {
    expect(data.firstStateOf(part)).toBe(states[0]);
    const read = data.ordersOf(part).map((order) => ({
      operations: Array.from(order.operations, (operation) => lineOf(operation) - 1),
      states: Array.from(order.operations, (_, place) => order.stateAfter(place)),
      illegalNext: order.stuck.map((operation) => lineOf(operation) - 1),
    }));
    expect(read).toEqual(
      partialLinearizations.map((order) => ({
        ...order,
        states: order.states.map((state) => states[state]),
      })),
    );
    const found = data.violationOf(part);
    const indices = found?.involved.map((operation) => lineOf(operation) - 1);
    expect(found && { ...found, culprit: lineOf(found.culprit) - 1, involved: indices }).toEqual(
      violation && {
        part,
        culprit: violation.operation,
        involved: violation.operations,
        kind: violation.kind,
        reason: violation.reason,
      },
    );
  }
}

describe('a damaged page of a history is refused', () => {
  const { bytes } = pictured(model, [write(1, 1, 2, 'v'), read(2, 3, 4, 'w')]);

  test('whatever byte of its tables is another one, it is refused or read to the end', () => {
    const head = new TextDecoder().decode(bytes).indexOf(']}');
    let refused = 0;
    for (let at = head + 2; at < bytes.length; at++) {
      const damaged = bytes.slice();
      damaged[at] = (damaged[at]! + 129) % 256;
      try {
        const data = read_(damaged);
        for (let part = 0; part < data.keys.length; part++) data.ordersOf(part);
      } catch (error) {
        expect(error).toBeInstanceOf(PageError);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(20);
  });
});
