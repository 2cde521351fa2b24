import type { GetReply, KvLayers } from '../../kvsrv/index.ts';
import type { HistoryLine } from '../define/history.ts';
import type { Tester } from '../define/tester.ts';
import { addRecordedClerk } from './cluster.ts';

/**
 * Read every key once more when all clients are done, as a client of its own: what the run left
 * behind is part of the history, too. Returns the answers by key.
 */
export async function readBack<P>(
  t: Tester<P, KvLayers>,
  keys: readonly string[],
): Promise<Map<string, GetReply>> {
  const answers = new Map<string, GetReply>();
  t.addClient('reader', async (env) => {
    const clerk = addRecordedClerk(t, env);
    for (const key of keys) answers.set(key, await clerk.get(key));
  });
  await t.clientsDone();
  return answers;
}

/** The keys that a history names, sorted. */
export function keysOf(history: readonly HistoryLine[]): string[] {
  const keys = history.map((line) => (line.input as { readonly key: string }).key);
  return [...new Set(keys)].toSorted();
}
