import { expect, test } from 'vitest';
import type { TraceRecord } from '../../sim/index.ts';
import { dataOf, line } from '../testing/recorded.ts';
import { Flights } from './flights.ts';
import { graphsOf, stepsOf, type Graph } from './graphs.ts';
import { Operations } from './operations.ts';

type Given = Partial<TraceRecord>;

const ends = (kind: 'send' | 'message' | 'lost', timeUs: number, n: number): Given => {
  const node = kind === 'message' ? 'b' : 'a';
  return { kind, timeUs, node, label: 'ping', from: 'a', to: 'b', n };
};

function graphs(records: readonly Given[], history: readonly ReturnType<typeof line>[]): Graph[] {
  const data = dataOf(records, { history });
  return graphsOf(new Flights(data), new Operations(data));
}

/** The values of all lines of a graph, for each ten µs up to 40. */
function valuesOf({ lines }: Graph): Record<string, (number | null)[]> {
  const steps = [0, 10, 20, 30];
  return Object.fromEntries(
    lines.map(({ name, in: valueIn }) => [name, steps.map((from) => valueIn(from, from + 10))]),
  );
}

test('messages are counted where they end, and those under way at a moment', () => {
  const [messages, underWay] = graphs(
    [
      ends('send', 0, 0),
      ends('send', 5, 1),
      ends('message', 12, 0),
      ends('send', 15, 2),
      ends('lost', 15, 2),
      ends('message', 31, 1),
    ],
    [],
  );
  expect(valuesOf(messages!)).toEqual({ arrived: [0, 1, 0, 1], lost: [0, 1, 0, 0] });
  expect(valuesOf(underWay!)).toEqual({ messages: [0, 2, 1, 1] });
});

test('operations are counted where they return; how long they took is told of those', () => {
  const failed = { ...line(3, 14, 19), status: 'failed' } as const;
  const [operations, took] = graphs(
    [{ timeUs: 50 }],
    [line(0, 0, 12), line(1, 1, 15), line(2, 2, undefined), failed],
  );
  expect(valuesOf(operations!)).toEqual({ ok: [0, 2, 0, 0], 'not ok': [0, 1, 0, 0] });
  expect(valuesOf(took!)).toEqual({
    median: [null, 0.012, null, null],
    longest: [null, 0.014, null, null],
  });
});

test('what a run has none of has no graph', () => {
  expect(graphs([{ kind: 'wake' }], [line(0, 0, undefined)])).toEqual([]);
});

test('steps stay where they are when the window moves, and cover it', () => {
  for (const fromUs of [-40, 0, 3, 999, 1234.5]) {
    const window = { fromUs, untilUs: fromUs + 2_000 };
    const steps = stepsOf(window, 1200);
    expect(steps.stepUs).toBe(10);
    expect(steps.fromUs[0]).toBe(Math.max(0, Math.floor(fromUs / 10) * 10));
    expect(steps.fromUs.at(-1)! + 10).toBeGreaterThanOrEqual(window.untilUs);
    expect(steps.fromUs.every((us) => us % 10 === 0)).toBe(true);
  }
});
