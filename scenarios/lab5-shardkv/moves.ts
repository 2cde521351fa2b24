import { type ConfigNum, FIRST_NUM, type Gid, type GroupClerk } from '../../shardkv/index.ts';
import type { Tester } from '../define/tester.ts';

/** Moves of shards, each counted once, whether a view shows it or a controller is answered so. */
export class Moves {
  private readonly t: Pick<Tester<unknown, unknown>, 'count' | 'probe'>;
  private readonly made = new Set<string>();
  private readonly moved = new Set<number>();
  /** Where each shard is, and has been. */
  private readonly homes = new Set<string>();

  constructor(t: Pick<Tester<unknown, unknown>, 'count' | 'probe'>) {
    this.t = t;
  }

  /** How many of the shards have moved at least once. */
  get shards(): number {
    return this.moved.size;
  }

  /** From this configuration on a group serves a shard. */
  add(gid: Gid, shard: number, num: ConfigNum): void {
    const [home, move] = [`${shard} at ${gid}`, `${shard} for ${num}`];
    const wasHere = this.homes.has(home);
    this.homes.add(home);
    // What a group is born with has not moved.
    if (num === FIRST_NUM || this.made.has(move)) return;
    this.made.add(move);
    this.moved.add(shard);
    this.t.count('shards moved');
    this.t.probe('a shard moved');
    if (wasHere) this.t.probe('a shard came back');
  }

  /** A controller's way to a group, whose answers are listened to. */
  heard(gid: Gid, own: GroupClerk): GroupClerk {
    // Not a spread: a user's may be a class.
    return {
      get: (key, givesUp) => own.get(key, givesUp),
      put: (args, givesUp) => own.put(args, givesUp),
      freezeShard: (args, givesUp) => own.freezeShard(args, givesUp),
      deleteShard: (args, givesUp) => own.deleteShard(args, givesUp),
      installShard: (args, givesUp) => {
        const { shard, num, part } = args;
        const tried = own.installShard(args, givesUp);
        const isWhole = part === undefined || part.index === part.of - 1;
        void tried.then(
          ({ reply }) => {
            if (reply?.err === 'OK' && isWhole) this.add(gid, shard, num);
          },
          // That is for whoever asked.
          () => {},
        );
        return tried;
      },
    };
  }
}
