import { expect, test } from 'vitest';
import type { UnknownReason } from '../check-result.ts';
import { dovetail, type Search } from './dovetail.ts';
import type { SearchOutcome } from './partition-search.ts';

/** A search that takes `length` steps to its outcome, and notes its turns. */
class FakeSearch implements Search {
  steps = 0;
  readonly turns: number[] = [];
  released = false;
  readonly length: number;
  readonly end: SearchOutcome;

  constructor(length: number, end: SearchOutcome) {
    this.length = length;
    this.end = end;
  }

  advance(steps: number): SearchOutcome {
    const made = Math.min(steps, this.length - this.steps);
    this.turns.push(made);
    this.steps += made;
    return this.steps === this.length ? this.end : 'open';
  }

  release(): void {
    this.released = true;
  }
}

interface Run {
  readonly decided: [part: number, outcome: SearchOutcome][];
  readonly open: number[];
  readonly stopped: UnknownReason | undefined;
  readonly steps: number;
  readonly yields: number;
}

/** Runs them; stops at the first that is illegal, or after some yields. */
function run(
  searches: readonly FakeSearch[],
  maxSteps = Infinity,
  interrupt: (yields: number) => UnknownReason | undefined = () => undefined,
): Run {
  const decided: [number, SearchOutcome][] = [];
  const starts = searches.map((search) => () => search);
  const turns = dovetail(starts, maxSteps, (_, part, outcome) => {
    decided.push([part, outcome]);
    return outcome === 'illegal';
  });
  let yields = 0;
  let turn = turns.next();
  while (turn.done !== true) turn = turns.next(interrupt(++yields));
  const { open, stopped, steps } = turn.value;
  return { decided, open: [...open.keys()], stopped, steps, yields };
}

test('all that are ok are reported as they end', () => {
  const searches = [new FakeSearch(9000, 'ok'), new FakeSearch(10, 'ok'), new FakeSearch(0, 'ok')];
  expect(run(searches)).toMatchObject({
    decided: [
      [1, 'ok'],
      [2, 'ok'],
      [0, 'ok'],
    ],
    open: [],
    stopped: undefined,
    steps: 9010,
  });
  expect(searches[0]!.turns).toEqual([2048, 4096, 2856]);
  expect(searches.every(({ released }) => released)).toBe(true);
});

test('an illegal one ends the run, though another has no end', () => {
  const searches = [new FakeSearch(Infinity, 'ok'), new FakeSearch(5000, 'illegal')];
  expect(run(searches)).toMatchObject({
    decided: [[1, 'illegal']],
    open: [0],
    stopped: undefined,
    steps: 11_144,
  });
});

test('the budget is for all together', () => {
  const searches = [new FakeSearch(Infinity, 'ok'), new FakeSearch(100, 'ok')];
  expect(run(searches, 5000)).toMatchObject({ open: [0], stopped: 'steps', steps: 5000 });
});

test('one that ran out of memory leaves the others to be judged', () => {
  const exhausted = new FakeSearch(10, 'exhausted');
  expect(run([exhausted, new FakeSearch(20, 'ok')]).decided).toEqual([
    [0, 'exhausted'],
    [1, 'ok'],
  ]);
});

test('long turns are cut by yields, and go on where they were', () => {
  const search = new FakeSearch(100_000, 'ok');
  const { steps, yields } = run([search]);
  expect(steps).toBe(100_000);
  expect(Math.max(...search.turns)).toBe(16_384);
  expect(yields).toBe(search.turns.length);
});

test('a reason to stop ends it at the next yield, and what is decided by then counts', () => {
  const searches = [new FakeSearch(10, 'ok'), new FakeSearch(Infinity, 'ok')];
  const { decided, open, stopped } = run(searches, Infinity, (yields) =>
    yields === 5 ? 'aborted' : undefined,
  );
  expect({ decided, open, stopped }).toEqual({
    decided: [[0, 'ok']],
    open: [1],
    stopped: 'aborted',
  });
  const late = [new FakeSearch(10, 'illegal')];
  expect(run(late, Infinity, () => 'time').decided).toEqual([[0, 'illegal']]);
});
