import fc from 'fast-check';
import type { Plan } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';
import { clientIntents, faultActions, plans } from '../testing/index.ts';

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
