import type { KvClerk, PutOutcome } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** A clerk whose operations are recorded for the linearizability check, and counted. */
export function recordedClerk(
  t: Pick<Tester<unknown, unknown>, 'record' | 'count' | 'probe'>,
  env: Env,
  clerk: KvClerk,
): KvClerk {
  return {
    get: (key) => t.record(env, { op: 'get', key }, () => clerk.get(key)),
    put: async (key, value, version) => {
      const input = { op: 'put', key, value, version };
      const work = (): Promise<PutOutcome> => clerk.put(key, value, version);
      const outcome = await t.record(env, input, work, (err) => ({ err }));
      t.count(outcome);
      if (outcome === 'ErrMaybe') t.probe('a put answered ErrMaybe');
      return outcome;
    },
  };
}
