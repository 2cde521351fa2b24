import type { CallHandler, Env, Peer } from '../sim/index.ts';

/**
 * The contracts of lab 2 (labs.md §7): what our server, clerk and lock offer, and what anybody's
 * must offer to stand in for them.
 */

/** Version of a key: the number of times it was written; 0 = it does not exist. */
export type Version = number;

export interface GetArgs {
  readonly key: string;
}

export interface GetReply {
  /** Empty if there is no such key. */
  readonly value: string;
  /** 0 if there is no such key. */
  readonly version: Version;
  readonly err: 'OK' | 'ErrNoKey';
}

export interface PutArgs {
  readonly key: string;
  readonly value: string;
  /** Write only if the key is at this version; 0 creates the key. */
  readonly version: Version;
}

/** What a server answers to a put. */
export type PutErr =
  | 'OK'
  /** The key exists, at another version. Nothing was written. */
  | 'ErrVersion'
  /** The key does not exist, and the version was not 0. Nothing was written. */
  | 'ErrNoKey';

export interface PutReply {
  readonly err: PutErr;
}

/**
 * What a clerk answers to a put. `ErrMaybe`: it may or may not have been executed; only a clerk
 * says so, never a server.
 */
export type PutOutcome = PutErr | 'ErrMaybe';

/** A server, as its RPC handlers. Anything that must survive a crash goes to `env.disk`. */
export interface KvServer {
  readonly handlers: {
    get(args: GetArgs): GetReply | Promise<GetReply>;
    put(args: PutArgs): PutReply | Promise<PutReply>;
  };
}

export type MakeKvServer = (env: Env) => KvServer;

/** A client's way to the server: retries until it knows, and is honest when it cannot know. */
export interface KvClerk {
  get(key: string): Promise<GetReply>;
  put(key: string, value: string, version: Version): Promise<PutOutcome>;
}

export interface ClerkOptions {
  /**
   * Give a put up after so many ms of failed attempts, and answer `ErrMaybe`. Default: never, as in
   * the labs. Gets are never given up.
   */
  readonly patienceMs?: number | undefined;
}

export type MakeKvClerk = (env: Env, server: Peer, options?: ClerkOptions) => KvClerk;

/**
 * Mutual exclusion among clients, kept in one key of a KV server. No lease: holders do not crash.
 */
export interface Lock {
  /** Resolves once this client holds the lock. */
  acquire(): Promise<void>;
  /** Resolves once this client holds it no longer. Call it only while holding. */
  release(): Promise<void>;
}

export type MakeLock = (env: Env, clerk: KvClerk, name: string) => Lock;

/** The layers of lab 2; a user's file exports any subset under these names. */
export interface KvLayers {
  readonly makeKvServer: MakeKvServer;
  readonly makeKvClerk: MakeKvClerk;
  readonly makeLock: MakeLock;
}

/** Handlers in the shape that {@link Env.serve} takes. */
export function handlersOf(server: KvServer): Readonly<Record<string, CallHandler>> {
  return { get: server.handlers.get, put: server.handlers.put };
}
