import type { Version } from '../../kvsrv/index.ts';
import { shardOf, type ShardView } from '../../shardkv/index.ts';
import type { Tester } from '../define/tester.ts';

/**
 * Data of an acknowledged put is on at least one group at all times. Reading back cannot tell: what
 * was nowhere for a while may come back from the memory of a controller that did not crash.
 */
export class Acknowledged {
  private readonly t: Pick<Tester<unknown, unknown>, 'expect'>;
  /** By shard: the version of each key that a client was told of last. */
  private readonly versions: readonly Map<string, Version>[];

  /** @param shards how many there are */
  constructor(t: Pick<Tester<unknown, unknown>, 'expect'>, shards: number) {
    this.t = t;
    this.versions = Array.from({ length: shards }, () => new Map<string, Version>());
  }

  /** A client was told that its put has made this version of a key. */
  add(key: string, version: Version): void {
    const versions = this.versions[shardOf(key, this.versions.length)]!;
    if (version > (versions.get(key) ?? 0)) versions.set(key, version);
  }

  /**
   * Something has become of a shard that may have lost data.
   * @param holders the shard at whoever may have it; if one shows no entries, nothing is said
   * @param what names what has become of it
   */
  judge(shard: number, holders: readonly ShardView[], what: () => string): void {
    if (holders.some(({ entries }) => entries === undefined)) return;
    for (const [key, version] of this.versions[shard]!) {
      const isKept = holders.some(({ entries }) => (entries!.get(key)?.version ?? 0) >= version);
      this.t.expect('what is acknowledged is kept', isKept, () => {
        return `${what()}: version ${version} of ${key} was acknowledged, and no group has it`;
      });
    }
  }
}
