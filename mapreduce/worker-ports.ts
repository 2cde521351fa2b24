import type { Env, Peer } from '../sim/index.ts';
import type { WorkerHost } from './contract.ts';
import type { FetchArgs, FetchReply } from './held-outputs.ts';
import { intermediateName } from './names.ts';
import { encode, type Buckets } from './pairs.ts';

/** A map attempt, and how many reduce tasks its output is for. */
export interface Kept {
  readonly task: number;
  readonly attempt: number;
  readonly reduces: number;
}

/** How a worker reaches its surroundings; specimens replace one of these. */
export interface WorkerPorts {
  /** How long to wait before asking the coordinator again, in ms. */
  waitMs(env: Env): number;
  /** How often to tell of a completion before leaving it to somebody else's attempt. */
  readonly patience: number;
  /** Keep the output of a map attempt on this worker's disk, durably (§3.1, step 4). */
  keep(env: Env, output: Kept, buckets: Buckets): Promise<void>;
  /** What another holder has for a reduce task; undefined = it does not answer (any more). */
  fetch(env: Env, holder: Peer, args: FetchArgs): Promise<FetchReply | undefined>;
  /** Make an output there, whole or not at all, and the first one only (§3.3). */
  commit(host: WorkerHost, temporary: string, final: string, content: string): Promise<void>;
}

/** How often to ask a holder for its outputs, before they count as lost. */
const FETCHES = 5;

export const workerPorts: WorkerPorts = {
  waitMs: (env) => env.random.between(50, 150),
  patience: 20,
  async keep({ disk }, { task, attempt, reduces }, buckets) {
    // One for each reduce task, with nothing in it or not: what is missing is known to be lost.
    for (let reduce = 0; reduce < reduces; reduce++) {
      const name = intermediateName(task, attempt, reduce);
      disk.write(name, encode(buckets.get(reduce) ?? []));
      await disk.fsync(name);
    }
  },
  async fetch(env, holder, args) {
    for (let n = 0; n < FETCHES; n++) {
      const reply = (await holder.call('fetch', args)) as FetchReply | undefined;
      if (reply?.contents !== undefined || reply?.gone !== undefined) return reply;
      await env.sleep(env.random.between(20, 100));
    }
    return undefined;
  },
  async commit({ files }, temporary, final, content) {
    await files.write(temporary, content);
    await files.commit(temporary, final);
  },
};
