import { z } from 'zod';
import type { RaftLayers } from '../../raft/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { Official } from './assertions.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

/** What an official test needs, and what it does. */
export interface OfficialTest {
  /** `raft/basic-agree`. */
  readonly name: string;
  readonly test: string;
  readonly description: string;
  readonly servers: number;
  readonly isUnreliable?: boolean;
  readonly snapshots?: boolean;
  script(
    official: Official<unknown>,
    cluster: Cluster<unknown>,
    t: Tester<unknown, RaftLayers>,
  ): Promise<void>;
}

/** Snapshots are taken after each index i with (i + 1) mod 10 = 0. */
const SNAPSHOT_EVERY = 10;

/** The scenario of an official Raft test. All of them have long delays on. */
export function officialScenario({
  name,
  test,
  description,
  servers,
  isUnreliable = false,
  snapshots = false,
  script,
}: OfficialTest): Scenario {
  return defineScenario({
    name,
    lab: 3,
    test,
    description,
    params: z.object({}),
    layers: raftLayers,
    plan: () => ({
      profile: `${isUnreliable ? 'lab-unreliable' : 'lab-reliable'}-long-delays`,
    }),
    setup(t) {
      const snapshotEvery = snapshots ? SNAPSHOT_EVERY : undefined;
      Cluster.build(t, { servers, snapshotEvery });
    },
    run(t) {
      const cluster = clusterOf(t);
      return script(new Official(cluster), cluster, t);
    },
  });
}
