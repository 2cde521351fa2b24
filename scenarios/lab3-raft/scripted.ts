import { z } from 'zod';
import type { RaftLayers } from '../../raft/index.ts';
import type { Decisions } from '../define/plan.ts';
import { defineScenario, type DrawStream, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { viewField } from '../define/view-field.ts';
import { Official } from './assertions.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

interface Params {
  readonly view: boolean;
}

/** A test in the style of the official ones, of something that these leave out. */
export interface ScriptedTest {
  readonly name: string;
  readonly description: string;
  readonly servers: number;
  /** Least medians of activity: what it brings about, without which a pass means nothing. */
  readonly atLeast: Readonly<Record<string, number>>;
  /** The service takes a snapshot after every so many entries; absent = never. */
  readonly snapshotEvery?: number;
  /** Longest time that the service takes for one message, in ms. Default: none at all. */
  readonly applyMs?: number;
  /** Default: the reliable network of the labs, and nothing else. */
  plan?(stream: DrawStream): Partial<Decisions>;
  script(
    official: Official<unknown>,
    cluster: Cluster<unknown>,
    t: Tester<unknown, RaftLayers>,
  ): Promise<void>;
}

/** Its scenario; long delays are on, as in the official ones. */
export function scriptedScenario({
  name,
  description,
  servers,
  atLeast,
  snapshotEvery,
  applyMs,
  plan = () => ({ profile: 'lab-reliable-long-delays' }),
  script,
}: ScriptedTest): Scenario {
  return defineScenario({
    name,
    lab: 3,
    description,
    params: z.object({ view: viewField }),
    layers: raftLayers,
    atLeast,
    plan,
    setup: (t: Tester<Params, RaftLayers>) =>
      Cluster.build(t, { servers, snapshotEvery, applyMs, view: t.params.view }),
    run(t) {
      const cluster = clusterOf(t);
      return script(new Official(cluster, 'none'), cluster, t);
    },
  });
}
