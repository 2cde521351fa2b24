import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { Span } from '../define/span.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';

const scenario = new Registry(packs).scenario('mapreduce/chaos-local');

async function spansOf(seed: number): Promise<readonly Span[]> {
  const plan = makePlan(scenario, String(seed));
  return (await runPlan(scenario, plan, { host: nodeHost() })).spans;
}

test('a timeline has every output once, and what was done again as such', async () => {
  const marks = new Map<string, number>();
  for (let seed = 1; seed <= 10; seed++) {
    const spans = await spansOf(seed);
    const count = (mark: string): number => spans.filter((span) => span.mark === mark).length;

    // A worker that dies between a commit and its answer has lost the task, for all it knows.
    expect(count('r')).toBeLessThanOrEqual(10);
    expect(count('r')).toBeGreaterThanOrEqual(8);
    for (const { mark } of spans) marks.set(mark, (marks.get(mark) ?? 0) + 1);
    for (const { row, fromMs, toMs } of spans) {
      expect(row).toMatch(/^w\d$/);
      expect(toMs).toBeGreaterThanOrEqual(fromMs);
    }
  }

  // Maps, maps again and beside others, reduces, reduces again, and what crashes have cost.
  expect([...marks.keys()].toSorted()).toEqual(['M', 'R', 'b', 'm', 'r', 'x']);
});

test('a worker does one thing at a time', async () => {
  const spans = await spansOf(3);
  for (const row of new Set(spans.map((span) => span.row))) {
    const own = spans.filter((span) => span.row === row);
    for (const [i, { fromMs }] of own.slice(1).entries()) {
      expect(fromMs).toBeGreaterThanOrEqual(own[i]!.toMs);
    }
  }
});
