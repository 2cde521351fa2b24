import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import type { Scenario } from '../define/scenario.ts';
import {
  bearableKinds,
  clientIntents,
  faultActions,
  plans,
  runScenario,
  type CodeUnderTest,
} from '../testing/index.ts';
import '../testing/matchers.ts';

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

/** What a property of many plans has seen, in total. */
interface Seen {
  operations: number;
  underFaults: number;
  crashes: number;
  lost: number;
  readonly profiles: Set<string>;
  readonly kinds: Set<string>;
}

async function passAll(scenario: Scenario, all: fc.Arbitrary<Plan>): Promise<Seen> {
  const seen: Seen = {
    operations: 0,
    underFaults: 0,
    crashes: 0,
    lost: 0,
    profiles: new Set(),
    kinds: new Set(),
  };
  await fc.assert(
    fc.asyncProperty(all, async (plan) => {
      const run = await runScenario(scenario, plan);
      expect(run).toPass();
      const { operations, activity } = run.result;
      seen.operations += operations;
      seen.underFaults += activity['under faults'] ?? 0;
      seen.crashes += activity['crashes'] ?? 0;
      seen.lost += activity['lost'] ?? 0;
      seen.profiles.add(plan.profile);
      for (const { kind } of plan.faults) seen.kinds.add(kind);
    }),
    { numRuns: 200 },
  );
  return seen;
}

describe('ours passes every plan, and much has happened', () => {
  test.each([
    ['kv/chaos', kv, kvPlans],
    ['lock/chaos', lock, lockPlans],
  ] as const)('%s', async (_name, scenario, all) => {
    const seen = await passAll(scenario, all);

    expect(seen.profiles.size).toBe(2);
    expect(seen.kinds).toEqual(new Set(kinds));
    expect(seen.operations).toBeGreaterThan(3000);
    expect(seen.underFaults).toBeGreaterThan(800);
    expect(seen.crashes).toBeGreaterThan(12);
    expect(seen.lost).toBeGreaterThan(400);
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
    const details = await fc.check(
      fc.asyncProperty(all, async (plan) => {
        expect(await runScenario(scenario, plan, specimen(id))).toPass();
      }),
      { seed: 2 },
    );
    const [smallest] = details.counterexample ?? [];

    expect(details.failed).toBe(true);
    expect(sizeOf(smallest!).faults).toBeLessThanOrEqual(most.faults);
    expect(sizeOf(smallest!).intents).toBeLessThanOrEqual(most.intents);
  });
});
