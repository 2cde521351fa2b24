import type { ScriptedTest } from './scripted.ts';

/**
 * A deposed leader to whose ears no request comes is still told of the new term: by the replies to
 * its heartbeats. "If RPC request or response contains term T > currentTerm: ... convert to
 * follower" (Figure 2).
 */
export const deafLeader: ScriptedTest = {
  name: 'raft/deaf-leader',
  description: 'a deposed leader steps down, though only replies tell it of the new term',
  servers: 3,
  atLeast: { leaders: 2, agreements: 3 },
  async script(official, cluster, t) {
    const { size, ids } = cluster;
    await official.one(official.command(), size, true);
    const old = await official.checkOneLeader();
    cluster.disconnect(old);
    await official.one(official.command(), size - 1, true);
    // In the labs' network this hits requests; replies take the way of their requests.
    t.world.begin({ id: 'deaf', kind: 'cut', atMs: t.world.now(), to: ids[old]! });
    cluster.connect(old);
    await t.sleep(1000);
    const state = await cluster.state(old);
    t.expectInTime('a deposed leader steps down', state?.isLeader !== true, () => {
      return `s${old} still leads term ${state?.term}, though it was told of a newer one`;
    });
    t.world.lift('deaf');
    await official.one(official.command(), size, true);
  },
};
