import {
  handlersOf,
  makeKvClerk,
  makeKvServer,
  makeLock,
  type KvClerk,
  type KvLayers,
  type KvServer,
  type PutArgs,
  type PutReply,
} from '../../kvsrv/index.ts';
import type { CallHandler, Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { recordedClerk } from './recorded-clerk.ts';
import { StormGuard } from './storm-guard.ts';

/** Our implementation of lab 2. */
export const kvLayers: KvLayers = { makeKvServer, makeKvClerk, makeLock };

/** The one server of lab 2. */
export const SERVER = 'server';

/** Add the server: whatever survives its crashes is on its disk. */
export function addServer<P>(t: Tester<P, KvLayers>): void {
  t.addNode(SERVER, (env) => env.serve(revealing(t, t.layers(env).makeKvServer(env))));
}

/** Handlers whose puts are told to whoever wants to see the keys. */
function revealing<P>(
  t: Pick<Tester<P, KvLayers>, 'reveal'>,
  server: KvServer,
): Readonly<Record<string, CallHandler>> {
  const handlers = handlersOf(server);
  const { put } = server.handlers;
  const told = ({ key, value, version }: PutArgs, reply: PutReply): PutReply => {
    if (reply?.err === 'OK') {
      t.reveal('keys', SERVER, () => [{ row: key, cells: { value, version: version + 1 } }]);
    }
    return reply;
  };
  return {
    ...handlers,
    put: (args: PutArgs) => {
      // Not as a method of anything: its frame in a stack is that of its author.
      const reply = put(args);
      return reply instanceof Promise ? reply.then((it) => told(args, it)) : told(args, reply);
    },
  };
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
