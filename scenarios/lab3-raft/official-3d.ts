import type { RaftLayers } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';
import type { Official } from './assertions.ts';
import type { Cluster } from './cluster.ts';
import { SNAPSHOT_EVERY, type OfficialTest } from './official.ts';

/** Largest persisted state with snapshots every ten entries, in bytes. */
const STATE_MAX_BYTES = 2000;

type Trouble = 'none' | 'disconnect' | 'crash';

function installs(
  name: string,
  test: string,
  trouble: Trouble,
  isUnreliable: boolean,
  description: string,
): OfficialTest {
  return {
    name,
    test,
    description,
    servers: 3,
    isUnreliable,
    snapshots: true,
    script: (official, cluster, t) => throughSnapshots(official, cluster, t, trouble),
  };
}

/** Part 3D: log compaction. */
export const tests3D: readonly OfficialTest[] = [
  installs(
    'raft/snapshot-basic',
    'TestSnapshotBasic3D',
    'none',
    false,
    'snapshots keep the logs short',
  ),
  installs(
    'raft/snapshot-install',
    'TestSnapshotInstall3D',
    'disconnect',
    false,
    'a server that was cut off for a while catches up by a snapshot',
  ),
  installs(
    'raft/snapshot-install-unreliable',
    'TestSnapshotInstallUnreliable3D',
    'disconnect',
    true,
    'the same over an unreliable network',
  ),
  installs(
    'raft/snapshot-install-crash',
    'TestSnapshotInstallCrash3D',
    'crash',
    false,
    'a server that was down for a while catches up by a snapshot',
  ),
  installs(
    'raft/snapshot-install-unreliable-crash',
    'TestSnapshotInstallUnCrash3D',
    'crash',
    true,
    'the same over an unreliable network',
  ),
  {
    name: 'raft/snapshot-all-crash',
    test: 'TestSnapshotAllCrash3D',
    description: 'all servers crash, and go on from their snapshots',
    servers: 3,
    isUnreliable: true,
    snapshots: true,
    async script(official, cluster, t) {
      const { size } = cluster;
      await official.one(official.command(), size, true);
      for (let round = 0; round < 5; round++) {
        await many(official, size, someCommands(official));
        const before = await official.one(official.command(), size, true);
        crashAll(cluster);
        const after = await official.one(official.command(), size, true);
        t.expect('indices grow over a restart', after > before, () => {
          return `index ${after} after the restart, ${before} before it`;
        });
      }
    },
  },
  {
    name: 'raft/snapshot-init',
    test: 'TestSnapshotInit3D',
    description: 'what is persisted after a restart does not lose the snapshot',
    servers: 3,
    isUnreliable: true,
    snapshots: true,
    async script(official, cluster) {
      const { size } = cluster;
      await official.one(official.command(), size, true);
      await many(official, size, SNAPSHOT_EVERY + 1);
      crashAll(cluster);
      await official.one(official.command(), size, true);
      crashAll(cluster);
      await official.one(official.command(), size, true);
    },
  },
];

async function throughSnapshots(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  t: Tester<unknown, RaftLayers>,
  trouble: Trouble,
): Promise<void> {
  const { size } = cluster;
  await official.one(official.command(), size, true);
  let leader = await official.checkOneLeader();
  for (let round = 0; round < 30; round++) {
    const follower = (leader + 1) % size;
    const [victim, sender] = round % 3 === 1 ? [leader, follower] : [follower, leader];
    const healthy = trouble === 'none' ? size : size - 1;
    if (trouble === 'disconnect') cluster.disconnect(victim);
    if (trouble === 'crash') cluster.crash(victim);
    if (trouble !== 'none') await official.one(official.command(), healthy, true);
    const commands = someCommands(official);
    for (let i = 0; i < commands; i++) await cluster.start(sender, official.command());
    await official.one(official.command(), healthy, true);
    const bytes = cluster.stateSize();
    t.expectWithin('size of the persisted state', bytes < STATE_MAX_BYTES, () => {
      return `a server has persisted ${bytes} bytes, at most ${STATE_MAX_BYTES} are allowed`;
    });
    if (trouble === 'none') continue;
    if (trouble === 'disconnect') cluster.connect(victim);
    else cluster.restart(victim);
    await official.one(official.command(), size, true);
    leader = await official.checkOneLeader();
  }
}

/** Enough for a snapshot, perhaps: 5 to 14. */
function someCommands({ random }: Official<unknown>): number {
  return SNAPSHOT_EVERY / 2 + random.below(SNAPSHOT_EVERY);
}

async function many(official: Official<unknown>, size: number, count: number): Promise<void> {
  for (let i = 0; i < count; i++) await official.one(official.command(), size, true);
}

function crashAll(cluster: Cluster<unknown>): void {
  for (const i of cluster.ids.keys()) cluster.crash(i);
  for (const i of cluster.ids.keys()) cluster.restart(i);
}
