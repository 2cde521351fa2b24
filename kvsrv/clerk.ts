import type { Env, Peer } from '../sim/index.ts';
import { clerkRules, type ClerkRules } from './clerk-rules.ts';
import type { GetReply, MakeKvClerk, PutArgs, PutReply } from './contract.ts';

/** The pause between two attempts that the course suggests, in ms. */
const RETRY_PAUSE_MS = 100;

/** How the clerk reaches the world. */
export interface ClerkPorts {
  /** Send a request; undefined if no reply came. */
  call(server: Peer, method: 'get' | 'put', args: unknown): Promise<unknown>;
  /** Wait before the next attempt. */
  pause(env: Env): Promise<void>;
}

export const clerkPorts: ClerkPorts = {
  call: (server, method, args) => server.call(method, args),
  pause: (env) => env.sleep(RETRY_PAUSE_MS),
};

/**
 * The clerk of lab 2: it tries again until it is answered, and says `ErrMaybe` if it cannot know.
 */
export function kvClerk(rules: ClerkRules, ports: ClerkPorts): MakeKvClerk {
  return (env, server, options = {}) => ({
    async get(key) {
      for (;;) {
        const reply = (await ports.call(server, 'get', { key })) as GetReply | undefined;
        if (reply !== undefined) return reply;
        await ports.pause(env);
      }
    },

    async put(key, value, version) {
      const args: PutArgs = { key, value, version };
      const deadline = env.monotonic() + (options.patienceMs ?? Infinity);
      for (let sent = 1; ; sent++) {
        const reply = (await ports.call(server, 'put', args)) as PutReply | undefined;
        if (reply !== undefined) return rules.outcome(reply.err, { sent, failed: sent - 1 });
        if (env.monotonic() >= deadline) return 'ErrMaybe';
        await ports.pause(env);
      }
    },
  });
}

export const makeKvClerk: MakeKvClerk = kvClerk(clerkRules, clerkPorts);
