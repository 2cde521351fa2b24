import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { summarise } from '../report/sweep-summary.ts';
import { activityText } from '../report/text-run.ts';
import { Target } from '../runner/node-target.ts';

const registry = new Registry(packs);
const SEEDS = 200;

const show = (text: string): void => void process.stdout.write(`${text}\n`);

const names = registry.scenarios
  .filter(({ lab, test: own }) => lab === 4 && own !== undefined)
  .map(({ name }) => name);

test.each([...names, 'kvraft/appends'])(
  `${SEEDS} seeds of %s`,
  { timeout: 3_600_000 },
  async (name) => {
    const target = await Target.open(registry, { scenario: name, overrides: {} }, userModules);
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
  },
);
