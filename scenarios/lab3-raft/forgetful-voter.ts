import type { ScriptedTest } from './scripted.ts';

/** The server that comes back asks before all others. */
const DRIFT_PPM = 500_000;

/**
 * A server votes, crashes, and is asked by somebody else for its vote in the same term: it has
 * given it away (Figure 2: votedFor is on stable storage "before responding to RPCs").
 */
export const forgetfulVoter: ScriptedTest = {
  name: 'raft/forgetful-voter',
  description: 'a server that crashes after it has voted is asked for its vote again',
  servers: 3,
  atLeast: { leaders: 3, crashes: 3 },
  async script(official, cluster, t) {
    const { size, ids } = cluster;
    await official.one(official.command(), size, true);
    const first = await official.checkOneLeader();
    // One server stays behind, at the term that it has on its disk.
    const behind = (first + 1) % size;
    cluster.crash(behind);
    cluster.crash(first);
    cluster.restart(first);
    // One of the other two is elected, by the vote of the other.
    const leader = await official.checkOneLeader();
    const voter = 3 - behind - leader;
    cluster.disconnect(leader);
    cluster.crash(voter);
    cluster.restart(voter);
    cluster.restart(behind);
    const fast = { node: ids[behind]!, driftPpm: DRIFT_PPM };
    t.world.begin({ id: 'fast', kind: 'clock', atMs: t.world.now(), ...fast });
    const next = await official.checkOneLeader();
    const [old, young] = [await cluster.state(leader), await cluster.state(next)];
    t.expect('one leader a term', old?.isLeader !== true || old.term !== young?.term, () => {
      return `s${leader} and s${next} both lead term ${old?.term}`;
    });
  },
};
