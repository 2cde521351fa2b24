import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import {
  bearableKinds,
  clientIntents,
  faultActions,
  plans,
  runScenario,
} from '../testing/index.ts';
import '../testing/matchers.ts';

const registry = new Registry(packs);
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
  const seen = { crashes: 0, again: 0, lost: 0, underFaults: 0, kinds: new Set<string>() };
  await fc.assert(
    fc.asyncProperty(plansOf(name, nodes), async (plan) => {
      const run = await runScenario(registry.scenario(name), plan);
      expect(run).toPass();
      const { activity } = run.result;
      seen.crashes += activity['crashes'] ?? 0;
      seen.again += activity['maps done again'] ?? 0;
      seen.lost += activity['lost'] ?? 0;
      seen.underFaults += activity['under faults'] ?? 0;
      for (const { kind } of plan.faults) seen.kinds.add(kind);
    }),
    { numRuns: 200 },
  );

  expect(seen.kinds).toEqual(new Set(kinds));
  expect(seen.crashes).toBeGreaterThan(12);
  expect(seen.again).toBeGreaterThan(60);
  expect(seen.lost).toBeGreaterThan(800);
  expect(seen.underFaults).toBeGreaterThan(600);
});

test('the same property finds a wrong variant, and shrinks its plan', async () => {
  const specimen = { layers: registry.specimen('MR13').layers, code: { specimen: 'MR13' } };
  const all = plansOf('mapreduce/chaos-shared', WORKERS);
  const details = await fc.check(
    fc.asyncProperty(all, async (plan) => {
      const run = await runScenario(registry.scenario('mapreduce/chaos-shared'), plan, specimen);
      expect(run).toPass();
    }),
    { seed: 2 },
  );
  const [smallest] = details.counterexample ?? [];

  expect(details.failed).toBe(true);
  expect(smallest?.faults.length).toBeLessThanOrEqual(1);
});
