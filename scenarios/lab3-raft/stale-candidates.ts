import { z } from 'zod';
import type { FaultAction } from '../../sim/index.ts';
import type { Decisions } from '../define/plan.ts';
import { defineScenario, type DrawStream, type Scenario } from '../define/scenario.ts';
import { Official } from './assertions.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

const SERVERS = 5;

/** When the servers that were left behind come back, and most of the others go, in ms. */
const TURN_MS = 8000;

/** As fast as a clock may run: their election time-outs take two thirds of the time. */
const DRIFT_PPM = 500_000;

/** Commands that the servers left behind have not seen. */
const COMMANDS = 5;

/**
 * Of three servers that are left, two have stale logs and fast clocks: they ask for votes again and
 * again, and must not get them. The third has what is committed, and needs their votes; it gets to
 * ask for them if only granted votes restart its election timer (Figure 2, followers).
 */
export const staleCandidates: Scenario = defineScenario({
  name: 'raft/stale-candidates',
  lab: 3,
  description: 'servers that cannot win keep asking for votes; who can win is elected all the same',
  layers: raftLayers,
  params: z.object({}),
  plan: (stream) => ({ profile: 'lab-reliable-long-delays', faults: drawFaults(stream) }),
  setup: (t) => Cluster.build(t, { servers: SERVERS }),
  async run(t) {
    const official = new Official(clusterOf(t));
    for (let i = 0; i < COMMANDS; i++) await official.one(official.command(), 3, true);
    await t.sleep(Math.max(0, TURN_MS - t.world.now()));
    await official.checkOneLeader();
    await official.one(official.command(), 3, true);
  },
});

function drawFaults(stream: DrawStream): Decisions['faults'] {
  const ids = stream('roles').shuffle(Array.from({ length: SERVERS }, (_, i) => `s${i}`));
  const stale = ids.slice(0, 2);
  const gone = ids.slice(2, 4);
  const faults: FaultAction[] = [
    { id: 'behind', kind: 'cut', atMs: 0, untilMs: TURN_MS, between: [stale, ids] },
    { id: 'fast', kind: 'clock', atMs: TURN_MS, node: stale, driftPpm: DRIFT_PPM },
    { id: 'gone', kind: 'crash', atMs: TURN_MS, node: gone },
  ];
  return faults;
}
