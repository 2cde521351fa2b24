import type { RaftLayers } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';
import type { Official } from './assertions.ts';
import type { Cluster } from './cluster.ts';

const ROUNDS = 20;
const ROUND_MS = 700;
const CLIENTS = 3;
/** How long a client waits for its command to be committed, in steps of ms. */
const PATIENCE_MS = [10, 20, 50, 100, 200] as const;

/** Servers come and go while clients start commands; whatever a client saw committed stays. */
export async function churn(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  t: Tester<unknown, RaftLayers>,
): Promise<void> {
  const { random } = official;
  const { size, ids } = cluster;
  const stage = { isOver: false };
  const seen: number[] = [];
  const client = async (number: number): Promise<void> => {
    while (!stage.isOver) {
      const command = official.command();
      const index = await startEverywhere(cluster, command);
      if (index === undefined) await t.sleep(79 + 17 * number);
      else if (await isCommitted(official, t, index, command)) seen.push(command);
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
  for (let round = 0; round < ROUNDS; round++) {
    if (random.chance(1, 5)) cluster.disconnect(random.below(size));
    if (random.chance(1, 2)) cluster.restart(random.below(size));
    if (random.chance(1, 5)) cluster.crash(random.below(size));
    await t.sleep(ROUND_MS);
  }
  await t.sleep(1000);
  t.world.network.setProfile('lab-reliable-long-delays');
  for (const i of ids.keys()) cluster.restart(i);
  stage.isOver = true;
  await Promise.all(clients);
  await t.sleep(1000);
  const last = await official.one(official.command(), size, true);
  const chosen = new Set<string>();
  for (let index = 1; index <= last; index++) {
    chosen.add((await official.wait(index, size, Infinity)) ?? '');
  }
  t.count('seen committed', seen.length);
  for (const command of seen) {
    t.expect('what was committed stays', chosen.has(String(command)), () => {
      return `a client saw ${command} committed, and it is not in the final log`;
    });
  }
}

async function startEverywhere(
  cluster: Cluster<unknown>,
  command: number,
): Promise<number | undefined> {
  let index: number | undefined;
  for (const i of cluster.ids.keys()) {
    const started = await cluster.start(i, command);
    if (started?.isLeader === true) index = started.index;
  }
  return index;
}

async function isCommitted(
  official: Official<unknown>,
  t: Tester<unknown, RaftLayers>,
  index: number,
  command: number,
): Promise<boolean> {
  for (const ms of PATIENCE_MS) {
    if (official.committed(index) > 0) return official.isChosen(index, command);
    await t.sleep(ms);
  }
  return false;
}
