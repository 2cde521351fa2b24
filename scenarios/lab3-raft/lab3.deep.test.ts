import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { summarise } from '../report/sweep-summary.ts';
import { activityText } from '../report/text-run.ts';
import { Target } from '../runner/node-target.ts';
import { packageFile } from '../runner/node-user-code.ts';

const registry = new Registry(packs);
const SEEDS = 200;
const OTHER_SEEDS = 50;

const show = (text: string): void => void process.stdout.write(`${text}\n`);

const names = registry.scenarios
  .filter(({ lab, test: own }) => lab === 3 && own !== undefined)
  .map(({ name }) => name);

describe.each([
  { whose: 'ours', impl: undefined, seeds: SEEDS },
  {
    whose: 'the independent implementation',
    impl: packageFile('examples/raft-async.ts'),
    seeds: OTHER_SEEDS,
  },
])('$seeds seeds with $whose', ({ whose, impl, seeds }) => {
  test.each(names)('%s', { timeout: 1_800_000 }, async (name) => {
    const spec = { scenario: name, impl, overrides: {} };
    const target = await Target.open(registry, spec, userModules);
    const results: RunResult[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      results.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
    }
    const summary = summarise(name, results, target.info.probes, false);
    const medians = summary.activity.map((row): [string, number] => [row.name, row.median]);
    show(`${name} (${whose}): ${results.length} seeds, digest ${summary.digest}`);
    show(`  median ${activityText(medians)}`);

    expect(summary.groups).toEqual([]);
    expect(summary.verdict).toBe('pass');
  });
});
