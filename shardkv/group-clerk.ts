import {
  type ReplicatedClerkRules,
  replicatedClerkPorts,
  replicatedClerkRules,
  type TooLarge,
  type WrongLeader,
} from '../kvsrv/index.ts';
import { CommandTooLarge } from '../raft/index.ts';
import type { Env, Peer } from '../sim/index.ts';
import type { GivesUp, GroupClerk, MakeGroupClerk, Refused, Tried } from './contract.ts';

/** A server that takes longer may be cut off from the others; as in lab 4, in ms. */
const CALL_TIMEOUT_MS = 1000;

/** The requests of a group. */
type Method = keyof GroupClerk;

/** How the clerk of a group reaches the world. */
export interface GroupClerkPorts {
  /** Send a request; undefined if no reply came in time. */
  call(server: Peer, method: Method, args: unknown): Promise<unknown>;
  /** Wait after a whole round of servers, none of which leads; `rounds` from 1. */
  pause(env: Env, rounds: number): Promise<void>;
}

export const groupClerkPorts: GroupClerkPorts = {
  call: (server, method, args) => server.call(method, args, { timeoutMs: CALL_TIMEOUT_MS }),
  pause: replicatedClerkPorts.pause,
};

/** The decisions are those of lab 4's clerk: whom to ask next, and what silence may mean. */
export type GroupClerkRules = Pick<ReplicatedClerkRules, 'mayHaveHappened' | 'nextServer'>;

/** A way to one group, which remembers who leads it. */
export function groupClerk(rules: GroupClerkRules, ports: GroupClerkPorts): MakeGroupClerk {
  return (env, servers) => {
    /** Whom to ask first: who led last. */
    let leader = 0;

    async function ask<R>(method: Method, args: unknown, givesUp: GivesUp): Promise<Tried<R>> {
      let failed = 0;
      const tried = new Set<number>();
      // Several requests may be under way, each on its own round.
      let asked = leader;
      for (let sent = 1; ; sent++) {
        const reply = (await ports.call(servers[asked]!, method, args)) as R | Refused | undefined;
        if (isTooLarge(reply)) throw new CommandTooLarge(reply.bytes, reply.most);
        const refusal = isWrongLeader(reply) ? reply : undefined;
        if (reply !== undefined && refusal === undefined) {
          leader = asked;
          return { reply: reply as R, sent, failed };
        }
        if (rules.mayHaveHappened(refusal)) failed++;
        if (givesUp(sent)) return { reply: undefined, sent, failed };
        tried.add(asked);
        if (tried.size >= servers.length) {
          await ports.pause(env, Math.ceil(sent / servers.length));
          tried.clear();
        }
        asked = rules.nextServer(asked, servers.length, refusal, tried);
      }
    }

    return {
      get: (key, givesUp = never) => ask('get', { key }, givesUp),
      put: (args, givesUp = never) => ask('put', args, givesUp),
      freezeShard: (args, givesUp = never) => ask('freezeShard', args, givesUp),
      installShard: (args, givesUp = never) => ask('installShard', args, givesUp),
      deleteShard: (args, givesUp = never) => ask('deleteShard', args, givesUp),
    };
  };
}

export const makeGroupClerk: MakeGroupClerk = groupClerk(replicatedClerkRules, groupClerkPorts);

const never: GivesUp = () => false;

function isWrongLeader(reply: unknown): reply is WrongLeader {
  return errOf(reply) === 'ErrWrongLeader';
}

function isTooLarge(reply: unknown): reply is TooLarge {
  return errOf(reply) === 'ErrTooLarge';
}

function errOf(reply: unknown): unknown {
  return (reply as { readonly err?: unknown } | undefined)?.err;
}
