import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { bearableKinds, clientIntents, faultActions, plans } from '../testing/index.ts';
import { eachKind, passing, Seen } from '../testing/passing-plans.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('kvraft/chaos-3');

const SERVERS = ['s0', 's1', 's2'];
const CLIENTS = ['c0', 'c1'];
const CHAOS_MS = 1500;

/** Plans whose faults, clients and network fast-check makes up. */
const generated: fc.Arbitrary<Plan> = plans(chaos, {
  params: fc.constant({ warmUpMs: 0, chaosMs: CHAOS_MS, maxRaftState: 500 }),
  faults: faultActions({
    nodes: [...SERVERS, ...CLIENTS],
    untilMs: CHAOS_MS,
    most: 6,
    only: {
      // A clerk that crashes is not there any more, and its operation stays open.
      crash: SERVERS,
      'crash-point': SERVERS,
      // The contract of lab 2 does not bear a request of a client that arrives twice.
      duplicate: SERVERS,
    },
  }),
  clients: clientIntents(
    fc.record({
      op: fc.constantFrom('get', 'put'),
      key: fc.constantFrom('k0', 'k1'),
      thinkMs: fc.nat(100),
    }),
    {
      clients: CLIENTS.length,
      intents: 15,
      settings: fc.constantFrom({}, { patienceMs: 1 }, { patienceMs: 300 }),
    },
  ),
  profile: fc.constantFrom('lan', 'lab-reliable', 'lab-unreliable'),
  ties: fc.constantFrom('fifo', 'random'),
});

test('ours passes every plan, and much has happened', async () => {
  const seen = new Seen();
  await fc.assert(passing(chaos, generated, { seen }), { numRuns: 100 });
  const least = {
    ...eachKind(bearableKinds),
    operations: 800,
    'under faults': 250,
    ErrMaybe: 50,
    leaders: 60,
    crashes: 6,
    lost: 300,
    'snapshots taken': 200,
    'snapshots installed': 9,
  };

  expect(seen.below(least)).toEqual([]);
});

describe('the same property finds a wrong variant, and shrinks its plan', () => {
  test.each([
    ['K33', 'linearizable', 2],
    ['K39', 'linearizable', 2],
  ])('%s, by "%s"', async (id, check, intents) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const details = await fc.check(passing(chaos, generated, { code }), { seed: 2, numRuns: 100 });
    const [smallest] = details.counterexample ?? [];

    expect((details.errorInstance as Error).message).toMatch(check);
    expect(smallest!.faults).toEqual([]);
    expect(smallest!.clients.flatMap((client) => client.intents)).toHaveLength(intents);
  });
});
