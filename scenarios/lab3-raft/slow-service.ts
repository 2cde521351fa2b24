import type { ScriptedTest } from './scripted.ts';

/** Longest time that the service takes for one entry, in ms of its clock. */
const APPLY_MS = 20;

/** The clock of one server is slow, those of the others are fast: its service falls behind. */
const DRIFT_PPM = 500_000;

const FIRST = 60;
const SECOND = 30;

/**
 * The service of a follower is far behind when a snapshot of the leader's comes. Until it gets to
 * that, it takes snapshots of its own, of what the log no longer holds: they must be ignored.
 */
export const slowService: ScriptedTest = {
  name: 'raft/slow-service',
  description: 'a slow service makes snapshots that are older than the one that was installed',
  servers: 3,
  atLeast: { 'far behind': 1, 'snapshots installed': 1 },
  snapshotEvery: 10,
  applyMs: APPLY_MS,
  async script(official, cluster, t) {
    const { size, ids } = cluster;
    await official.one(official.command(), size, true);
    const leader = await official.checkOneLeader();
    const slow = (leader + 1) % size;
    const start = async (commands: number): Promise<void> => {
      for (let i = 0; i < commands; i++) await cluster.start(leader, official.command());
    };
    for (const [i, node] of ids.entries()) {
      const driftPpm = i === slow ? -DRIFT_PPM : DRIFT_PPM;
      t.world.begin({ id: `clock of ${node}`, kind: 'clock', atMs: t.world.now(), node, driftPpm });
    }
    await start(FIRST);
    await t.sleep(150);
    cluster.disconnect(slow);
    await start(SECOND);
    const everything = 1 + FIRST + SECOND;
    const applied = (i: number): number => cluster.server(i)?.service.lastApplied ?? 0;
    for (let waited = 0; waited < 5000 && applied(leader) < everything; waited += 10) {
      await t.sleep(10);
    }
    if (applied(slow) < FIRST) t.count('far behind');
    cluster.connect(slow);
    await official.one(official.command(), size, true);
    // It has caught up, and its log is none the worse for it.
    await official.one(official.command(), size, true);
  },
};
