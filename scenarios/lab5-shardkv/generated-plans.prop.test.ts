import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { ClientPlan, Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { bearableKinds, clientIntents, faultActions, plans } from '../testing/index.ts';
import { eachKind, passing, Seen } from '../testing/passing-plans.ts';

const registry = new Registry(packs);
const chaos = registry.scenario('shardkv/chaos-3');

const GROUPS = [1, 2, 3];
const SHARDS = 4;
const SERVERS = GROUPS.flatMap((gid) => [0, 1, 2].map((i) => `g${gid}.s${i}`));
const CTRLERS = ['ctrl0', 'ctrl1'];
const CLIENTS = ['c0', 'c1'];
const CHAOS_MS = 1500;

const thinkMs = fc.nat(100);

const clients: fc.Arbitrary<ClientPlan[]> = clientIntents(
  fc.record({
    op: fc.constantFrom('get', 'put'),
    // Of three shards.
    key: fc.constantFrom('k0', 'k1', 'k2'),
    thinkMs,
  }),
  {
    clients: CLIENTS.length,
    intents: 15,
    settings: fc.constantFrom({}, { patienceMs: 1 }, { patienceMs: 300 }),
  },
);

const gid = fc.constantFrom(...GROUPS);
const ctrlers: fc.Arbitrary<ClientPlan[]> = clientIntents(
  fc.oneof(
    fc.record({ op: fc.constant('toggle'), gid, thinkMs }),
    fc.record({ op: fc.constant('move'), gid, shard: fc.nat(SHARDS - 1), thinkMs }),
  ),
  { clients: CTRLERS.length, intents: 8 },
).map((all) => all.map((client, i) => ({ ...client, id: CTRLERS[i]! })));

/** Who keeps the configurations: the server of lab 2, or those of lab 4. */
const STORES = {
  single: ['store.s0'],
  replicated: ['store.s0', 'store.s1', 'store.s2'],
} as const;
type Store = keyof typeof STORES;

/** Plans whose faults, clients, controllers and network fast-check makes up. */
function plansOn(store: Store): fc.Arbitrary<Plan> {
  const crashing = [...STORES[store], ...SERVERS, ...CTRLERS];
  return plans(chaos, {
    params: fc.constant({
      warmUpMs: 0,
      chaosMs: CHAOS_MS,
      shards: SHARDS,
      maxRaftState: 500,
      store,
    }),
    faults: faultActions({
      nodes: [...crashing, ...CLIENTS],
      untilMs: CHAOS_MS,
      most: 6,
      only: {
        // A clerk that crashes is not there any more; a controller's memory is the store.
        crash: crashing,
        'crash-point': crashing,
        // The contract of lab 2 does not bear a request of a client that arrives twice.
        duplicate: SERVERS,
      },
    }),
    clients: fc.tuple(clients, ctrlers).map((both) => both.flat()),
    profile: fc.constantFrom('lan', 'lab-reliable', 'lab-unreliable'),
    ties: fc.constantFrom('fifo', 'random'),
  });
}

describe('ours passes every plan, and much has happened', () => {
  test.each(['single', 'replicated'] as const)('with a %s store', async (store) => {
    const seen = new Seen();
    await fc.assert(passing(chaos, plansOn(store), { seen }), { numRuns: 80 });
    const least = {
      ...eachKind(bearableKinds),
      operations: 800,
      'under faults': 240,
      changes: 120,
      superseded: 8,
      'shards moved': 200,
      recoveries: 30,
      crashes: 5,
      lost: 800,
      ErrMaybe: 48,
      'snapshots taken': 800,
      'snapshots installed': 32,
    };

    expect(seen.below(least)).toEqual([]);
  });
});

describe('the same property finds a wrong variant, and shrinks its plan', () => {
  test.each([
    ['S3', /what is acknowledged is kept|numbers never go back/, 8],
    ['S5', /numbers never go back/, 1],
    ['S7', /what is deleted is elsewhere/, 1],
    // Of the service that keeps the configurations.
    ['K33', /one owner a shard and configuration/, 4],
  ])('%s, by %s', async (id, check, most) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const all = plansOn(id.startsWith('K') ? 'replicated' : 'single');
    const details = await fc.check(passing(chaos, all, { code }), { seed: 2, numRuns: 100 });
    const [smallest] = details.counterexample ?? [];
    const intents = (ids: readonly string[]): number =>
      smallest!.clients.flatMap((each) => (ids.includes(each.id) ? each.intents : [])).length;

    expect((details.errorInstance as Error).message).toMatch(check);
    expect(smallest!.faults.length).toBeLessThanOrEqual(1);
    // Nothing goes wrong without a change.
    expect(intents(CTRLERS)).toBeGreaterThanOrEqual(1);
    expect(intents([...CTRLERS, ...CLIENTS])).toBeLessThanOrEqual(most);
  });
});
