import type { Env, Peer } from '../../sim/index.ts';
import { clerkRules, type ClerkRules } from '../clerk-rules.ts';
import type { GetReply, PutArgs, PutReply } from '../contract.ts';
import type { MakeReplicatedKvClerk, WrongLeader } from './contract.ts';

/**
 * A server that takes longer may have been cut off from the others: ask another one. In ms, long
 * enough for an election.
 */
const CALL_TIMEOUT_MS = 1000;

/** Pause after all servers were asked in vain, in ms: about as long as an election takes. */
const ROUND_PAUSE_MS = 50;

/** How the clerk reaches the world. */
export interface ReplicatedClerkPorts {
  /** Send a request; undefined if no reply came in time. */
  call(server: Peer, method: 'get' | 'put', args: unknown): Promise<unknown>;
  /** Wait after a whole round of servers, none of which leads. */
  pause(env: Env): Promise<void>;
}

export const replicatedClerkPorts: ReplicatedClerkPorts = {
  call: (server, method, args) => server.call(method, args, { timeoutMs: CALL_TIMEOUT_MS }),
  pause: (env) => env.sleep(ROUND_PAUSE_MS),
};

/** The decisions of the clerk. */
export interface ReplicatedClerkRules extends ClerkRules {
  /** May an attempt that was not answered have been carried out, or still be? */
  mayHaveHappened(reply: WrongLeader | undefined): boolean;
  /** Whom to ask next, of so many servers. */
  nextServer(asked: number, servers: number, reply: WrongLeader | undefined): number;
}

export const replicatedClerkRules: ReplicatedClerkRules = {
  ...clerkRules,
  // A server that has not started the request says so; nobody else knows.
  mayHaveHappened: (reply) => reply === undefined || reply.isMaybe === true,

  // Two servers may each take the other for the leader; what they say is a hint.
  nextServer: (asked, servers, reply) =>
    reply?.leader === undefined || reply.leader === asked ? (asked + 1) % servers : reply.leader,
};

/** The clerk of lab 4B: it finds the leader, remembers it, and is honest when it cannot know. */
export function replicatedKvClerk(
  rules: ReplicatedClerkRules,
  ports: ReplicatedClerkPorts,
): MakeReplicatedKvClerk {
  return (env, servers, options = {}) => {
    /** Who led when a server last answered. */
    let leader = 0;

    /** @returns the answer, and how many attempts before it may have been carried out. */
    async function ask<R>(
      method: 'get' | 'put',
      args: unknown,
      deadline: number,
    ): Promise<{ readonly reply: R | undefined; readonly sent: number; readonly failed: number }> {
      let failed = 0;
      for (let sent = 1; ; sent++) {
        const reply = (await ports.call(servers[leader]!, method, args)) as object | undefined;
        const refusal = isWrongLeader(reply) ? reply : undefined;
        if (reply !== undefined && refusal === undefined)
          return { reply: reply as R, sent, failed };
        if (rules.mayHaveHappened(refusal)) failed++;
        if (env.now() >= deadline) return { reply: undefined, sent, failed };
        leader = rules.nextServer(leader, servers.length, refusal);
        if (sent % servers.length === 0) await ports.pause(env);
      }
    }

    return {
      async get(key) {
        const { reply } = await ask<GetReply>('get', { key }, Infinity);
        return reply!;
      },

      async put(key, value, version) {
        const args: PutArgs = { key, value, version };
        const deadline = env.now() + (options.patienceMs ?? Infinity);
        const { reply, sent, failed } = await ask<PutReply>('put', args, deadline);
        return reply === undefined ? 'ErrMaybe' : rules.outcome(reply.err, { sent, failed });
      },
    };
  };
}

export const makeReplicatedKvClerk: MakeReplicatedKvClerk = replicatedKvClerk(
  replicatedClerkRules,
  replicatedClerkPorts,
);

function isWrongLeader(reply: object | undefined): reply is WrongLeader {
  return reply !== undefined && 'err' in reply && reply.err === 'ErrWrongLeader';
}
