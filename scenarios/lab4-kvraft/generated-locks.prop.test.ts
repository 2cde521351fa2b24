import fc from 'fast-check';
import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { bearableKinds, clientIntents, faultActions, plans } from '../testing/index.ts';
import { eachKind, passing, Seen } from '../testing/passing-plans.ts';

const registry = new Registry(packs);
const locks = registry.scenario('kvraft/lock-chaos');

const SERVERS = ['s0', 's1', 's2'];
const CLIENTS = ['c0', 'c1', 'c2', 'c3'];
const UNTIL_MS = 2500;

/** Plans whose faults, clients and network fast-check makes up. */
const generated: fc.Arbitrary<Plan> = plans(locks, {
  params: fc.record({
    servers: fc.constant(SERVERS.length),
    warmUpMs: fc.constant(500),
    chaosMs: fc.constant(UNTIL_MS - 500),
    maxRaftState: fc.constantFrom(500, -1, 3000),
  }),
  faults: faultActions({
    nodes: [...SERVERS, ...CLIENTS],
    untilMs: UNTIL_MS,
    most: 8,
    // A client that crashes while it holds a lock leaves it locked, and rightly so. A put that
    // arrives twice is beyond the contract of lab 2.
    only: { crash: SERVERS, 'crash-point': SERVERS, duplicate: SERVERS },
  }),
  clients: clientIntents(
    fc.record({
      op: fc.constant('hold'),
      // Nested locks in any order may deadlock, and rightly so.
      locks: fc.subarray(['l0', 'l1'], { minLength: 1 }),
      holdMs: fc.nat(60),
    }),
    {
      clients: CLIENTS.length,
      intents: 15,
      settings: fc.constantFrom({}, { patienceMs: 1 }, { patienceMs: 30 }),
    },
  ),
  profile: fc.constantFrom('lab-unreliable', 'lan'),
  ties: fc.constantFrom('fifo', 'random'),
});

test('ours passes every plan, and much has happened', async () => {
  const seen = new Seen();
  await fc.assert(passing(locks, generated, { seen }), { numRuns: 60 });
  const least = {
    ...eachKind(bearableKinds),
    acquired: 500,
    'under faults': 200,
    crashes: 2,
    leaders: 60,
    'snapshots taken': 300,
    'snapshots installed': 10,
  };

  expect(seen.below(least)).toEqual([]);
});

test('the property finds locks that all clients share, and needs two holders for it', async () => {
  const code = { layers: registry.specimen('LK5').layers, code: { specimen: 'LK5' } };
  const details = await fc.check(passing(locks, generated, { code }), { seed: 2, numRuns: 100 });
  const [smallest] = details.counterexample ?? [];

  expect((details.errorInstance as Error).message).toMatch('mutual exclusion');
  expect(smallest!.faults).toEqual([]);
  expect(smallest!.clients.flatMap(({ intents }) => intents)).toHaveLength(2);
});
