import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { parseRegression } from '../define/regression-file.ts';
import { Registry } from '../define/registry.ts';
import { userModules } from '../node-catalogue.ts';
import { Target, type JobReport } from '../runner/node-target.ts';
import type { Plan } from '../define/plan.ts';

const registry = new Registry(packs);

const stored = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.json'))
  .map((name) => {
    const text = readFileSync(join(import.meta.dirname, name), 'utf8');
    return { name, ...parseRegression(text, name) };
  });

async function run(plan: Plan, specimen?: string): Promise<JobReport> {
  const spec = { scenario: plan.scenario, specimen, overrides: {} };
  const target = await Target.open(registry, spec, userModules);
  return await target.run({ from: { plan }, isTraced: false });
}

describe('the stored regressions', () => {
  test.each(stored)('$name fails as it did, with the code that it is of', async (regression) => {
    const { plan, expected } = regression;
    const { result, unmatchedOverrides } = await run(plan, plan.code?.specimen);

    expect({ verdict: result.verdict, signature: result.signature }).toEqual(expected);
    // An override without its message, and the plan fails for another reason than it did.
    expect(unmatchedOverrides).toBe(0);
  });

  test.each(stored)('$name passes with our code', async ({ plan }) => {
    expect((await run(plan)).result.verdict).toBe('pass');
  });

  test.each(stored)('$name is small enough to be read', ({ plan }) => {
    expect(plan.faults.length).toBeLessThanOrEqual(3);
    expect(plan.overrides.length).toBeLessThanOrEqual(20);
  });

  test('there is one for each specimen', () => {
    const ids = new Set(stored.map(({ plan }) => plan.code?.specimen));

    expect(ids).toEqual(new Set(registry.specimens.map(({ id }) => id)));
  });
});
