import { addGroup, begin, type ScriptedTest } from './scripted.ts';

/** How often the group of one gid is replaced. */
const ROUNDS = 2;
/** A clerk has read all keys after a change in so long, in ms. */
const READ_MS = 5000;

/**
 * A gid that has left joins again, and is other servers now: the lab to 2024 has the controller
 * "allow re-use of a GID if it's not part of the current configuration" (4A).
 */
export const gidAgain: ScriptedTest = {
  name: 'shardkv/gid-again',
  description: 'a group leaves for good; a new one joins under its gid, with other servers',
  atLeast: { changes: 5, crashes: 6, 'keys checked': 300, 'shards moved': 18 },
  async script(run) {
    const { t, cluster } = run;
    const { ctrler, client } = await begin(run);
    const gid = addGroup(run);
    await ctrler.join(gid);
    for (let round = 0; round < ROUNDS; round++) {
      await client.checkAll();
      await ctrler.leave(gid);
      await client.checkAll();
      cluster.replaceGroup(gid);
      // Whoever keeps ways to groups by gid alone asks machines that are down.
      await ctrler.join(gid);
      const isRead = await t.inTime(READ_MS, client.checkAll());
      t.expectInTime('a clerk finds the servers that a gid has now', isRead, () => {
        return `not all keys are read ${READ_MS} ms after other servers have joined as ${gid}`;
      });
    }
  },
};
