import type { Version } from '../../kvsrv/index.ts';
import { shardOf } from '../../shardkv/index.ts';
import { keys, type ScriptRun } from './scripted.ts';

/** Keys that only workers write: those of the script must stay as they are. */
const workKeys: readonly string[] = keys.map((key) => `w${key}`);

/** Longest pause between two keys, for each worker, in ms: hundreds of operations a second. */
const THINK_MS = 8;

/** Workers, until they are told to stop. */
export interface Workers {
  /** Resolves when all have finished what they were at. */
  stop(): Promise<void>;
}

/**
 * Clients that put and get, each on keys drawn from all shards. (Those of the official tests are
 * handed sixty keys, and use the first one only.)
 */
export function startWorkers({ t, cluster }: ScriptRun, count: number): Workers {
  const stage = { isOver: false };
  const shards = new Set<number>();
  for (let i = 0; i < count; i++) {
    t.addClient(`worker${i}`, async (env) => {
      const clerk = cluster.clerk(env);
      const versions = new Map<string, Version>();
      for (let n = 0; !stage.isOver; n++) {
        const key = env.random.pick(workKeys);
        await clerk.put(key, `${env.id}.${n}`, versions.get(key) ?? 0);
        versions.set(key, (await clerk.get(key)).version);
        shards.add(shardOf(key, cluster.shards));
        await env.sleep(env.random.below(THINK_MS * count + 1));
      }
    });
  }
  return {
    async stop() {
      stage.isOver = true;
      await t.clientsDone();
      t.count('shards used', shards.size);
    },
  };
}
