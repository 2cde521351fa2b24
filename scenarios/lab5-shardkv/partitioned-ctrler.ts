import { type Gid, gidsOf, joined, left, type ShardConfig } from '../../shardkv/index.ts';
import { FIRST_GID } from './cluster.ts';
import { ScriptedCtrler, type ScriptRun } from './scripted.ts';

/** A controller works so long before the group goes down, in ms. */
const WORK_MS = [1000, 1400] as const;
/** So long the group is down, and the controller stuck, in ms. */
const DOWN_MS = 1000;
/** A new controller has finished what the old one left in so long, in ms. */
const RECOVERY_MS = 10_000;

/** A controller that was cut off, with its work unfinished. */
export interface CutOff {
  /** It hears and is heard again. Resolves when it has finished what it was at, and stopped. */
  comeBack(): Promise<void>;
}

/**
 * A controller lets a group join and leave again and again, gets stuck for a group that goes down,
 * and is cut off; a new one has to finish what it has begun.
 */
export async function cutOffInAChange(
  run: ScriptRun,
  { gid, round }: { readonly gid: Gid; readonly round: number },
): Promise<CutOff> {
  const { t, cluster } = run;
  const old = new ScriptedCtrler(run, `old${round}`);
  const before = await old.query();
  const stage = { isOver: false };
  const work = (async () => {
    while (!stage.isOver) await old.tryTo((config) => joinOrLeave(run, config, gid));
  })();
  await t.sleep(t.world.streams.stream('script').between(...WORK_MS));
  cluster.group(FIRST_GID).shutDown();
  await t.sleep(DOWN_MS);
  old.cutOff();
  stage.isOver = true;
  cluster.group(FIRST_GID).startAgain();
  await recover(run, round, before, gid);
  return {
    async comeBack() {
      old.reconnect();
      await work;
    },
  };
}

function joinOrLeave({ cluster }: ScriptRun, config: ShardConfig, gid: Gid): ShardConfig {
  return gid in config.groups ? left(config, [gid]) : joined(config, cluster.serversOf(gid));
}

async function recover(
  run: ScriptRun,
  round: number,
  before: ShardConfig,
  gid: Gid,
): Promise<void> {
  const { t } = run;
  const ctrler = new ScriptedCtrler(run, `new${round}`);
  const stuck = await ctrler.query();
  const outcome = { hadWork: false };
  const work = ctrler.recover().then((hadWork) => void (outcome.hadWork = hadWork));
  const isDone = await t.inTime(RECOVERY_MS, work);
  t.expectInTime('a new controller finishes the change', isDone, () => {
    return `it has not, ${RECOVERY_MS} ms after the group is back`;
  });
  t.expect('the change was left half-done', outcome.hadWork, () => {
    return `configuration ${stuck.num} was in force, and there was nothing to finish`;
  });
  t.count('recoveries');
  const now = await ctrler.query();
  t.expect('configurations go on', now.num === stuck.num + 1 && now.num > before.num, () => {
    return `configuration ${now.num} after ${stuck.num}, and ${before.num} in the beginning`;
  });
  const expected = joinOrLeave(run, stuck, gid);
  t.expect('members are those that the change asked for', isAlike(now, expected), () => {
    const [is, wanted] = [gidsOf(now), gidsOf(expected)].map((gids) => gids.join(', '));
    return `groups ${is} after the recovery, and the change was to ${wanted}`;
  });
}

function isAlike(one: ShardConfig, other: ShardConfig): boolean {
  return gidsOf(one).join() === gidsOf(other).join() && one.shards.join() === other.shards.join();
}
