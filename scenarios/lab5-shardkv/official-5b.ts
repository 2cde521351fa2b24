import type { Gid } from '../../shardkv/index.ts';
import { FIRST_GID } from './cluster.ts';
import { addGroup, begin, type ScriptedTest, type ScriptRun } from './scripted.ts';
import { cutOffInAChange } from './partitioned-ctrler.ts';

/** A change that needs a dead group does not end in so long, in ms. (The official wait: 2 ns.) */
const STUCK_MS = 1000;
/** And it ends so soon after the group is back, in ms. */
const BACK_MS = 2000;

const ROUNDS = 5;

export const tests5B: readonly ScriptedTest[] = [
  {
    name: 'shardkv/join-leave',
    test: 'TestJoinLeave5B',
    description: 'a change waits for a group that is down, and ends when it is back',
    async script(run) {
      const { ctrler, client } = await begin(run);
      const gid = addGroup(run);
      await waitsFor(run, FIRST_GID, () => ctrler.join(gid));
      await client.checkAll();
      await waitsFor(run, FIRST_GID, () => ctrler.leave(gid));
      await client.checkAll();
    },
  },
  {
    name: 'shardkv/recover-ctrler',
    test: 'TestRecoverCtrler5B',
    description: 'a controller is cut off in the middle of a change, and another one finishes it',
    async script(run) {
      const { client } = await begin(run);
      const gid = addGroup(run);
      for (let round = 0; round < ROUNDS; round++) {
        await cutOffInAChange(run, { gid: gid, round });
        await client.checkAll();
      }
    },
  },
];

/** Shards come from a group that is down, or go there. */
async function waitsFor(
  { t, cluster }: ScriptRun,
  gid: Gid,
  change: () => Promise<unknown>,
): Promise<void> {
  cluster.group(gid).shutDown();
  const work = change();
  const isTooEarly = await t.inTime(STUCK_MS, work);
  t.expect('a change waits for a group that is down', !isTooEarly, () => {
    return `it ended within ${STUCK_MS} ms, and group ${gid} is down`;
  });
  cluster.group(gid).startAgain();
  const isDone = await t.inTime(BACK_MS, work);
  t.expectInTime('a change ends when the group is back', isDone, () => {
    return `${BACK_MS} ms after group ${gid} is back it has not`;
  });
}
