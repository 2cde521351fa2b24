import type { Cluster } from './cluster.ts';
import type { ScriptedTest } from './scripted.ts';

/** Commands that are lost with the first term of the leader; more than will follow. */
const LOST = 20;

/** Clocks go wrong to have the first leader elected again: it asks before all others. */
const DRIFT_PPM = 500_000;

/**
 * A leader is deposed and elected again, and then gets the answers to what it sent before. The
 * entries that they acknowledge have been overwritten: they say nothing of its new term, in which
 * it must not commit without a majority (Figure 2, "matchIndex: reinitialized after election").
 */
export const lateReplies: ScriptedTest = {
  name: 'raft/late-replies',
  description: 'what was acknowledged to a leader before it was deposed does not count afterwards',
  servers: 5,
  atLeast: { 'elected again': 1 },
  async script(official, cluster, t) {
    const { size, ids } = cluster;
    await official.one(official.command(), size, true);
    const first = await official.checkOneLeader();
    const place = (offset: number): number => (first + offset) % size;
    const follower = place(1);
    const others = [place(2), place(3), place(4)];
    // The follower takes the commands, and its answers stay on the way.
    hold(cluster, follower, first);
    for (const i of others) cluster.disconnect(i);
    for (let i = 0; i < LOST; i++) await cluster.start(first, official.command());
    await t.sleep(500);
    for (const i of [follower, first]) cluster.disconnect(i);
    for (const i of others) cluster.connect(i);
    await official.one(official.command(), 3, true);
    for (const i of [follower, first]) cluster.connect(i);
    await official.one(official.command(), size, true);
    const second = await official.checkOneLeader();
    drift(cluster, 'ahead', [ids[first]!], DRIFT_PPM);
    drift(
      cluster,
      'behind',
      ids.filter((_, i) => i !== first),
      -DRIFT_PPM,
    );
    if (second !== first) cluster.disconnect(second);
    const third = await official.checkOneLeader();
    if (third !== first) return;
    t.count('elected again');
    t.world.lift('answers');
    await t.sleep(5);
    // With one follower that is none of its old ones it cannot commit anything.
    const partner = others.find((i) => i !== second)!;
    for (const i of ids.keys()) if (i !== first && i !== partner) cluster.disconnect(i);
    const started = await cluster.start(first, official.command());
    await t.sleep(1000);
    if (started?.isLeader === true) official.checkNoAgreement(started.index);
  },
};

/** What one server sends to another stays on the way. */
function hold({ t, ids }: Cluster<unknown>, from: number, to: number): void {
  const links = { from: ids[from]!, to: ids[to]! };
  t.world.begin({ id: 'answers', kind: 'clog', atMs: t.world.now(), ...links });
}

function drift({ t }: Cluster<unknown>, id: string, node: readonly string[], ppm: number): void {
  t.world.begin({ id, kind: 'clock', atMs: t.world.now(), node, driftPpm: ppm });
}
