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
  type FaultActionOptions,
  plans,
  runScenario,
  type CodeUnderTest,
} from '../testing/index.ts';
import '../testing/matchers.ts';

const registry = new Registry(packs);
const kv = registry.scenario('kvraft/chaos-3');
const lock = registry.scenario('kvraft/lock-chaos');

const SERVERS = ['s0', 's1', 's2'];
const CLIENTS = ['c0', 'c1', 'c2', 'c3'];
const untilMs = 2500;
const profile = fc.constantFrom('lab-unreliable', 'lan');
const ties = fc.constantFrom('fifo', 'random');
/** A clerk that never gives a put up, or one that does at once, or soon. */
const settings = fc.constantFrom({}, { patienceMs: 1 }, { patienceMs: 30 });
/** No snapshots, one every few requests, and one every few dozen. */
const params = fc.record({
  servers: fc.constant(SERVERS.length),
  warmUpMs: fc.constant(500),
  chaosMs: fc.constant(untilMs - 500),
  maxRaftState: fc.constantFrom(500, -1, 3000),
});

/**
 * Only servers crash: a client that does may leave a lock locked. Only between them anything
 * arrives twice: the refusal of a copy of a put could overtake the answer to the original.
 */
const faults: FaultActionOptions = {
  nodes: [...SERVERS, ...CLIENTS],
  untilMs,
  most: 8,
  only: { crash: SERVERS, 'crash-point': SERVERS, duplicate: SERVERS, 'disk-slow': SERVERS },
};

const kvPlans: fc.Arbitrary<Plan> = plans(kv, {
  params,
  faults: faultActions(faults),
  clients: clientIntents(
    fc.record({
      op: fc.constantFrom('get', 'put'),
      key: fc.constantFrom('k0', 'k1'),
      thinkMs: fc.nat(100),
    }),
    { clients: CLIENTS.length, intents: 60, settings },
  ),
  profile,
  ties,
});

const lockPlans: fc.Arbitrary<Plan> = plans(lock, {
  params,
  faults: faultActions(faults),
  clients: clientIntents(
    fc.record({
      op: fc.constant('hold'),
      // Nested locks in any order may deadlock, and rightly so.
      locks: fc.subarray(['l0', 'l1'], { minLength: 1 }),
      holdMs: fc.nat(60),
    }),
    { clients: CLIENTS.length, intents: 15, settings },
  ),
  profile,
  ties,
});

/** What a property of many plans has seen, in total. */
async function passAll(
  scenario: Scenario,
  all: fc.Arbitrary<Plan>,
): Promise<{ readonly activity: Map<string, number>; readonly kinds: Set<string> }> {
  const activity = new Map<string, number>();
  const kinds = new Set<string>();
  await fc.assert(
    fc.asyncProperty(all, async (plan) => {
      const run = await runScenario(scenario, plan);
      expect(run).toPass();
      const { operations } = run.result;
      for (const [name, count] of Object.entries({ ...run.result.activity, operations })) {
        activity.set(name, (activity.get(name) ?? 0) + count);
      }
      for (const { kind } of plan.faults) kinds.add(kind);
    }),
    { numRuns: 60 },
  );
  return { activity, kinds };
}

describe('ours passes every plan, and much has happened', () => {
  test.each([
    ['kvraft/chaos-3', kv, kvPlans, 3000],
    ['kvraft/lock-chaos', lock, lockPlans, 600],
  ] as const)('%s', async (_name, scenario, all, operations) => {
    const { activity, kinds } = await passAll(scenario, all);
    const least = {
      operations,
      'under faults': operations / 5,
      crashes: 3,
      leaders: 60,
      'snapshots taken': 300,
      'snapshots installed': 5,
      lost: 500,
    };

    expect(kinds).toEqual(new Set(bearableKinds));
    const missed = Object.entries(least).filter(([what, n]) => (activity.get(what) ?? 0) < n);
    expect(missed.map(([what]) => [what, activity.get(what)])).toEqual([]);
  });
});

test('the same property finds a wrong variant, and shrinks its plan', async () => {
  const wrong: CodeUnderTest = {
    layers: registry.specimen('K23').layers,
    code: { specimen: 'K23' },
  };
  const details = await fc.check(
    fc.asyncProperty(kvPlans, async (plan) => {
      expect(await runScenario(kv, plan, wrong)).toPass();
    }),
    { seed: 2 },
  );
  const [smallest] = details.counterexample ?? [];

  expect(details.failed).toBe(true);
  expect(smallest!.faults).toEqual([]);
  expect(smallest!.clients.flatMap(({ intents }) => intents).length).toBeLessThanOrEqual(3);
});
