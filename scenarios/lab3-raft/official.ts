import { z } from 'zod';
import type { RaftLayers } from '../../raft/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { viewField } from '../define/view-field.ts';
import { ALSO, ALSO_TEXT, drawAlso } from './also.ts';
import { Official } from './assertions.ts';
import { Cluster, clusterOf, raftLayers, serverIds } from './cluster.ts';
import { courseFigures } from './course-figures.ts';

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

/** An election time-out of most solutions, in ms: how long the tests wait for things to settle. */
export const ELECTION_MS: number = 1000;

/** Snapshots are taken after each index i with (i + 1) mod 10 = 0. */
export const SNAPSHOT_EVERY: number = 10;

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
  // Runs take about as long here as the course's own.
  const usualMs = 1000 * courseFigures[test]!.seconds;
  return defineScenario({
    name,
    lab: 3,
    test,
    description,
    params: z.object({
      also: z.enum(ALSO).default('none').describe(ALSO_TEXT),
      view: viewField,
    }),
    layers: raftLayers,
    selectors: { leader: (t) => clusterOf(t).leader() },
    plan: (stream, { also }) => ({
      profile: `${isUnreliable ? 'lab-unreliable' : 'lab-reliable'}-long-delays`,
      ...drawAlso(stream, also, serverIds(servers), usualMs),
    }),
    setup(t) {
      const snapshotEvery = snapshots ? SNAPSHOT_EVERY : undefined;
      // What goes through the labs' persister is synced when it returns.
      const { also, view } = t.params;
      const storage = also === 'unsynced' ? 'disk' : 'persister';
      Cluster.build(t, { servers, snapshotEvery, storage, view });
    },
    async run(t) {
      const cluster = clusterOf(t);
      const { also } = t.params;
      try {
        await script(new Official(cluster, also), cluster, t);
      } finally {
        const drawn = new Set(t.plan.faults.map(({ id }) => id));
        const begun = t.world.faultsStarted.filter(({ id }) => drawn.has(id));
        if (also !== 'none') t.count('faults', begun.length);
      }
    },
  });
}
