import type { ScriptedTest } from './scripted.ts';

/** Commands of each of the two histories, one of which is wrong. */
const PILE = 1500;

/**
 * The official `TestBackup3B` lets leaders pass over 50 wrong entries, on a network without
 * latency: one at a time is as good there as all at once. Here they are 1,500, and a round trip of
 * the unreliable network takes 14 ms on average: at one index a round trip it is far more than the
 * 10 s of an official agreement, at one term a round trip (§5.3) a fraction of a second.
 */
export const backupUnreliable: ScriptedTest = {
  name: 'raft/backup-unreliable',
  description: 'a new leader backs up over 1,500 wrong entries, at 14 ms a round trip',
  servers: 5,
  atLeast: { leaders: 3, truncations: 2 },
  plan: () => ({ profile: 'lab-unreliable-long-delays' }),
  async script(official, cluster, t) {
    const { size } = cluster;
    const pile = async (leader: number): Promise<void> => {
      for (let i = 0; i < PILE; i++) await cluster.start(leader, official.command());
    };
    await official.one(official.command(), size, true);
    // A leader and one follower, with commands that nobody else will see.
    const first = await official.checkOneLeader();
    const place = (offset: number): number => (first + offset) % size;
    const wrong = [place(0), place(1)];
    const others = [place(2), place(3), place(4)];
    for (const i of others) cluster.disconnect(i);
    await pile(first);
    await t.sleep(1000);
    for (const i of wrong) cluster.disconnect(i);
    // The others have commands of their own, which are committed.
    for (const i of others) cluster.connect(i);
    const second = await official.checkOneLeader();
    await pile(second);
    await official.one(official.command(), others.length, true);
    // One of them will lead, whose first guess is that all logs are as long as its own.
    cluster.disconnect(second);
    for (const i of wrong) cluster.connect(i);
    await official.checkOneLeader();
    await official.one(official.command(), size - 1, true);
  },
};
