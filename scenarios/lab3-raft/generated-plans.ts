import fc from 'fast-check';
import type { Plan } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';
import {
  bearableKinds,
  clientIntents,
  faultActions,
  plans,
  runScenario,
  type CodeUnderTest,
} from '../testing/index.ts';

/** Faults from the first election on, while clients and the pump start commands. */
const CHAOS_MS = 2000;
const params = fc.constant({
  servers: 3,
  snapshotEvery: 5,
  warmUpMs: 0,
  chaosMs: CHAOS_MS,
  pumpMs: 100,
});

/** Plans of `raft/chaos-3` whose faults, clients and network fast-check makes up. */
export function raftPlans(scenario: Scenario): fc.Arbitrary<Plan> {
  return plans(scenario, {
    params,
    // Clients are the tester's own: nothing can hit them.
    faults: faultActions({ nodes: ['s0', 's1', 's2'], untilMs: CHAOS_MS, most: 8 }),
    clients: clientIntents(fc.record({ op: fc.constant('append'), thinkMs: fc.nat(300) }), {
      clients: 2,
      intents: 8,
    }),
    profile: fc.constantFrom('lan', 'vopr', 'lab-unreliable-long-delays'),
    ties: fc.constantFrom('fifo', 'random'),
  });
}

/** The kinds of faults among them. */
export const raftPlanKinds: readonly string[] = bearableKinds;

/** What the runs of a property have seen, in total. */
export interface Seen {
  readonly kinds: Set<string>;
  readonly activity: Map<string, number>;
}

/** The property: a plan is passed. What happened is added to `seen`. */
export function passes(
  scenario: Scenario,
  code: CodeUnderTest = {},
  seen?: Seen,
): fc.IAsyncProperty<[Plan]> {
  return fc.asyncProperty(raftPlans(scenario), async (plan) => {
    const { result } = await runScenario(scenario, plan, code);
    if (result.verdict !== 'pass') throw new Error(`${result.check}: ${result.reason}`);
    for (const { kind } of plan.faults) seen?.kinds.add(kind);
    const counts = { ...result.activity, operations: result.operations };
    for (const [what, count] of Object.entries(counts)) {
      seen?.activity.set(what, (seen.activity.get(what) ?? 0) + count);
    }
  });
}
