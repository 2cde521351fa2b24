/**
 * Which group serves which shard, as a numbered configuration (labs.md §6, §7). Pure data and pure
 * functions.
 */

/** Number of a replica group, from 1. */
export type Gid = number;

/** Number of a configuration: the first one is 1, and each change adds 1. */
export type ConfigNum = number;

export interface ShardConfig {
  readonly num: ConfigNum;
  /** Owner of each shard. */
  readonly shards: readonly Gid[];
  /** Servers of each group, in the order in which they name each other. */
  readonly groups: Readonly<Record<Gid, readonly string[]>>;
}

/** Number of the first configuration. */
export const FIRST_NUM: ConfigNum = 1;

/** How many shards there are unless somebody says otherwise: the lab's number. */
export const SHARDS = 12;

/** A configuration that no cluster could work with. */
export class InvalidConfig extends RangeError {
  override readonly name = 'InvalidConfig';
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** The shard of a key: FNV-1a over its characters, as in the course's `Key2Shard`. */
export function shardOf(key: string, shards: number): number {
  let hash = FNV_OFFSET;
  for (let i = 0; i < key.length; i++) {
    const unit = key.charCodeAt(i);
    hash = Math.imul(hash ^ (unit & 0xff), FNV_PRIME);
    // Beyond Latin-1 a character has a second byte.
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >>> 8), FNV_PRIME);
  }
  return (hash >>> 0) % shards;
}

/** Owner of the shard in which a key lies. */
export function ownerOf(config: ShardConfig, key: string): Gid {
  return config.shards[shardOf(key, config.shards.length)]!;
}

/** Groups of a configuration, ascending, as keys that are whole numbers are. */
export function gidsOf({ groups }: Pick<ShardConfig, 'groups'>): Gid[] {
  return Object.keys(groups).map(Number);
}

/**
 * @throws InvalidConfig naming what is wrong with it: a number that is none, a shard without an
 *   owner, an owner that is not among the groups, a group without servers
 */
export function checkConfig(config: ShardConfig): void {
  const { num, shards, groups } = config;
  const refuse = (reason: string): never => {
    throw new InvalidConfig(`configuration ${String(num)}: ${reason}`);
  };
  if (!Number.isSafeInteger(num) || num < FIRST_NUM) {
    refuse(`its number must be a whole one, ${FIRST_NUM} or more`);
  }
  if (shards.length === 0) refuse('it has no shards');
  for (const gid of gidsOf(config)) {
    if (!Number.isSafeInteger(gid) || gid < 1) refuse(`${gid} is no number of a group`);
    if (groups[gid]!.length === 0) refuse(`group ${gid} has no servers`);
  }
  // A loop by index: a hole in the list is a shard without an owner, too.
  for (let shard = 0; shard < shards.length; shard++) {
    const gid = shards[shard];
    if (gid === undefined || gid === 0) refuse(`shard ${shard} has no owner`);
    else if (!(gid in groups)) refuse(`shard ${shard} belongs to group ${gid}, which is missing`);
  }
}

/** A configuration as the store keeps it: equal ones are equal texts. */
export function configText({ num, shards, groups }: ShardConfig): string {
  // Groups are ascending, whatever order they were added in.
  return JSON.stringify({ num, shards, groups: { ...groups } });
}

export function parseConfig(text: string): ShardConfig {
  return JSON.parse(text) as ShardConfig;
}
