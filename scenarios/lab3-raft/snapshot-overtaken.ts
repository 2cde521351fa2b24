import type { ScriptedTest } from './scripted.ts';

const SNAPSHOT_EVERY = 10;

/** How late the answers of the follower are, in ms: the time of some dozens of commands. */
const LATE_MS = [300, 600] as const;

/** One command in so many ms, for so many of them. */
const PACE_MS = 10;
const COMMANDS = 200;

/**
 * A follower that was cut off is sent a snapshot, and while its answer is on the way the leader
 * takes further ones. The follower has what was sent: if it is taken to have more, there is a gap
 * in its log that nobody fills.
 */
export const snapshotOvertaken: ScriptedTest = {
  name: 'raft/snapshot-overtaken',
  description: 'a follower whose answers are late catches up by snapshots, though newer ones exist',
  servers: 3,
  atLeast: { 'snapshots installed': 3 },
  snapshotEvery: SNAPSHOT_EVERY,
  async script(official, cluster, t) {
    const { size, ids } = cluster;
    await official.one(official.command(), size, true);
    const follower = ((await official.checkOneLeader()) + 1) % size;
    cluster.disconnect(follower);
    for (let i = 0; i < 2 * SNAPSHOT_EVERY; i++) await official.one(official.command(), 2, true);
    const from = ids[follower]!;
    const atMs = t.world.now();
    t.world.begin({ id: 'late', kind: 'delay', atMs, from, extraMs: LATE_MS });
    cluster.connect(follower);
    let index = 0;
    // The last command does not make a snapshot, nor do those that follow.
    for (let i = 0; i < COMMANDS || index % SNAPSHOT_EVERY !== 1; i++) {
      for (const at of ids.keys()) {
        const started = await cluster.start(at, official.command());
        if (started?.isLeader === true) ({ index } = started);
      }
      await t.sleep(PACE_MS);
    }
    t.world.lift('late');
    await official.one(official.command(), size, true);
  },
};
