import type { Decisions } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import type { ScriptedTest } from './scripted.ts';

const SERVERS = 5;

/** When the servers that were left behind come back, and two of the others go, in ms. */
const TURN_MS = 8000;

/** As fast as a clock may run: their election time-outs take two thirds of the time. */
const DRIFT_PPM = 500_000;

/** Commands that the servers left behind have not seen. */
const COMMANDS = 5;

/**
 * Of three servers that are up, two have stale logs and fast clocks: they ask for votes again and
 * again, and must not get them. The third has what is committed, and needs their votes; it gets to
 * ask for them if only granted votes restart its election timer (Figure 2, followers).
 */
export const staleCandidates: ScriptedTest = {
  name: 'raft/stale-candidates',
  description: 'servers that cannot win keep asking for votes; who can win is elected all the same',
  servers: SERVERS,
  atLeast: { leaders: 2, crashes: 2, agreements: 6 },
  plan: (stream) => ({ profile: 'lab-reliable-long-delays', faults: drawFaults(stream) }),
  async script(official, _cluster, t) {
    for (let i = 0; i < COMMANDS; i++) await official.one(official.command(), 3, true);
    await t.sleep(Math.max(0, TURN_MS - t.world.now()));
    await official.checkOneLeader();
    await official.one(official.command(), 3, true);
  },
};

function drawFaults(stream: DrawStream): Decisions['faults'] {
  const ids = stream('roles').shuffle(Array.from({ length: SERVERS }, (_, i) => `s${i}`));
  const stale = ids.slice(0, 2);
  const gone = ids.slice(2, 4);
  return [
    { id: 'behind', kind: 'cut', atMs: 0, untilMs: TURN_MS, between: [stale, ids] },
    { id: 'fast', kind: 'clock', atMs: TURN_MS, node: stale, driftPpm: DRIFT_PPM },
    { id: 'gone', kind: 'crash', atMs: TURN_MS, node: gone },
  ];
}
