import type { Env } from '../sim/index.ts';
import type { KvClerk, MakeLock } from './contract.ts';
import { FREE, lockRules, type LockRules } from './lock-rules.ts';

/** The longest wait before looking again whether a lock is free, in ms. */
const BACKOFF_LIMIT_MS = 64;

/** How the lock waits for its turn. */
export interface LockPorts {
  /** Wait before looking again; `looked` = how often it has looked in vain. */
  backOff(env: Env, looked: number): Promise<void>;
}

export const lockPorts: LockPorts = {
  // Random, so that waiters do not come back together; doubling, so that many do not flood the
  // server.
  backOff: (env, looked) =>
    env.sleep(env.random.between(1, Math.min(BACKOFF_LIMIT_MS, 2 << Math.min(looked, 5)))),
};

/**
 * The lock of lab 2: a key that holds the id of the holder, or nothing. A versioned put is a
 * compare-and-set, so of all who saw the lock free at one version only one gets it.
 */
export function lock(rules: LockRules, ports: LockPorts): MakeLock {
  return (env: Env, clerk: KvClerk, name: string) => {
    const key = rules.keyOf(name);
    const id = rules.holderId(env.random.token());
    return {
      async acquire() {
        for (let looked = 0; ; looked++) {
          const reply = await clerk.get(key);
          if (rules.isHeldBy(reply, id)) return;
          if (rules.isFree(reply)) {
            if (rules.hasAcquired(await clerk.put(key, id, reply.version))) return;
            continue;
          }
          await ports.backOff(env, looked);
        }
      },

      async release() {
        for (;;) {
          const reply = await clerk.get(key);
          if (!rules.isHeldBy(reply, id)) return;
          if (rules.hasReleased(await clerk.put(key, FREE, reply.version))) return;
        }
      },
    };
  };
}

export const makeLock: MakeLock = lock(lockRules, lockPorts);
