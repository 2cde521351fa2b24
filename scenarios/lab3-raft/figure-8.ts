import type { RaftLayers } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';
import type { Official } from './assertions.ts';
import type { Cluster } from './cluster.ts';

/**
 * Figure 8 of the paper, by chance: leaders disappear right after they took a command, so that
 * entries of older terms lie about, which must not be committed by counting replicas (§5.4.2).
 */
const ROUNDS = 1000;

/** From this round on two thirds of the replies are late. */
const REORDERING_FROM = 200;

type Run = Tester<unknown, RaftLayers>;

export async function figure8(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  t: Run,
): Promise<void> {
  const { random } = official;
  const { size, ids } = cluster;
  await official.one(official.command(), 1, true);
  let up = size;
  for (let round = 0; round < ROUNDS; round++) {
    const leader = await startEverywhere(official, cluster, () => true);
    await pause(official, t);
    if (leader !== undefined) {
      cluster.crash(leader);
      up--;
    }
    const lucky = random.below(size);
    if (up < 3 && cluster.server(lucky) === undefined) {
      cluster.restart(lucky);
      up++;
    }
  }
  for (const i of ids.keys()) if (cluster.server(i) === undefined) cluster.restart(i);
  await official.one(official.command(), size, true);
}

export async function figure8Unreliable(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  t: Run,
): Promise<void> {
  const { random } = official;
  const { size, ids } = cluster;
  await official.one(official.command(), 1, true);
  for (let round = 0; round < ROUNDS; round++) {
    if (round === REORDERING_FROM) t.world.network.setProfile('lab-long-reordering-long-delays');
    const leader = await startEverywhere(official, cluster, (i) => cluster.isConnected(i));
    await pause(official, t);
    if (leader !== undefined && random.chance(1, 2)) cluster.disconnect(leader);
    const lucky = random.below(size);
    if (cluster.connected().length < 3) cluster.connect(lucky);
  }
  for (const i of ids.keys()) cluster.connect(i);
  await official.one(official.command(), size, true);
}

/** Start a command on every server. @returns the last leader among those that count */
async function startEverywhere(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  counts: (i: number) => boolean,
): Promise<number | undefined> {
  let leader: number | undefined;
  for (const i of cluster.ids.keys()) {
    if (cluster.server(i) === undefined) continue;
    const started = await cluster.start(i, official.command());
    if (started?.isLeader === true && counts(i)) leader = i;
  }
  return leader;
}

/** One pause in ten is long enough for an election. */
async function pause({ random }: Official<unknown>, t: Run): Promise<void> {
  await t.sleep(random.chance(1, 10) ? random.below(500) : random.below(13));
}
