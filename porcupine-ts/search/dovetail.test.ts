import { expect, test } from 'vitest';
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

const run = (searches: readonly FakeSearch[], maxSteps = Infinity) => {
  const ok: number[] = [];
  const starts = searches.map((search) => () => search);
  return { ...dovetail(starts, maxSteps, (_, part) => ok.push(part)), ok };
};

test('all that are ok are reported as they end', () => {
  const searches = [new FakeSearch(9000, 'ok'), new FakeSearch(10, 'ok'), new FakeSearch(0, 'ok')];
  expect(run(searches)).toEqual({ illegal: undefined, allOk: true, steps: 9010, ok: [1, 2, 0] });
  expect(searches[0]!.turns).toEqual([2048, 4096, 2856]);
  expect(searches.every(({ released }) => released)).toBe(true);
});

test('an illegal one ends the run, though another has no end', () => {
  const searches = [new FakeSearch(Infinity, 'ok'), new FakeSearch(5000, 'illegal')];
  expect(run(searches)).toMatchObject({ illegal: { part: 1 }, allOk: false, steps: 11_144 });
});

test('the budget is for all together', () => {
  const searches = [new FakeSearch(Infinity, 'ok'), new FakeSearch(100, 'ok')];
  expect(run(searches, 5000)).toMatchObject({ illegal: undefined, allOk: false, steps: 5000 });
});

test('one that ran out of memory leaves the others to be judged', () => {
  const exhausted = new FakeSearch(10, 'exhausted');
  expect(run([exhausted, new FakeSearch(20, 'ok')])).toMatchObject({ allOk: false, ok: [1] });
  expect(run([exhausted, new FakeSearch(20, 'illegal')])).toMatchObject({ illegal: { part: 1 } });
});
