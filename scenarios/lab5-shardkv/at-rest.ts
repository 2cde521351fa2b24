import type { ShardConfig } from '../../shardkv/index.ts';
import type { Tester } from '../define/tester.ts';
import { keysOf, readBack } from '../lab2-kv/read-back.ts';
import type { Lab5Layers, ShardCluster } from './cluster.ts';
import { type Changes, settle } from './ctrler-program.ts';

/** How often to look whether all have come to their end, in ms; and before reading again. */
const LOOK_MS = 50;
const LOOKS = 20;

type Run = Pick<
  Tester<unknown, Lab5Layers>,
  'addClient' | 'clientsDone' | 'history' | 'sleep' | 'world'
>;

/** A run that has to come to rest, and what keeps it from that. */
export class AtRest {
  /** For the message, if it does not. */
  lacks = 'clients are not done';
  private readonly t: Run;
  private readonly cluster: ShardCluster;
  private readonly changes: Changes;

  constructor(t: Run, cluster: ShardCluster, changes: Changes) {
    this.t = t;
    this.cluster = cluster;
    this.changes = changes;
  }

  /**
   * Wait until clients and controllers have come to their end, nothing is left half-done, every
   * shard is where it belongs, and nowhere else, and the servers of each group are alike. All keys
   * are read again.
   */
  async reached(): Promise<void> {
    const { t, cluster, changes } = this;
    await t.clientsDone();
    this.lacks = 'controllers are not done';
    while (!changes.isQuiet) await t.sleep(LOOK_MS);
    this.lacks = 'a change is half-done';
    const config = await this.settled();
    changes.judge(config);
    for (let round = 0; ; round++) {
      this.lacks = 'not all keys are read';
      t.addClient(`asker${round}`, (env) => cluster.askAll(env));
      await readBack(t, keysOf(t.history.lines), (env) => cluster.clerk(env), `reader${round}`);
      for (let look = 0; look < LOOKS; look++) {
        const difference =
          misplaced(cluster, config) ?? leftOver(cluster) ?? (await differences(cluster));
        if (difference === undefined) return;
        this.lacks = difference;
        await t.sleep(LOOK_MS);
      }
    }
  }

  /** By a node of its own: the present configuration, with nothing left to do. */
  private async settled(): Promise<ShardConfig> {
    const { t, cluster } = this;
    const configs: ShardConfig[] = [];
    t.addClient('settler', async (env) => void configs.push(await settle(cluster.ctrler(env))));
    await t.clientsDone();
    return configs[0]!;
  }
}

/** A shard that its owner does not serve; undefined = there is none, or groups do not show. */
export function misplaced(cluster: ShardCluster, { shards }: ShardConfig): string | undefined {
  if (cluster.ownership.isBlind) return undefined;
  for (const [shard, gid] of shards.entries()) {
    const owner = cluster.ownership.servedBy(shard);
    if (owner !== gid) return `shard ${shard} is served by ${owner ?? 'nobody'}, not by ${gid}`;
  }
  return undefined;
}

/** A shard that a group keeps although it has gone; undefined = none, or groups do not show. */
export function leftOver({ ownership, shards }: ShardCluster): string | undefined {
  for (let shard = 0; shard < shards; shard++) {
    const gid = ownership.frozenAt(shard);
    if (gid !== undefined) return `shard ${shard} has moved, and group ${gid} keeps it, frozen`;
  }
  return undefined;
}

async function differences(cluster: ShardCluster): Promise<string | undefined> {
  for (const group of cluster.groups.values()) {
    const difference = await group.difference();
    if (difference !== undefined) return difference;
  }
  return undefined;
}
