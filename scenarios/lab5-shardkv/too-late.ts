import { type Gid, gidsOf } from '../../shardkv/index.ts';
import { type Attempt, type ScriptedClient, ScriptedCtrler, type ScriptRun } from './scripted.ts';

/** Another controller has finished what the first one left in so long, in ms. */
const RECOVERY_MS = 10_000;

/** A controller that was cut off while a group joined. */
export interface CutOffJoin {
  readonly old: ScriptedCtrler;
  readonly work: Promise<Attempt>;
  readonly gid: Gid;
}

/**
 * Another controller finishes the join, and lets the group leave again. Then the first one is back,
 * and goes on where it was: it must leave the world as it is.
 */
export async function comesBackTooLate(
  run: ScriptRun,
  client: ScriptedClient,
  { old, work, gid }: CutOffJoin,
): Promise<void> {
  const { t } = run;
  const fresh = new ScriptedCtrler(run, 'new');
  const isDone = await t.inTime(RECOVERY_MS, fresh.recover());
  t.expectInTime('a new controller finishes the change', isDone, () => {
    return `it has not, ${RECOVERY_MS} ms after it has begun`;
  });
  const now = await fresh.query();
  t.expect('the group is a member', gid in now.groups, () => {
    return `group ${gid} is not among ${gidsOf(now).join(', ')}`;
  });
  await client.checkAll();
  // The shards move away from where it remembers them.
  await fresh.leave(gid);
  old.reconnect();
  const { result } = await work;
  t.expect('a change that others have finished is made', result.err === 'OK', () => {
    return `the controller that began it was answered ${result.err}`;
  });
  const after = await fresh.query();
  t.expect('nobody goes back', after.num === now.num + 1 && !(gid in after.groups), () => {
    return `configuration ${after.num} of groups ${gidsOf(after).join(', ')}, after ${now.num + 1}`;
  });
  await client.checkAll();
}
