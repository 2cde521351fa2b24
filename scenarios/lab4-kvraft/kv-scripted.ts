import { z } from 'zod';
import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { viewField } from '../define/view-field.ts';
import { kvIsLinearizable } from '../lab2-kv/checks.ts';
import { addKvServers, type KvReplicas, replicatedKvLayers } from './cluster.ts';
import { PerRun } from './per-run.ts';
import { ScriptedClient } from './scripted-client.ts';

type KvTester = Tester<unknown, ReplicatedKvLayers>;

/** What a script works with. */
export interface ScriptRun {
  readonly t: KvTester;
  readonly replicas: KvReplicas<unknown>;
  /** Another client; it reaches all servers, unless a partition says otherwise. */
  addClient(id: string): ScriptedClient;
}

export interface ScriptedTest {
  /** `kvraft/speed`. */
  readonly name: string;
  /** The official test it is; absent = none. */
  readonly test?: string;
  readonly description: string;
  readonly servers: number;
  readonly isUnreliable?: boolean;
  readonly maxRaftState: number;
  script(run: ScriptRun): Promise<void>;
}

const servers: PerRun<KvReplicas<unknown>> = new PerRun();

/** A test like those of 4B and 4C, whose clients do what its script says. */
export function scriptedScenario(row: ScriptedTest): Scenario {
  const { name, test, description, isUnreliable = false, script } = row;
  return defineScenario({
    name,
    lab: 4,
    test,
    description,
    params: z.object({ view: viewField }),
    layers: replicatedKvLayers,
    checks: [kvIsLinearizable],
    plan: () => ({ profile: isUnreliable ? 'lab-unreliable' : 'lab-reliable' }),
    setup: (t) => void servers.set(t, addKvServers(t, { ...row, view: t.params.view })),
    run(t) {
      const replicas = servers.of(t);
      const addClient = (id: string): ScriptedClient => new ScriptedClient(t, id, replicas.ids);
      return script({ t, replicas, addClient });
    },
  });
}
