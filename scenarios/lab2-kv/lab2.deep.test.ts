import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { median, summarise } from '../report/sweep-summary.ts';
import { activityText } from '../report/text-run.ts';
import { Target } from '../runner/node-target.ts';
import { packageFile } from '../runner/node-user-code.ts';

const registry = new Registry(packs);
const SEEDS = 1000;
const OTHER_SEEDS = 100;

const show = (text: string): void => void process.stdout.write(`${text}\n`);

async function sweep(target: Target, seeds: number): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (let seed = 1; seed <= (target.info.once ? 1 : seeds); seed++) {
    results.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
  }
  return results;
}

const names = registry.scenarios.filter(({ lab }) => lab === 2).map(({ name }) => name);

describe.each([
  { whose: 'ours', impl: undefined, seeds: SEEDS },
  {
    whose: 'the independent implementation',
    impl: packageFile('examples/kv-async.ts'),
    seeds: OTHER_SEEDS,
  },
])('$seeds seeds with $whose', ({ whose, impl, seeds }) => {
  test.each(names)('%s', { timeout: 600_000 }, async (name) => {
    const target = await Target.open(
      registry,
      { scenario: name, impl, overrides: {} },
      userModules,
    );
    const results = await sweep(target, seeds);
    const summary = summarise(name, results, target.info.probes, false);
    const medians = summary.activity.map((row): [string, number] => [row.name, row.median]);
    show(`${name} (${whose}): ${results.length} seeds, digest ${summary.digest}`);
    show(`  median ${activityText(medians)}`);

    expect(summary.groups).toEqual([]);
    expect(summary.verdict).toBe('pass');
  });
});

/** Seeds between two failures, the first included: what one has to wait for, on an average day. */
function waits(results: readonly RunResult[]): number[] {
  const at = results.flatMap((result, i) => (result.verdict === 'pass' ? [] : [i + 1]));
  return at.map((seed, i) => seed - (at[i - 1] ?? 0));
}

describe('how many seeds until each specimen is caught', () => {
  const rows = registry.specimens.flatMap(({ id, scenarios }) =>
    scenarios.map((scenario) => ({ id, scenario })),
  );

  test.each(rows)('$id in $scenario', { timeout: 600_000 }, async ({ id, scenario }) => {
    const spec = { scenario, specimen: id, overrides: {} };
    const target = await Target.open(registry, spec, userModules);
    const results = await sweep(target, 200);
    const found = waits(results);
    show(
      `${id} in ${scenario}: ${found.length} of ${results.length} seeds, ` +
        `first ${found[0]}, median wait ${median(found)}`,
    );

    expect(found.length).toBeGreaterThan(0);
  });
});
