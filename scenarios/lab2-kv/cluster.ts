import {
  handlersOf,
  makeKvClerk,
  makeKvServer,
  makeLock,
  type KvClerk,
  type KvLayers,
  type PutOutcome,
} from '../../kvsrv/index.ts';
import type { Env, Peer } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** Our implementation of lab 2. */
export const kvLayers: KvLayers = { makeKvServer, makeKvClerk, makeLock };

/** The one server of lab 2. */
export const SERVER = 'server';

/** A clerk that sends more requests than this for one operation within the window is a storm. */
const STORM_REQUESTS = 20;
const STORM_WINDOW_MS = 100;

/** Add the server: whatever survives its crashes is on its disk. */
export function addServer<P>(t: Tester<P, KvLayers>): void {
  t.addNode(SERVER, (env) => env.serve(handlersOf(t.layers(env).makeKvServer(env))));
}

/**
 * A clerk of the implementation under test, whose requests are watched: an operation that floods
 * the server breaks a bound, whatever its result.
 */
export function addClerk<P>(
  t: Tester<P, KvLayers>,
  env: Env,
  options: { readonly patienceMs?: number | undefined } = {},
): KvClerk {
  // Times of the requests of the present operation. Let go of afterwards: a memory test counts
  // what its many clerks leave behind.
  let sentAt: number[] | undefined;
  const server = env.peer(SERVER);
  const watched: Peer = {
    ...server,
    call(method, args, callOptions) {
      sentAt ??= [];
      // In true time: the client's own clock may be set back.
      const now = t.world.now();
      sentAt.push(now);
      const first = sentAt.at(-STORM_REQUESTS - 1) ?? -Infinity;
      t.expectWithin('no request storm', now - first > STORM_WINDOW_MS, () => {
        const bound = `${STORM_REQUESTS} in ${STORM_WINDOW_MS} ms`;
        return `${env.id} sends more requests for one operation than ${bound}`;
      });
      return server.call(method, args, callOptions);
    },
  };
  const clerk = t.layers(env).makeKvClerk(env, watched, options);
  const operation = async <T>(work: () => Promise<T>): Promise<T> => {
    const result = await work();
    sentAt = undefined;
    return result;
  };
  return {
    get: (key) => operation(() => clerk.get(key)),
    put: (key, value, version) => operation(() => clerk.put(key, value, version)),
  };
}

/** A clerk whose operations are recorded for the linearizability check, and counted. */
export function addRecordedClerk<P>(
  t: Tester<P, KvLayers>,
  env: Env,
  options: { readonly patienceMs?: number | undefined } = {},
): KvClerk {
  const clerk = addClerk(t, env, options);
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
