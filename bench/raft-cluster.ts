import { packs } from '../scenarios/catalogue.ts';
import type { JsonObject, Plan } from '../scenarios/define/plan.ts';
import { Registry } from '../scenarios/define/registry.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import type { Scenario } from '../scenarios/define/scenario.ts';
import { makePlan } from '../scenarios/runner/make-plan.ts';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { runPlan } from '../scenarios/runner/run-plan.ts';
import { defineScenario } from '../scenarios/define/scenario.ts';
import { Cluster, raftLayers } from '../scenarios/lab3-raft/cluster.ts';

const registry = new Registry(packs);

const IDLE_SECONDS = 600;

/** Five servers that nobody asks for anything: heartbeats, digest and invariants. */
const idle = defineScenario({
  name: 'bench/raft-idle',
  description: 'five servers that nobody asks for anything',
  layers: raftLayers,
  setup: (t) => Cluster.build(t, { servers: 5 }),
  run: (t) => t.sleep(IDLE_SECONDS * 1000),
});

/** The same, at 100 commands in a second of virtual time, with their history and its check. */
const busy: Scenario = registry.scenario('raft/hour');
const BUSY: JsonObject = { minutes: 1, operationsPerSecond: 100 };

/** Something to measure: one run of it, which has to pass. */
export interface Case {
  readonly name: string;
  run(round: number): Promise<RunResult>;
}

export const clusters: readonly Case[] = [
  { name: '5 servers, idle', run: () => passing(idle, makePlan(idle, '1')) },
  {
    name: '5 servers, 100 commands a second',
    // On a network without loss, disturbed by nothing.
    run: () =>
      passing(
        busy,
        makePlan(busy, '1', { params: BUSY, profile: 'lan', disk: 'perfect', faults: [] }),
      ),
  },
];

/** The official tests of lab 3, every round another seed. */
export const official: readonly Case[] = registry.scenarios
  .filter(({ lab, test }) => lab === 3 && test !== undefined)
  .map((scenario) => ({
    name: scenario.test ?? scenario.name,
    run: (round) => passing(scenario, makePlan(scenario, String(round + 1))),
  }));

async function passing(scenario: Scenario, plan: Plan): Promise<RunResult> {
  const { result } = await runPlan(scenario, plan, { host: nodeHost() });
  if (result.verdict === 'pass') return result;
  throw new Error(`${scenario.name}, seed ${plan.seed}: ${result.verdict}, ${result.reason}`);
}
