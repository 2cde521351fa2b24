import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { bearableKinds, clientIntents, faultActions, plans } from '../testing/index.ts';
import { eachKind, passing, Seen } from '../testing/passing-plans.ts';

const registry = new Registry(packs);
const shared = registry.scenario('mapreduce/chaos-shared');
const WORKERS = ['w0', 'w1', 'w2', 'w3', 'w4'];

/** Of the coordinator and the files only the way there may be disturbed, and their speed. */
const only = { crash: WORKERS, 'crash-point': WORKERS };

/** Disks that refuse to work end the worker that meets it; nobody starts it again in this lab. */
const kinds = bearableKinds.filter((kind) => !kind.startsWith('disk-') && kind !== 'bit-rot');

function plansOf(name: string, nodes: readonly string[]): fc.Arbitrary<Plan> {
  return plans(registry.scenario(name), {
    faults: faultActions({ nodes: [...nodes], untilMs: 2500, kinds, only }),
    clients: clientIntents(
      fc.record({
        op: fc.constant('read'),
        file: fc.constantFrom('mr-out-0', 'mr-out-3', 'mr-out-7'),
        thinkMs: fc.nat(120),
      }),
      { clients: 2, intents: 15 },
    ),
    profile: fc.constantFrom('lab-unreliable', 'lan'),
    ties: fc.constantFrom('fifo', 'random'),
  });
}

test.each([
  ['mapreduce/chaos-shared', [...WORKERS, 'coordinator']],
  ['mapreduce/chaos-local', [...WORKERS, 'coordinator', 'files']],
] as const)('ours passes every plan of %s, and much has happened', async (name, nodes) => {
  const seen = new Seen();
  await fc.assert(passing(registry.scenario(name), plansOf(name, nodes), { seen }), {
    numRuns: 200,
  });
  const least = {
    ...eachKind(kinds),
    crashes: 13,
    'maps done again': 61,
    lost: 801,
    'under faults': 601,
  };

  expect(seen.below(least)).toEqual([]);
});

test('the same property finds a wrong variant, and shrinks its plan', async () => {
  const code = { layers: registry.specimen('MR13').layers, code: { specimen: 'MR13' } };
  const all = plansOf(shared.name, WORKERS);
  const details = await fc.check(passing(shared, all, { code }), { seed: 2 });
  const [smallest] = details.counterexample ?? [];

  expect(details.failed).toBe(true);
  expect(smallest?.faults.length).toBeLessThanOrEqual(1);
});
