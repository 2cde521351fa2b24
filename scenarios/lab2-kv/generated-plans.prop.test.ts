import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import {
  bearableKinds,
  clientIntents,
  faultActions,
  plans,
  type CodeUnderTest,
} from '../testing/index.ts';
import { eachKind, passing, Seen } from '../testing/passing-plans.ts';

const registry = new Registry(packs);
const kv = registry.scenario('kv/chaos');
const lock = registry.scenario('lock/chaos');

const CLIENTS = ['c0', 'c1', 'c2', 'c3'];
const nodes = ['server', ...CLIENTS];
const untilMs = 1500;
const profile = fc.constantFrom('lab-unreliable', 'lan');
const ties = fc.constantFrom('fifo', 'random');
/** A clerk that never gives a put up, or one that does at once, or soon. */
const settings = fc.constantFrom({}, { patienceMs: 1 }, { patienceMs: 30 });

/**
 * The labs' network duplicates no request. If one did, the refusal of the copy could overtake the
 * answer to the original, and the clerk would take ErrVersion for the truth.
 */
const kinds = bearableKinds.filter((kind) => kind !== 'duplicate');

const kvPlans: fc.Arbitrary<Plan> = plans(kv, {
  faults: faultActions({ nodes, untilMs, kinds }),
  clients: clientIntents(
    fc.record({
      op: fc.constantFrom('get', 'put'),
      key: fc.constantFrom('k0', 'k1'),
      thinkMs: fc.nat(100),
    }),
    { clients: CLIENTS.length, intents: 20, settings },
  ),
  profile,
  ties,
});

const lockPlans: fc.Arbitrary<Plan> = plans(lock, {
  // A client that crashes while it holds a lock leaves it locked, and rightly so.
  faults: faultActions({
    nodes,
    untilMs,
    kinds,
    only: { crash: ['server'], 'crash-point': ['server'] },
  }),
  clients: clientIntents(
    fc.record({
      op: fc.constant('hold'),
      // Nested locks in any order may deadlock, and rightly so.
      locks: fc.subarray(['l0', 'l1'], { minLength: 1 }),
      holdMs: fc.nat(60),
    }),
    { clients: CLIENTS.length, intents: 6, settings },
  ),
  profile,
  ties,
});

describe('ours passes every plan, and much has happened', () => {
  test.each([
    ['kv/chaos', kv, kvPlans],
    ['lock/chaos', lock, lockPlans],
  ] as const)('%s', async (_name, scenario, all) => {
    const seen = new Seen();
    await fc.assert(passing(scenario, all, { seen }), { numRuns: 200 });
    const least = {
      ...eachKind(kinds),
      'profile lan': 1,
      'profile lab-unreliable': 1,
      operations: 3001,
      'under faults': 801,
      crashes: 13,
      lost: 401,
    };

    expect(seen.below(least)).toEqual([]);
  });
});

const sizeOf = ({ faults, clients }: Plan): { faults: number; intents: number } => ({
  faults: faults.length,
  intents: clients.flatMap(({ intents }) => intents).length,
});

describe('the same property finds a wrong variant, and shrinks its plan', () => {
  const specimen = (id: string): CodeUnderTest => ({
    layers: registry.specimen(id).layers,
    code: { specimen: id },
  });

  test.each([
    ['KV1', kv, kvPlans, { faults: 0, intents: 3 }],
    ['KV5', kv, kvPlans, { faults: 0, intents: 1 }],
    ['LK1', lock, lockPlans, { faults: 0, intents: 3 }],
  ] as const)('%s', async (id, scenario, all, most) => {
    const code = specimen(id);
    const details = await fc.check(passing(scenario, all, { code }), { seed: 2 });
    const [smallest] = details.counterexample ?? [];

    expect(details.failed).toBe(true);
    expect(sizeOf(smallest!).faults).toBeLessThanOrEqual(most.faults);
    expect(sizeOf(smallest!).intents).toBeLessThanOrEqual(most.intents);
  });
});
