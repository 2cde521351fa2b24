import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { summarise } from '../report/sweep-summary.ts';
import { activityText } from '../report/text-run.ts';
import { Target } from '../runner/node-target.ts';

const registry = new Registry(packs);
const SEEDS = 500;

const show = (text: string): void => void process.stdout.write(`${text}\n`);

const official = registry.scenarios
  .filter(({ lab, test: own }) => lab === 1 && own !== undefined)
  .flatMap(({ name }) => [2025, 2026].map((edition): [string, number] => [name, edition]));
const ours = ['mapreduce/long-job', 'mapreduce/chaos-shared', 'mapreduce/chaos-local'];

async function sweep(name: string, params: { edition?: number }): Promise<void> {
  const spec = { scenario: name, overrides: { params } };
  const target = await Target.open(registry, spec, userModules);
  const results: RunResult[] = [];
  for (let seed = 1; seed <= SEEDS; seed++) {
    results.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
  }
  const { atLeast } = registry.scenario(name);
  const summary = summarise(name, results, target.info.probes, false, atLeast);
  const medians = summary.activity.map((row): [string, number] => [row.name, row.median]);
  show(`${name}: ${results.length} seeds, digest ${summary.digest}`);
  show(`  median ${activityText(medians)}`);

  expect(summary.groups).toEqual([]);
  expect(summary.verdict).toBe('pass');
}

test.each(official)(
  `${SEEDS} seeds of %s as in %i`,
  { timeout: 3_600_000 },
  async (name, edition) => {
    await sweep(name, { edition });
  },
);

test.each(ours)(`${SEEDS} seeds of %s`, { timeout: 3_600_000 }, async (name) => {
  await sweep(name, {});
});
