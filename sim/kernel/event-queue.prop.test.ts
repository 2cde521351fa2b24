import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EventQueue } from './event-queue.ts';

interface Entry {
  time: number;
  readonly tie: number;
  readonly seq: number;
}

/** What the queue must do, in the plainest way: an array that is sorted before each look. */
class Oracle {
  entries: Entry[] = [];

  sorted(): Entry[] {
    return this.entries.toSorted((a, b) => a.time - b.time || a.tie - b.tie || a.seq - b.seq);
  }

  pop(): Entry | undefined {
    const [first] = this.sorted();
    this.entries = this.entries.filter((entry) => entry !== first);
    return first;
  }
}

type Step =
  | { readonly do: 'push'; readonly time: number; readonly tie: number; readonly copies: number }
  | { readonly do: 'pop'; readonly times: number }
  | { readonly do: 'compact' | 'retime'; readonly every: number; readonly phase: number };

// Few different times and ties, so that all three parts of the key decide.
const anyTime = fc.oneof(fc.nat(5), fc.nat(1000), fc.constantFrom(2 ** 40, 2 ** 52));
const anyTie = fc.oneof(fc.constant(0), fc.nat(2), fc.constantFrom(2 ** 31, 2 ** 32 - 1));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('push' as const),
      time: anyTime,
      tie: anyTie,
      copies: fc.constantFrom(1, 1, 1, 40),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('pop' as const), times: fc.constantFrom(1, 2, 30) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constantFrom('compact' as const, 'retime' as const),
      every: fc.integer({ min: 1, max: 4 }),
      phase: fc.nat(3),
    }),
  },
);

function carryOut(steps: readonly Step[]): void {
  const queue = new EventQueue<Entry>();
  const oracle = new Oracle();
  let seq = 0;
  for (const step of steps) {
    if (step.do === 'push') {
      for (let i = 0; i < step.copies; i++) {
        const entry = { time: step.time, tie: step.tie, seq: seq++ };
        queue.push(entry.time, entry.tie, entry);
        oracle.entries.push(entry);
      }
    } else if (step.do === 'pop') {
      for (let i = 0; i < step.times; i++) {
        expect(queue.nextTime).toBe(oracle.sorted()[0]?.time ?? Infinity);
        expect(queue.pop()).toBe(oracle.pop());
      }
    } else if (step.do === 'retime') {
      const timeOf = (entry: Entry, time: number): number =>
        entry.seq % step.every === 0 ? Math.floor(time / (1 + step.phase)) : time;
      queue.retime(timeOf);
      oracle.entries = oracle.entries.map((entry) =>
        Object.assign(entry, { time: timeOf(entry, entry.time) }),
      );
    } else {
      const keep = (entry: Entry): boolean => entry.seq % step.every !== step.phase % step.every;
      queue.compact(keep);
      oracle.entries = oracle.entries.filter(keep);
    }
    expect(queue.size).toBe(oracle.entries.length);
  }
  const rest: (Entry | undefined)[] = [];
  while (queue.size > 0) rest.push(queue.pop());
  expect(rest).toEqual(oracle.sorted());
  expect(queue.pop()).toBeUndefined();
}

describe('the event queue', () => {
  test('keeps the order of time, tie and arrival, whatever is done to it', () => {
    fc.assert(fc.property(fc.array(anyStep, { maxLength: 60 }), carryOut), { numRuns: 1000 });
  });

  test('keeps its order over thousands of entries with equal keys', () => {
    const anyKey = fc.record({ time: fc.nat(20), tie: fc.nat(1) });
    const sizes = { minLength: 2000, maxLength: 4000 };
    fc.assert(
      fc.property(fc.array(anyKey, sizes), (keys) => {
        const queue = new EventQueue<Entry>();
        const oracle = new Oracle();
        keys.forEach(({ time, tie }, seq) => {
          queue.push(time, tie, { time, tie, seq });
          oracle.entries.push({ time, tie, seq });
        });
        const all = Array.from(keys, () => queue.pop());
        expect(all).toEqual(oracle.sorted());
      }),
      { numRuns: 5 },
    );
  });
});
