/**
 * Lab 2: a key/value server with versions, a clerk that is honest about what it cannot know, and a
 * lock on top of them. Everything that a node may touch comes from `env`; see docs/from-go.md.
 */
import type {
  ClerkOptions,
  GetArgs,
  GetReply,
  KvClerk,
  KvServer,
  Lock,
  MakeKvClerk,
  MakeKvServer,
  MakeLock,
  PutArgs,
  PutOutcome,
  PutReply,
} from 'faultlab/kvsrv';
import type { Env, Peer } from 'faultlab/sim';

class MyServer implements KvServer {
  /** What others may call. */
  readonly handlers = {
    get: (args: GetArgs): GetReply => this.get(args),
    put: (args: PutArgs): PutReply => this.put(args),
  };

  /** The server crashes, too: what must survive that is on `env.disk`. */
  protected readonly env: Env;

  constructor(env: Env) {
    this.env = env;
    // Your code here.
  }

  /** The value and version of a key; ErrNoKey with '' and 0 if there is none. */
  private get(_args: GetArgs): GetReply {
    // Your code here.
    return { value: '', version: 0, err: 'ErrNoKey' };
  }

  /**
   * Writes if the version is that of the key; version 0 creates a key that is not there. Otherwise
   * ErrVersion, or ErrNoKey if there is no such key.
   */
  private put(_args: PutArgs): PutReply {
    // Your code here.
    return { err: 'ErrVersion' };
  }
}

class MyClerk implements KvClerk {
  protected readonly env: Env;
  protected readonly server: Peer;
  protected readonly options: ClerkOptions;

  constructor(env: Env, server: Peer, options: ClerkOptions) {
    this.env = env;
    this.server = server;
    this.options = options;
  }

  /** Tries until it has an answer. */
  async get(key: string): Promise<GetReply> {
    const reply = await this.server.call('get', { key } satisfies GetArgs);
    // Your code here: undefined = the request or its answer was lost.
    return reply as GetReply;
  }

  /**
   * Tries until it has an answer; ErrMaybe if it cannot know whether the put was carried out. With
   * `options.patienceMs` it answers ErrMaybe after so many ms in vain.
   */
  async put(key: string, value: string, version: number): Promise<PutOutcome> {
    const reply = await this.server.call('put', { key, value, version } satisfies PutArgs);
    // Your code here.
    return (reply as PutReply).err;
  }
}

class MyLock implements Lock {
  protected readonly env: Env;
  protected readonly clerk: KvClerk;
  protected readonly name: string;

  constructor(env: Env, clerk: KvClerk, name: string) {
    this.env = env;
    this.clerk = clerk;
    this.name = name;
  }

  /** Returns when this client holds the lock. */
  async acquire(): Promise<void> {
    // Your code here.
  }

  /** Returns when it holds it no longer. */
  async release(): Promise<void> {
    // Your code here.
  }
}

/** Called when the server starts, and again after each crash. */
export const makeKvServer: MakeKvServer = (env) => new MyServer(env);

export const makeKvClerk: MakeKvClerk = (env, server, options = {}) =>
  new MyClerk(env, server, options);

export const makeLock: MakeLock = (env, clerk, name) => new MyLock(env, clerk, name);
