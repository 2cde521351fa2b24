import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { passes } from './generated-plans.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('raft/chaos-3');

test('ours passes thousands of plans', { timeout: 1_800_000 }, async () => {
  await fc.assert(passes(chaos), { numRuns: 5000 });
});

/** Their bug takes more than three servers, more time or rarer luck than these plans have. */
const TOO_RARE: readonly string[] = [];

const specimens = registry.specimens.filter(({ lab, id }) => lab === 3 && !TOO_RARE.includes(id));

test.each(specimens.map(({ id }) => id))(
  'finds %s and shrinks its plan',
  { timeout: 1_800_000 },
  async (id) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const details = await fc.check(passes(chaos, code), { seed: 2, numRuns: 3000 });
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
