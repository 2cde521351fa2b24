import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { passing } from '../testing/passing-plans.ts';
import { raftPlans } from './generated-plans.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('raft/chaos-3');

test('ours passes thousands of plans', { timeout: 1_800_000 }, async () => {
  await fc.assert(passing(chaos, raftPlans(chaos)), { numRuns: 5000 });
});

/** One in some thousands of these plans shows it: two elections have to overlap. */
const TOO_RARE = ['R9'];

/** Those that show with a persister; the others need servers with disks of their own. */
const specimens = registry.specimens.filter(
  ({ id, scenarios }) => scenarios.includes('raft/chaos-5') && !TOO_RARE.includes(id),
);

test.each(specimens.map(({ id }) => id))(
  'finds %s and shrinks its plan',
  { timeout: 1_800_000 },
  async (id) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const details = await fc.check(passing(chaos, raftPlans(chaos), { code }), {
      seed: 2,
      numRuns: 3000,
    });
    const [smallest] = details.counterexample ?? [];
    const faults = smallest?.faults.map(({ kind }) => kind).join(', ') ?? '';
    process.stdout.write(
      `${id}: after ${details.numRuns} plans, to ${faults === '' ? 'no faults' : faults}; ` +
        `${(details.errorInstance as Error | null)?.message ?? 'not found'}\n`,
    );

    expect(details.failed).toBe(true);
    expect(smallest!.faults.length).toBeLessThanOrEqual(4);
  },
);
