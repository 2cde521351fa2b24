import type { KvClerk, KvLayers, Lock } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** A lock of the implementation under test, recorded for the check of mutual exclusion. */
export function addLock<P>(t: Tester<P, KvLayers>, env: Env, clerk: KvClerk, name: string): Lock {
  const lock = t.layers(env).makeLock(env, clerk, name);
  const record = (op: string, work: () => Promise<void>): Promise<void> =>
    t.record(env, { op, name, owner: env.id }, work, () => ({}));
  return {
    async acquire() {
      await record('acquire', () => lock.acquire());
      t.count('acquired');
      t.probe('a lock was acquired');
    },
    release: () => record('release', () => lock.release()),
  };
}
