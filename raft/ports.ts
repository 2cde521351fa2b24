import type { Env, Peer } from '../sim/index.ts';
import type { Apply, ApplyMessage, Persister } from './contract.ts';
import type { Changes } from './core/effects.ts';
import type { Durable } from './core/state.ts';
import { diskStorage } from './storage/disk-storage.ts';
import { persisterStorage } from './storage/persister-storage.ts';
import type { Storage } from './storage/storage.ts';

/** How a server reaches the world: moments and paths, which specimens get wrong. */
export interface Ports {
  /** See {@link Storage.persist}. Nothing of the step may be observed before `done`. */
  persist(
    env: Env,
    storage: Storage,
    changes: Changes,
    whole: () => Durable,
    done: () => void,
  ): void;
  /** What the persister is used for. */
  storage(persister: Persister): Storage;
  /** Where a server keeps its state that does so by itself. */
  storageOnDisk(env: Env): Storage;
  /** Send a request; `done` is given the reply, or undefined if the call failed. */
  call(env: Env, peer: Peer, method: string, args: unknown, done: (reply: never) => void): void;
  /** Hand a message to the service. */
  apply(env: Env, apply: Apply, message: ApplyMessage): void;
  /** A new election time-out, drawn each time the timer starts (§5.2), in ms. */
  electionTimeoutMs(env: Env): number;
  /** What the election timer goes by: the time that has passed, in ms. */
  elapsedMs(env: Env): number;
}

/**
 * Election time-outs, in ms: several heartbeats, so that a lost one means nothing; and far enough
 * apart that mostly one server runs out before the others (§5.2, §9.3).
 */
const ELECTION_TIMEOUT_MS = [400, 800] as const;

export const ports: Ports = {
  persist: (_env, storage, changes, whole, done) => storage.persist(changes, whole, done),
  storage: persisterStorage,
  storageOnDisk: ({ disk }) => diskStorage(disk),
  call: (_env, peer, method, args, done) =>
    peer.request(method, args, done as (reply: unknown) => void),
  apply: (_env, apply, message) => void apply(message),
  electionTimeoutMs: ({ random }) => random.between(...ELECTION_TIMEOUT_MS),
  // Not now(): a clock that is set back must not put elections off.
  elapsedMs: (env) => env.monotonic(),
};
