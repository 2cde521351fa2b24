/**
 * Lab 2 as one would write it in Go: a server whose handlers are tasks under a mutex, a clerk, a
 * lock with a ticket, all independent of Faultlab's own. Try it with
 *
 *     faultlab sweep kv/chaos --impl examples/kv-async.ts
 */
import type {
  ClerkOptions,
  GetArgs,
  GetReply,
  KvClerk,
  KvServer,
  Lock,
  PutArgs,
  PutOutcome,
  PutReply,
} from 'faultlab/kvsrv';
import type { Channel, Env, Mutex, Peer } from 'faultlab/sim';

/** How long the server takes to look a key up, in ms: long enough for requests to overlap. */
const LOOK_UP_MS = 1;

interface Row {
  value: string;
  version: number;
}

class AsyncServer implements KvServer {
  readonly handlers: KvServer['handlers'];
  private readonly env: Env;
  private readonly mutex: Mutex;
  private readonly table: Map<string, Row>;
  /** Rows on their way to the disk; a task of its own writes them. */
  private readonly dirty: Channel<() => void>;

  constructor(env: Env) {
    this.env = env;
    this.mutex = env.mutex();
    this.dirty = env.channel(0);
    const saved = env.disk.read('table');
    this.table = new Map(saved === undefined ? [] : (JSON.parse(String(saved)) as [string, Row][]));
    this.handlers = { get: (args) => this.get(args), put: (args) => this.put(args) };
    env.spawn('writer', () => this.writeRows());
  }

  private async get({ key }: GetArgs): Promise<GetReply> {
    await this.mutex.lock();
    await this.env.sleep(LOOK_UP_MS);
    const row = this.table.get(key);
    this.mutex.unlock();
    if (row === undefined) return { value: '', version: 0, err: 'ErrNoKey' };
    return { value: row.value, version: row.version, err: 'OK' };
  }

  private async put({ key, value, version }: PutArgs): Promise<PutReply> {
    await this.mutex.lock();
    try {
      await this.env.sleep(LOOK_UP_MS);
      const row = this.table.get(key);
      if (row === undefined && version > 0) return { err: 'ErrNoKey' };
      if (row !== undefined && row.version !== version) return { err: 'ErrVersion' };
      // The test above and the write below stand under one lock.
      this.table.set(key, { value, version: version + 1 });
      await this.saved();
      return { err: 'OK' };
    } finally {
      this.mutex.unlock();
    }
  }

  /** Resolves once everything so far is on the disk. */
  private async saved(): Promise<void> {
    const group = this.env.waitGroup();
    group.add(1);
    await this.dirty.send(() => group.done());
    await group.wait();
  }

  private async writeRows(): Promise<void> {
    for (;;) {
      const request = await this.dirty.receive();
      if (request.status !== 'value') return;
      this.env.disk.save('table', JSON.stringify([...this.table]));
      request.value();
    }
  }
}

class AsyncClerk implements KvClerk {
  private readonly env: Env;
  private readonly server: Peer;
  private readonly patienceMs: number;

  constructor(env: Env, server: Peer, options: ClerkOptions) {
    this.env = env;
    this.server = server;
    this.patienceMs = options.patienceMs ?? Infinity;
  }

  async get(key: string): Promise<GetReply> {
    let reply = await this.server.call('get', { key });
    while (reply === undefined) {
      await this.env.sleep(100);
      reply = await this.server.call('get', { key });
    }
    return reply as GetReply;
  }

  async put(key: string, value: string, version: number): Promise<PutOutcome> {
    const startedMs = this.env.monotonic();
    let isRetry = false;
    for (;;) {
      const reply = await this.server.call('put', { key, value, version });
      if (reply !== undefined) {
        const { err } = reply as PutReply;
        return isRetry && err !== 'OK' ? 'ErrMaybe' : err;
      }
      isRetry = true;
      if (this.env.monotonic() - startedMs >= this.patienceMs) return 'ErrMaybe';
      await this.env.sleep(100);
    }
  }
}

class AsyncLock implements Lock {
  private readonly env: Env;
  private readonly clerk: KvClerk;
  private readonly key: string;
  private readonly ticket: string;

  constructor(env: Env, clerk: KvClerk, name: string) {
    this.env = env;
    this.clerk = clerk;
    this.key = `mutex:${name}`;
    this.ticket = `${env.id}-${env.random.token()}`;
  }

  async acquire(): Promise<void> {
    for (;;) {
      const { value, version } = await this.clerk.get(this.key);
      if (value === this.ticket) return;
      if (value === '') await this.clerk.put(this.key, this.ticket, version);
      else await this.env.sleep(this.env.random.between(5, 25));
    }
  }

  async release(): Promise<void> {
    for (;;) {
      const { value, version } = await this.clerk.get(this.key);
      if (value !== this.ticket) return;
      await this.clerk.put(this.key, '', version);
    }
  }
}

export const makeKvServer = (env: Env): KvServer => new AsyncServer(env);

export const makeKvClerk = (env: Env, server: Peer, options: ClerkOptions = {}): KvClerk =>
  new AsyncClerk(env, server, options);

export const makeLock = (env: Env, clerk: KvClerk, name: string): Lock =>
  new AsyncLock(env, clerk, name);
