import type { KvClerk } from '../../kvsrv/index.ts';
import type { Env, Peer } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** A clerk that sends more requests than this for one operation within the window is a storm. */
const STORM_REQUESTS = 20;
const STORM_WINDOW_MS = 100;

/**
 * Watches the requests of one clerk: an operation that floods the servers breaks a bound, whatever
 * its result.
 */
export class StormGuard {
  private readonly t: Pick<Tester<unknown, unknown>, 'expectWithin' | 'world'>;
  private readonly env: Env;
  // Times of the requests of the present operation. Let go of afterwards: a memory test counts
  // what its many clerks leave behind.
  private sentAt: number[] | undefined = undefined;

  constructor(t: Pick<Tester<unknown, unknown>, 'expectWithin' | 'world'>, env: Env) {
    this.t = t;
    this.env = env;
  }

  /** A server whose requests are watched. */
  peer(server: Peer): Peer {
    return {
      ...server,
      call: (method, args, options) => {
        this.sending();
        return server.call(method, args, options);
      },
    };
  }

  /** The clerk that uses the peers. */
  clerk(clerk: KvClerk): KvClerk {
    return {
      get: (key) => this.operation(() => clerk.get(key)),
      put: (key, value, version) => this.operation(() => clerk.put(key, value, version)),
    };
  }

  private sending(): void {
    const { t, env } = this;
    const sentAt = (this.sentAt ??= []);
    // In true time: the client's own clock may be set back.
    const now = t.world.now();
    sentAt.push(now);
    const first = sentAt.at(-STORM_REQUESTS - 1) ?? -Infinity;
    t.expectWithin('no request storm', now - first > STORM_WINDOW_MS, () => {
      const bound = `${STORM_REQUESTS} in ${STORM_WINDOW_MS} ms`;
      return `${env.id} sends more requests for one operation than ${bound}`;
    });
  }

  private async operation<T>(work: () => Promise<T>): Promise<T> {
    const result = await work();
    this.sentAt = undefined;
    return result;
  }
}
