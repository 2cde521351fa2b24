import type { KvClerk, KvLayers, Lock } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Selector } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';

/** A lock of the implementation under test, recorded for the check of mutual exclusion. */
export function addLock<P>(
  t: Tester<P, Pick<KvLayers, 'makeLock'>>,
  env: Env,
  clerk: KvClerk,
  name: string,
): Lock {
  const lock = t.layers(env).makeLock(env, clerk, name);
  const record = (op: string, work: () => Promise<void>): Promise<void> =>
    t.record(env, { op, name, owner: env.id }, work, () => ({}));
  return {
    async acquire() {
      await record('acquire', () => lock.acquire());
      env.show({ [name]: 'held' });
      t.count('acquired');
      t.probe('a lock was acquired');
    },
    async release() {
      env.show({ [name]: 'free' });
      await record('release', () => lock.release());
    },
  };
}

/** Who holds a lock now, as far as its clients know; nobody, if nobody does. */
export const holder: Selector = ({ world }) => {
  const holds = ([, fields]: [string, ReadonlyMap<string, unknown>]): boolean =>
    [...fields.values()].includes('held');
  return [...world.shown].findLast(holds)?.[0];
};
