import { clerkRules, type ClerkRules, type GetReply, type PutReply } from '../kvsrv/index.ts';
import type { Env } from '../sim/index.ts';
import { type Gid, ownerOf, type ShardConfig } from './config.ts';
import type { GivesUp, GroupClerk, MakeShardClerk, Tried, WrongGroup } from './contract.ts';
import { knownGroups } from './known-groups.ts';

/** Longest key and value that a clerk takes, in characters. */
export const MAX_KEY = 1024;
export const MAX_VALUE = 65_536;

/** Rounds of a group's servers before the configuration is read again: the group may have left. */
const ROUNDS = 2;

/** Pause before groups are asked again that do not serve the shard, in ms: moves are short. */
const PAUSE_MS = 30;

/** The decisions of the clerk. */
export interface ShardClerkRules extends ClerkRules {
  /**
   * Attempts that may have been carried out, when the clerk turns to another group.
   * @param before those so far
   * @param here those among the requests to the group that it leaves
   */
  carriedOver(before: number, here: number): number;
}

export const shardClerkRules: ShardClerkRules = {
  ...clerkRules,
  // What was carried out before the shard was frozen has moved with it.
  carriedOver: (before, here) => before + here,
};

/** How the clerk reaches the world. */
export interface ShardClerkPorts {
  /** Wait before going round the groups again; `rounds` in vain so far, from 1. */
  pause(env: Env, rounds: number): Promise<void>;
}

export const shardClerkPorts: ShardClerkPorts = {
  // A configuration that is out of date is the usual reason, and reading it again mends that.
  pause: async (env, rounds) => {
    if (rounds > 1) await env.sleep(PAUSE_MS);
  },
};

/** The clerk of lab 5: it finds the group that serves a key, and is honest when it cannot know. */
export function shardClerk(rules: ShardClerkRules, ports: ShardClerkPorts): MakeShardClerk {
  return (env, directory, groups, options = {}) => {
    let config: ShardConfig | undefined = undefined;
    const known = knownGroups(groups);

    /** The groups that may serve a key: where it is, and where it is being moved to. */
    const placesOf = async (key: string, rounds: number): Promise<Place[]> => {
      if (config !== undefined && rounds === 0) return [placeOf(config, key)];
      config = await directory.query();
      const next = rounds === 0 ? undefined : await directory.queryNext?.();
      const now = placeOf(config, key);
      const then = next === undefined ? now : placeOf(next, key);
      // The present owner may have frozen the shard already; the next one may not have it yet.
      return then.gid === now.gid ? [now] : [now, then];
    };

    async function ask<R extends object>(
      key: string,
      deadline: number,
      tryAt: (clerk: GroupClerk, givesUp: GivesUp) => Promise<Tried<R | WrongGroup>>,
    ): Promise<Tried<R>> {
      let [sent, failed] = [0, 0];
      for (let rounds = 0; ; rounds++) {
        if (rounds > 0) await ports.pause(env, rounds);
        for (const place of await placesOf(key, rounds)) {
          const most = ROUNDS * place.servers.length;
          const givesUp = (asked: number): boolean => asked >= most || env.monotonic() >= deadline;
          const tried = await tryAt(known(place.gid, place.servers), givesUp);
          sent += tried.sent;
          failed = rules.carriedOver(failed, tried.failed);
          const { reply } = tried;
          if (reply !== undefined && !isWrongGroup(reply)) return { reply, sent, failed };
          if (env.monotonic() >= deadline) return { reply: undefined, sent, failed };
        }
      }
    }

    return {
      async get(key) {
        checkLength('key', key, MAX_KEY);
        const { reply } = await ask<GetReply>(key, Infinity, (clerk, givesUp) =>
          clerk.get(key, givesUp),
        );
        return reply!;
      },

      async put(key, value, version) {
        checkLength('key', key, MAX_KEY);
        checkLength('value', value, MAX_VALUE);
        const deadline = env.monotonic() + (options.patienceMs ?? Infinity);
        const args = { key, value, version };
        const { reply, sent, failed } = await ask<PutReply>(key, deadline, (clerk, givesUp) =>
          clerk.put(args, givesUp),
        );
        return reply === undefined ? 'ErrMaybe' : rules.outcome(reply.err, { sent, failed });
      },
    };
  };
}

export const makeShardClerk: MakeShardClerk = shardClerk(shardClerkRules, shardClerkPorts);

/** A group, and where its servers are. */
interface Place {
  readonly gid: Gid;
  readonly servers: readonly string[];
}

function placeOf(config: ShardConfig, key: string): Place {
  const gid = ownerOf(config, key);
  return { gid, servers: config.groups[gid]! };
}

function isWrongGroup(reply: object): reply is WrongGroup {
  return 'err' in reply && reply.err === 'ErrWrongGroup';
}

function checkLength(what: string, text: string, most: number): void {
  if (text.length <= most) return;
  throw new RangeError(`a ${what} of ${text.length} characters; at most ${most} are taken`);
}
