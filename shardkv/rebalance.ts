import { type Gid, gidsOf, type ShardConfig } from './config.ts';

/**
 * Spread shards evenly over groups, and move no more of them than that takes. The same answer from
 * the same question, on every controller: ties go to the lowest number.
 *
 * @param shards present owner of each shard; those whose owner is not among `gids` have none
 * @param gids the groups, at least one
 * @returns owner of each shard; groups differ by one shard at most
 */
export function rebalance(shards: readonly Gid[], gids: readonly Gid[]): Gid[] {
  const owned = new Map<Gid, number[]>();
  for (const gid of gids.toSorted((a, b) => a - b)) owned.set(gid, []);
  if (owned.size === 0) throw new RangeError('expected at least one group');
  const orphans: number[] = [];
  for (const [shard, gid] of shards.entries()) (owned.get(gid) ?? orphans).push(shard);
  for (const shard of orphans) leastLoaded(owned).push(shard);
  for (;;) {
    const most = mostLoaded(owned);
    const least = leastLoaded(owned);
    if (most.length - least.length < 2) break;
    least.push(most.pop()!);
  }
  const owners = [...shards];
  for (const [gid, list] of owned) for (const shard of list) owners[shard] = gid;
  return owners;
}

function leastLoaded(owned: ReadonlyMap<Gid, number[]>): number[] {
  return [...owned.values()].reduce((least, list) => (list.length < least.length ? list : least));
}

function mostLoaded(owned: ReadonlyMap<Gid, number[]>): number[] {
  return [...owned.values()].reduce((most, list) => (list.length > most.length ? list : most));
}

/** The next configuration, with more groups, or with groups at new addresses. */
export function joined(config: ShardConfig, groups: ShardConfig['groups']): ShardConfig {
  return among(config, { ...config.groups, ...groups });
}

/** The next configuration, without some groups. One group at least must stay. */
export function left(config: ShardConfig, gids: readonly Gid[]): ShardConfig {
  const staying = Object.entries(config.groups).filter(([gid]) => !gids.includes(Number(gid)));
  return among(config, Object.fromEntries(staying));
}

/** The next configuration, with one shard at another group; all others stay where they are. */
export function moved(config: ShardConfig, shard: number, gid: Gid): ShardConfig {
  return { ...config, num: config.num + 1, shards: config.shards.with(shard, gid) };
}

function among({ num, shards }: ShardConfig, groups: ShardConfig['groups']): ShardConfig {
  return { num: num + 1, shards: rebalance(shards, gidsOf({ groups })), groups };
}

/** A shard that changes hands. */
export interface Move {
  readonly shard: number;
  readonly from: Gid;
  readonly to: Gid;
}

/** What has to move between two configurations. */
export function movesBetween(before: ShardConfig, after: ShardConfig): Move[] {
  return after.shards.flatMap((to, shard) => {
    const from = before.shards[shard]!;
    return from === to ? [] : [{ shard, from, to }];
  });
}
