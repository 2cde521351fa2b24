import type { Gid } from '../../shardkv/index.ts';
import { FIRST_GID, GROUP_SIZE } from './cluster.ts';
import { addGroups, begin, keys, type ScriptedTest, type ScriptRun } from './scripted.ts';

/** Length of each value. */
const LENGTH = 1000;

/** Whatever is asked for brings a snapshot, so that what was deleted is gone from it, too. */
const MAX_RAFT_STATE = 1;

/** What a key may take besides its value, in bytes: itself, its version, signs around them. */
const AROUND_A_KEY = 40;
/** What a server may keep beside its keys, in bytes: its shards' numbers, and its last requests. */
const BESIDE_KEYS = 1000;

/** Until followers have heard of the last change, in ms. */
const HEARD_MS = 500;

/** Times that each group leaves, and joins again. */
const ROUNDS = 2;

/** Old owners keep nothing of what has moved: on all disks together there are three copies. */
export const deletion: ScriptedTest = {
  name: 'shardkv/deletion-bound',
  description: 'shards move on and on, and the bytes on all disks stay those of three copies',
  maxRaftState: MAX_RAFT_STATE,
  atLeast: { changes: 13, 'shards moved': 40, 'snapshots taken': 400, 'sizes checked': 14 },
  async script(run) {
    const { ctrler, client } = await begin(run, LENGTH);
    const gids = [FIRST_GID, ...addGroups(run, 2)];
    await ctrler.join(...gids.slice(1));
    await checkSizes(run, gids);
    for (let round = 0; round < ROUNDS; round++) {
      for (const gid of gids) {
        await ctrler.leave(gid);
        await checkSizes(run, gids, gid);
        await ctrler.join(gid);
        await checkSizes(run, gids);
      }
    }
    for (const gid of gids) {
      run.cluster.group(gid).shutDown();
      run.cluster.group(gid).startAgain();
    }
    await checkSizes(run, gids);
    await client.checkAll(LENGTH);
  },
};

/** @param gone a group that has left */
async function checkSizes(run: ScriptRun, gids: readonly Gid[], gone?: Gid): Promise<void> {
  const { t, cluster } = run;
  // Requests that were in the log already bring no snapshot: those after them do.
  t.addClient(`asker at ${t.world.now()}`, async (env) => {
    await cluster.askAll(env);
    await cluster.askAll(env);
  });
  await t.clientsDone();
  await t.sleep(HEARD_MS);
  const sizes = gids.map((gid) => cluster.group(gid).totalSize());
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const servers = gids.length * GROUP_SIZE;
  const copies = GROUP_SIZE * keys.length * (LENGTH + AROUND_A_KEY);
  const most = copies + servers * BESIDE_KEYS;
  t.count('sizes checked');
  t.expectWithin('moved shards are deleted', total <= most, () => {
    const each = sizes.map((size, i) => `${size} of group ${gids[i]}`).join(', ');
    return `${total} bytes on all disks, ${most} are allowed: ${each}`;
  });
  if (gone === undefined) return;
  const size = cluster.group(gone).totalSize();
  t.expectWithin('a group without shards keeps nothing', size <= GROUP_SIZE * BESIDE_KEYS, () => {
    return `group ${gone} has left, and has ${size} bytes on its disks`;
  });
}
