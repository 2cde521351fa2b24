import { type Gid, ownerOf } from '../../shardkv/index.ts';
import { keys, ScriptedClient, type ScriptedCtrler, type ScriptRun } from './scripted.ts';

/** Gets that can be answered are answered in so long, in ms; those of a dead group hang longer. */
const WINDOW_MS = 2000;
/** And when the group is back, so soon. */
const BACK_MS = 2000;

/**
 * With a group down, gets of its shards hang, and all others are answered right; when it is back,
 * the former are answered, too. The official test is content if some get hangs.
 */
export async function checkWithout(
  run: ScriptRun,
  ctrler: ScriptedCtrler,
  gid: Gid,
): Promise<void> {
  const { t, cluster } = run;
  const config = await ctrler.query();
  cluster.group(gid).shutDown();
  const answered = new Set<string>();
  const gets = keys.map(async (key) => {
    await new ScriptedClient(run, `${key} #${t.world.now()}`).check(key);
    answered.add(key);
  });
  const all = Promise.all(gets);
  await t.inTime(WINDOW_MS, all);
  for (const key of keys) {
    const isOfIt = ownerOf(config, key) === gid;
    t.expect('gets of a group that is down hang', !isOfIt || !answered.has(key), () => {
      return `${key} is of group ${gid}, which is down, and was answered`;
    });
    t.expectInTime('gets of other groups are answered', isOfIt || answered.has(key), () => {
      return `${key} has no answer ${WINDOW_MS} ms after group ${gid}, not its own, went down`;
    });
    if (isOfIt) t.count('gets that hung');
  }
  cluster.group(gid).startAgain();
  const isDone = await t.inTime(BACK_MS, all);
  t.expectInTime('a group that is back answers', isDone, () => {
    const waiting = keys.length - answered.size;
    return `${waiting} gets have no answer ${BACK_MS} ms after group ${gid} is back`;
  });
}
