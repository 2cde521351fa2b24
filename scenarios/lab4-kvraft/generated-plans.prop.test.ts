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
  runScenario,
  type CodeUnderTest,
} from '../testing/index.ts';

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

/** What the runs of a property have seen, in total. */
interface Seen {
  readonly kinds: Set<string>;
  readonly activity: Map<string, number>;
}

/** The property: a plan is passed. What happened is added to `seen`. */
function passes(code: CodeUnderTest = {}, seen?: Seen): fc.IAsyncProperty<[Plan]> {
  return fc.asyncProperty(generated, async (plan) => {
    const { result } = await runScenario(chaos, plan, code);
    if (result.verdict !== 'pass') throw new Error(`${result.check}: ${result.reason}`);
    for (const { kind } of plan.faults) seen?.kinds.add(kind);
    const counts = { ...result.activity, operations: result.operations };
    for (const [what, count] of Object.entries(counts)) {
      seen?.activity.set(what, (seen.activity.get(what) ?? 0) + count);
    }
  });
}

test('ours passes every plan, and much has happened', async () => {
  const seen: Seen = { kinds: new Set(), activity: new Map() };
  await fc.assert(passes({}, seen), { numRuns: 100 });
  const total = (what: string): number => seen.activity.get(what) ?? 0;

  expect(seen.kinds).toEqual(new Set(bearableKinds));
  expect(total('operations')).toBeGreaterThan(800);
  expect(total('under faults')).toBeGreaterThan(250);
  expect(total('ErrMaybe')).toBeGreaterThan(50);
  expect(total('leaders')).toBeGreaterThan(60);
  expect(total('crashes')).toBeGreaterThan(5);
  expect(total('lost')).toBeGreaterThan(300);
  expect(total('snapshots taken')).toBeGreaterThan(200);
  expect(total('snapshots installed')).toBeGreaterThan(8);
});

describe('the same property finds a wrong variant, and shrinks its plan', () => {
  test.each([
    ['K33', 'linearizable', 2],
    ['K39', 'linearizable', 2],
  ])('%s, by "%s"', async (id, check, intents) => {
    const code = { layers: registry.specimen(id).layers, code: { specimen: id } };
    const details = await fc.check(passes(code), { seed: 2, numRuns: 100 });
    const [smallest] = details.counterexample ?? [];

    expect((details.errorInstance as Error).message).toMatch(check);
    expect(smallest!.faults).toEqual([]);
    expect(smallest!.clients.flatMap((client) => client.intents)).toHaveLength(intents);
  });
});
