import type { KvClerk, PutOutcome, Version } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** A clerk whose puts are counted by what it says to them. */
export function countedClerk(
  t: Pick<Tester<unknown, unknown>, 'count' | 'probe'>,
  clerk: KvClerk,
): KvClerk {
  return {
    get: (key) => clerk.get(key),
    async put(key, value, version) {
      const outcome = await clerk.put(key, value, version);
      t.count(outcome);
      if (outcome === 'ErrMaybe') t.probe('a put answered ErrMaybe');
      return outcome;
    },
  };
}

/**
 * The same, recorded for the linearizability check.
 * @param acknowledged told of every version of a key that a put is said to have made
 */
export function recordedClerk(
  t: Pick<Tester<unknown, unknown>, 'record' | 'count' | 'probe'>,
  env: Env,
  clerk: KvClerk,
  acknowledged: (key: string, version: Version) => void = () => {},
): KvClerk {
  return countedClerk(t, {
    get: (key) => t.record(env, { op: 'get', key }, () => clerk.get(key)),
    put: (key, value, version) => {
      const input = { op: 'put', key, value, version };
      const work = (): Promise<PutOutcome> => clerk.put(key, value, version);
      return t.record(env, input, work, (err) => {
        if (err === 'OK') acknowledged(key, version + 1);
        return { err };
      });
    },
  });
}
