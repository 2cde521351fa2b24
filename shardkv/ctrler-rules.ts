import type { GetReply } from '../kvsrv/index.ts';
import { configText, parseConfig, type ShardConfig } from './config.ts';
import type { ChangeResult } from './contract.ts';

/** A configuration as it is in the store. */
export interface Stored {
  /** Undefined = there is none yet. */
  readonly config: ShardConfig | undefined;
  /** Version of its key, for the put that replaces it. */
  readonly version: number;
}

/** What the store says: where shards are, and where they are being moved to. */
export interface Both {
  readonly current: Stored;
  readonly next: Stored;
}

/** What a controller is to do about a configuration that it wants. */
export type Claim =
  /** The number is free: put it. */
  | 'free'
  /** It is this very configuration that is being moved to. */
  | 'posted'
  /** It is this very configuration that is in force. */
  | 'in force'
  /** It is not what has this number. */
  | Exclude<ChangeResult, { readonly err: 'OK' }>;

/** The decisions of a controller, each pure and replaceable (DESIGN §4, seams). */
export interface CtrlerRules {
  /** @param isMaybe an earlier put of it may have been carried out */
  claim(config: ShardConfig, both: Both, isMaybe: boolean): Claim;
  /** The configuration that a controller has to finish that others have left half-done. */
  unfinished(both: Both): ShardConfig | undefined;
  /** A group has seen a newer configuration for this shard than the one being worked on. */
  isSuperseded(num: number, seen: number): boolean;
  /** May the present configuration be replaced by one to which all shards have been moved? */
  mayReplace(current: ShardConfig | undefined, config: ShardConfig): boolean;
}

export const ctrlerRules: CtrlerRules = {
  // The versioned put of `next` gives each number to one configuration. That two controllers want
  // the same one does no harm: moves may be repeated.
  claim(config, { current, next }, isMaybe) {
    const now = current.config?.num ?? 0;
    if (config.num === now && isSame(config, current.config)) return 'in force';
    if (config.num <= now) {
      if (isMaybe && config.num < now) return { err: 'ErrMaybe' };
      return taken(`configuration ${now} is in force, so that ${config.num} is taken`);
    }
    if (config.num > now + 1) return taken(`configuration ${now} is in force: ${now + 1} is next`);
    if ((next.config?.num ?? 0) <= now) return 'free';
    if (isSame(config, next.config)) return 'posted';
    return taken(`shards are being moved to another configuration ${config.num}`);
  },

  // No other than the one that was posted: some of its moves may have been made.
  unfinished: ({ current, next }) =>
    (next.config?.num ?? 0) > (current.config?.num ?? 0) ? next.config : undefined,

  // Newer ones begin when this one is in force: somebody has finished it.
  isSuperseded: (num, seen) => seen > num,

  // A controller that was held up must not go back to what it remembers.
  mayReplace: (current, { num }) => (current?.num ?? 0) < num,
};

function isSame(one: ShardConfig, other: ShardConfig | undefined): boolean {
  return other !== undefined && configText(one) === configText(other);
}

function taken(reason: string): Claim {
  return { err: 'ErrTaken', reason };
}

/** What a get of the store means. */
export function storedIn({ value, version }: Pick<GetReply, 'value' | 'version'>): Stored {
  return { config: version === 0 ? undefined : parseConfig(value), version };
}
