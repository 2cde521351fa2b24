import type { GroupClerk } from '../../shardkv/index.ts';

/** What a controller has a group do to move a shard. */
export const steps = ['freezing', 'installing', 'deleting'] as const;
export type Step = (typeof steps)[number];

/** Requests of one life of a controller that have no answer yet. */
export class StepsUnderWay {
  private readonly counts: Record<Step, number> = { freezing: 0, installing: 0, deleting: 0 };

  /** Steps that it is at: shards move all at once. */
  get now(): readonly Step[] {
    return steps.filter((step) => this.counts[step] > 0);
  }

  /** A way to a group, watched. */
  watched(own: GroupClerk): GroupClerk {
    const during = async <T>(step: Step, request: Promise<T>): Promise<T> => {
      this.counts[step]++;
      const answer = await request;
      this.counts[step]--;
      return answer;
    };
    return {
      get: (key, givesUp) => own.get(key, givesUp),
      put: (args, givesUp) => own.put(args, givesUp),
      freezeShard: (args, givesUp) => during('freezing', own.freezeShard(args, givesUp)),
      installShard: (args, givesUp) => during('installing', own.installShard(args, givesUp)),
      deleteShard: (args, givesUp) => during('deleting', own.deleteShard(args, givesUp)),
    };
  }
}
