import {
  handlersOf,
  makeKvClerk,
  makeKvServer,
  makeLock,
  type KvClerk,
  type KvLayers,
} from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { recordedClerk } from './recorded-clerk.ts';
import { StormGuard } from './storm-guard.ts';

/** Our implementation of lab 2. */
export const kvLayers: KvLayers = { makeKvServer, makeKvClerk, makeLock };

/** The one server of lab 2. */
export const SERVER = 'server';

/** Add the server: whatever survives its crashes is on its disk. */
export function addServer<P>(t: Tester<P, KvLayers>): void {
  t.addNode(SERVER, (env) => env.serve(handlersOf(t.layers(env).makeKvServer(env))));
}

/** A clerk of the implementation under test, whose requests are watched. */
export function addClerk<P>(
  t: Tester<P, KvLayers>,
  env: Env,
  options: { readonly patienceMs?: number | undefined } = {},
): KvClerk {
  const guard = new StormGuard(t, env);
  const server = guard.peer(env.peer(SERVER));
  return guard.clerk(t.layers(env).makeKvClerk(env, server, options));
}

/** The same, recorded. */
export function addRecordedClerk<P>(
  t: Tester<P, KvLayers>,
  env: Env,
  options: { readonly patienceMs?: number | undefined } = {},
): KvClerk {
  return recordedClerk(t, env, addClerk(t, env, options));
}
