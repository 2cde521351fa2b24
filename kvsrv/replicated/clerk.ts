import { CommandTooLarge } from '../../raft/index.ts';
import type { Env, Peer } from '../../sim/index.ts';
import { clerkRules, type ClerkRules } from '../clerk-rules.ts';
import type { GetReply, PutArgs, PutReply } from '../contract.ts';
import type { MakeReplicatedKvClerk, TooLarge, WrongLeader } from './contract.ts';

/**
 * A server that takes longer may have been cut off from the others: ask another one. In ms, long
 * enough for an election.
 */
const CALL_TIMEOUT_MS = 1000;

/**
 * Pauses after rounds in which all servers were asked in vain, in ms; the last one is that of all
 * later rounds. A few of them are as long as an election.
 */
const ROUND_PAUSES_MS = [50, 100, 200] as const;

/** How the clerk reaches the world. */
export interface ReplicatedClerkPorts {
  /** Send a request; undefined if no reply came in time. */
  call(server: Peer, method: 'get' | 'put', args: unknown): Promise<unknown>;
  /**
   * Wait after a whole round of servers, none of which leads.
   * @param rounds such rounds of the present request, from 1
   */
  pause(env: Env, rounds: number): Promise<void>;
}

export const replicatedClerkPorts: ReplicatedClerkPorts = {
  call: (server, method, args) => server.call(method, args, { timeoutMs: CALL_TIMEOUT_MS }),
  pause: (env, rounds) => env.sleep(ROUND_PAUSES_MS[rounds - 1] ?? ROUND_PAUSES_MS.at(-1)!),
};

/** The decisions of the clerk. */
export interface ReplicatedClerkRules extends ClerkRules {
  /** May an attempt that was not answered have been carried out, or still be? */
  mayHaveHappened(reply: WrongLeader | undefined): boolean;
  /**
   * Whom to ask next, of so many servers.
   * @param tried who was asked in this round; not all of them
   */
  nextServer(
    asked: number,
    servers: number,
    reply: WrongLeader | undefined,
    tried: ReadonlySet<number>,
  ): number;
}

export const replicatedClerkRules: ReplicatedClerkRules = {
  ...clerkRules,
  // A server that has not started the request says so; nobody else knows.
  mayHaveHappened: (reply) => reply === undefined || reply.isMaybe === true,

  // What a server says is a hint: two of them may each take the other for the leader, or somebody
  // who died. So every round asks everybody once.
  nextServer(asked, servers, reply, tried) {
    const hint = reply?.leader;
    const isOther = hint !== undefined && hint !== asked && !tried.has(hint);
    if (isOther && hint >= 0 && hint < servers) return hint;
    let next = (asked + 1) % servers;
    while (tried.has(next)) next = (next + 1) % servers;
    return next;
  },
};

/** The clerk of lab 4B: it finds the leader, remembers it, and is honest when it cannot know. */
export function replicatedKvClerk(
  rules: ReplicatedClerkRules,
  ports: ReplicatedClerkPorts,
): MakeReplicatedKvClerk {
  return (env, servers, options = {}) => {
    /** Whom to ask first: who led last, or may lead. */
    let leader = 0;

    /** @returns the answer, and how many attempts before it may have been carried out. */
    async function ask<R>(
      method: 'get' | 'put',
      args: unknown,
      deadline: number,
    ): Promise<{ readonly reply: R | undefined; readonly sent: number; readonly failed: number }> {
      let failed = 0;
      const tried = new Set<number>();
      for (let sent = 1; ; sent++) {
        const asked = leader;
        const reply = (await ports.call(servers[asked]!, method, args)) as object | undefined;
        if (isTooLarge(reply)) throw new CommandTooLarge(reply.bytes, reply.most);
        const refusal = isWrongLeader(reply) ? reply : undefined;
        if (reply !== undefined && refusal === undefined) {
          return { reply: reply as R, sent, failed };
        }
        if (rules.mayHaveHappened(refusal)) failed++;
        if (env.monotonic() >= deadline) return { reply: undefined, sent, failed };
        tried.add(asked);
        if (sent % servers.length === 0) {
          await ports.pause(env, sent / servers.length);
          tried.clear();
        }
        leader = rules.nextServer(asked, servers.length, refusal, tried);
      }
    }

    return {
      async get(key) {
        const { reply } = await ask<GetReply>('get', { key }, Infinity);
        return reply!;
      },

      async put(key, value, version) {
        const args: PutArgs = { key, value, version };
        const deadline = env.monotonic() + (options.patienceMs ?? Infinity);
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

function isTooLarge(reply: object | undefined): reply is TooLarge {
  return reply !== undefined && 'err' in reply && reply.err === 'ErrTooLarge';
}
