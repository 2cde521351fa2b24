import { type Gid, gidsOf, joined, left } from '../../shardkv/index.ts';
import { cutOffInAChange } from './partitioned-ctrler.ts';
import {
  addGroup,
  addGroups,
  type Attempt,
  begin,
  ScriptedCtrler,
  type ScriptedTest,
  type ScriptRun,
} from './scripted.ts';
import { startWorkers } from './workers.ts';

/** Controllers at once, and for how long, in ms. */
const CTRLERS = 4;
const CONCURRENT_MS = 2000;
/** Pause of a controller that another one was quicker than, in ms. */
const AGAIN_MS = 20;

/** A controller is given so long to get stuck, and another one to recover, in ms. */
const STUCK_MS = 1000;
const RECOVERY_MS = 10_000;

export const tests5C: readonly ScriptedTest[] = [
  {
    name: 'shardkv/concurrent-ctrlers',
    test: 'TestConcurrentReliable5C',
    description: 'four controllers at once; each change is made, or refused',
    script: concurrent,
  },
  {
    name: 'shardkv/concurrent-ctrlers-unreliable',
    test: 'TestAcquireLockConcurrentUnreliable5C',
    description: 'the same on a lossy network',
    isUnreliable: true,
    script: concurrent,
  },
  {
    name: 'shardkv/partition-ctrler-join',
    test: 'TestPartitionControllerJoin5C',
    description: 'a controller is stuck with a dead group and cut off; it comes back too late',
    script: partitionJoin,
  },
  recovery('TestPartitionRecoveryReliableNoClerk5C', 'partition-recovery', 5, 0, false),
  recovery('TestPartitionRecoveryUnreliableNoClerk5C', 'partition-recovery-unreliable', 3, 0, true),
  recovery('TestPartitionRecoveryReliableClerks5C', 'partition-recovery-clerks', 5, 5, false),
  recovery(
    'TestPartitionRecoveryUnreliableClerks5C',
    'partition-recovery-clerks-unreliable',
    3,
    5,
    true,
  ),
];

function recovery(
  test: string,
  name: string,
  rounds: number,
  clerks: number,
  isUnreliable: boolean,
): ScriptedTest {
  return {
    name: `shardkv/${name}`,
    test,
    description: `cut off in changes, controllers come back${clerks > 0 ? ', under load' : ''}`,
    isUnreliable,
    async script(run) {
      const { client } = await begin(run);
      const gid = addGroup(run);
      const workers = startWorkers(run, clerks);
      for (let round = 0; round < rounds; round++) {
        const old = await cutOffInAChange(run, { gid: gid, round });
        await old.comeBack();
        await client.checkAll();
      }
      await workers.stop();
      await client.checkAll();
    },
  };
}

async function concurrent(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { ctrler, client } = await begin(run);
  const gids = addGroups(run, CTRLERS);
  const until = t.world.now() + CONCURRENT_MS;
  const attempts: Attempt[] = [];
  const work = gids.map(async (gid) => {
    const own = new ScriptedCtrler(run, `ctrler${gid}`);
    while (t.world.now() < until) {
      const attempt = await own.tryTo((config) =>
        gid in config.groups ? left(config, [gid]) : joined(config, cluster.serversOf(gid)),
      );
      attempts.push(attempt);
      t.count(attempt.result.err === 'OK' ? 'changes' : 'refused changes');
      await t.sleep(AGAIN_MS);
    }
  });
  await Promise.all(work);
  await checkNoneLost(run, ctrler, gids, attempts);
  await client.checkAll();
}

/**
 * Every number belongs to one change that was answered OK (or ErrMaybe), and each of these is in
 * the end. The official tests do not ask.
 */
async function checkNoneLost(
  { t }: ScriptRun,
  ctrler: ScriptedCtrler,
  gids: readonly Gid[],
  attempts: readonly Attempt[],
): Promise<void> {
  const now = await ctrler.query();
  const made = attempts.filter(({ result }) => result.err === 'OK').map(({ config }) => config);
  const nums = new Set(made.map(({ num }) => num));
  const isMaybe = attempts.some(({ result }) => result.err === 'ErrMaybe');
  t.expect('every number belongs to one change', nums.size === made.length, () => {
    return `${made.length} changes were answered OK, with ${nums.size} numbers`;
  });
  const isComplete = isMaybe ? now.num - 1 >= nums.size : now.num - 1 === nums.size;
  t.expect('no change is lost', isComplete && nums.size > 0, () => {
    return `${nums.size} changes were made, and configuration ${now.num} is in force`;
  });
  const last = made.toSorted((a, b) => a.num - b.num).at(-1)!;
  const isLast = isMaybe || gidsOf(last).join() === gidsOf(now).join();
  t.expect('the last change is in force', isLast, () => {
    const [is, wanted] = [now, last].map((config) => gidsOf(config).join(', '));
    return `groups ${is} of ${gids.length + 1}, after a change to ${wanted}`;
  });
}

async function partitionJoin(run: ScriptRun): Promise<void> {
  const { t, cluster } = run;
  const { client } = await begin(run);
  const gid = addGroup(run);
  cluster.group(gid).shutDown();
  const old = new ScriptedCtrler(run, 'old');
  const work = old.tryTo((config) => joined(config, cluster.serversOf(gid)));
  await t.sleep(STUCK_MS);
  old.cutOff();
  cluster.group(gid).startAgain();
  const fresh = new ScriptedCtrler(run, 'new');
  const isDone = await t.inTime(RECOVERY_MS, fresh.recover());
  t.expectInTime('a new controller finishes the change', isDone, () => {
    return `it has not, ${RECOVERY_MS} ms after the group is back`;
  });
  const now = await fresh.query();
  t.expect('the group is a member', gid in now.groups, () => {
    return `group ${gid} is not among ${gidsOf(now).join(', ')}`;
  });
  await client.checkAll();
  // It goes on, while the shards move away from where it remembers them.
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
