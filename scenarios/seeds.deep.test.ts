import { describe, expect, test } from 'vitest';
import { packs } from './catalogue.ts';
import type { JsonObject } from './define/plan.ts';
import { Registry } from './define/registry.ts';
import type { RunResult } from './define/result.ts';
import { userModules } from './node-catalogue.ts';
import type { SweepSummary } from './report/sweep-summary.ts';
import { summarise } from './report/sweep-tally.ts';
import { activityText } from './report/text-run.ts';
import { Target, type TargetSpec } from './runner/node-target.ts';
import { packageFile } from './runner/node-user-code.ts';

const registry = new Registry(packs);

/** How many seeds of each official test, and of free chaos, by lab. */
const SEEDS: Readonly<Record<number, number>> = { 1: 500, 2: 1000, 3: 200, 4: 200, 5: 100 };

/** With implementations of somebody else. */
const OTHERS = [
  { lab: 2, impl: 'examples/kv-async.ts', seeds: 100 },
  { lab: 3, impl: 'examples/raft-async.ts', seeds: 50 },
  { lab: 5, impl: 'examples/shardkv-async.ts', seeds: 50 },
] as const;

function names(lab: number, isChaosToo: boolean): string[] {
  const isSwept = (name: string, isOfficial: boolean): boolean =>
    isOfficial || (isChaosToo && name.includes('chaos'));
  return registry.scenarios
    .filter(
      (scenario) => scenario.lab === lab && isSwept(scenario.name, scenario.test !== undefined),
    )
    .map(({ name }) => name);
}

const show = (text: string): void => void process.stdout.write(`${text}\n`);

async function sweep(spec: TargetSpec, seeds: number): Promise<SweepSummary> {
  const target = await Target.open(registry, spec, userModules);
  const results: RunResult[] = [];
  for (let seed = 1; seed <= (target.info.once ? 1 : seeds); seed++) {
    results.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
  }
  const { atLeast } = registry.scenario(spec.scenario);
  const summary = summarise(spec.scenario, results, target.info.probes, false, atLeast);
  const medians = summary.activity.map((row): [string, number] => [row.name, row.median]);
  show(`${spec.scenario}: ${results.length} seeds, digest ${summary.digest}`);
  show(`  median ${activityText(medians)}`);
  return summary;
}

/** Lab 1's tests as the course had them in these years. */
const editions = (lab: number): JsonObject[] =>
  lab === 1 ? [{ edition: 2025 }, { edition: 2026 }] : [{}];

interface Row {
  readonly spec: TargetSpec;
  readonly seeds: number;
}

function rowsOf(lab: number, seeds: number): Row[] {
  return names(lab, true).flatMap((scenario) => {
    const isOfficial = registry.scenario(scenario).test !== undefined;
    const all = isOfficial ? editions(lab) : [{}];
    return all.map((params) => ({ spec: { scenario, overrides: { params } }, seeds }));
  });
}

const ours = Object.entries(SEEDS).flatMap(([lab, seeds]) => rowsOf(Number(lab), seeds));
const others = OTHERS.flatMap(({ lab, impl, seeds }) =>
  names(lab, lab !== 3).map((scenario): Row => {
    return { spec: { scenario, impl: packageFile(impl), overrides: {} }, seeds };
  }),
);

describe.each<{ whose: string; rows: Row[] }>([
  { whose: 'ours', rows: ours },
  { whose: 'an independent implementation', rows: others },
])('with $whose', ({ rows }) => {
  test.each(rows)('$seeds seeds of $spec.scenario', { timeout: 3_600_000 }, async (row) => {
    const { groups, verdict } = await sweep(row.spec, row.seeds);

    expect(groups).toEqual([]);
    expect(verdict).toBe('pass');
  });
});
