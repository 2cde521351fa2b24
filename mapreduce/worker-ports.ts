import type { Env, Peer } from '../sim/index.ts';
import type { WorkerHost } from './contract.ts';

/** How a worker reaches its surroundings; specimens replace one of these. */
export interface WorkerPorts {
  /** How long to wait before asking the coordinator again, in ms. */
  waitMs(env: Env): number;
  /** How often to tell of a completion before leaving it to somebody else's attempt. */
  readonly patience: number;
  /** Keep a file of intermediate pairs on this worker's disk, durably (§3.1, step 4). */
  keep(env: Env, name: string, content: string): Promise<void>;
  /**
   * What another worker has for a reduce task; undefined = it does not answer, or has nothing (any
   * more).
   */
  fetch(env: Env, worker: Peer, args: object): Promise<string | undefined>;
  /** Make an output there, whole or not at all, and the first one only (§3.3). */
  commit(host: WorkerHost, temporary: string, final: string, content: string): Promise<void>;
}

/** How often to ask another worker for its output, before it counts as lost. */
const FETCHES = 5;

export const workerPorts: WorkerPorts = {
  waitMs: (env) => env.random.between(50, 150),
  patience: 20,
  async keep({ disk }, name, content) {
    disk.write(name, content);
    await disk.fsync(name);
  },
  async fetch(env, worker, args) {
    for (let n = 0; n < FETCHES; n++) {
      const reply = (await worker.call('fetch', args)) as { content?: string } | undefined;
      if (reply !== undefined) return reply.content;
      await env.sleep(env.random.between(20, 100));
    }
    return undefined;
  },
  async commit({ files }, temporary, final, content) {
    await files.write(temporary, content);
    await files.commit(temporary, final);
  },
};
