import {
  makeLock,
  makeReplicatedKvClerk,
  makeReplicatedKvServer,
  type ClerkOptions,
  type KvClerk,
  type ReplicatedKvLayers,
  type ReplicatedKvServer,
} from '../../kvsrv/index.ts';
import { makeRaft, makeRsm } from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { recordedClerk } from '../lab2-kv/recorded-clerk.ts';
import { StormGuard } from '../lab2-kv/storm-guard.ts';
import { Replicas, type ReplicasOptions } from './replicas.ts';

/** Our implementation of lab 4. */
export const replicatedKvLayers: ReplicatedKvLayers = {
  makeRaft,
  makeRsm,
  makeReplicatedKvServer,
  makeReplicatedKvClerk,
  makeLock,
};

/** The servers of the replicated key/value service. */
export type KvReplicas<P> = Replicas<P, ReplicatedKvServer>;

/** Add so many servers, which take snapshots at `maxRaftState` bytes; -1 = never. */
export function addKvServers<P>(
  t: Tester<P, ReplicatedKvLayers>,
  options: Omit<ReplicasOptions<ReplicatedKvServer>, 'isSynchronous' | 'boot'>,
): KvReplicas<P> {
  const { isSynchronous = false } = t.declaredLayers().makeReplicatedKvServer;
  return new Replicas(t, {
    ...options,
    isSynchronous,
    boot: (env, host) => t.layers(env).makeReplicatedKvServer(env, host),
  });
}

/**
 * A clerk of the implementation under test, whose requests are watched.
 * @param servers ids of the servers that it knows, in the order in which they name each other
 */
export function addClerk<P>(
  t: Tester<P, ReplicatedKvLayers>,
  env: Env,
  servers: readonly string[],
  options: ClerkOptions = {},
): KvClerk {
  const guard = new StormGuard(t, env);
  const peers = servers.map((id) => guard.peer(env.peer(id)));
  return guard.clerk(t.layers(env).makeReplicatedKvClerk(env, peers, options));
}

/** The same, recorded for the linearizability check. */
export function addRecordedClerk<P>(
  t: Tester<P, ReplicatedKvLayers>,
  env: Env,
  servers: readonly string[],
  options: ClerkOptions = {},
): KvClerk {
  return recordedClerk(t, env, addClerk(t, env, servers, options));
}
