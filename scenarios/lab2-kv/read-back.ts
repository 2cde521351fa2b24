import type { GetReply, KvClerk } from '../../kvsrv/index.ts';
import type { Env } from '../../sim/index.ts';
import type { HistoryLine } from '../define/history.ts';
import type { Tester } from '../define/tester.ts';

/**
 * Read every key once more when all clients are done, as a client of its own: what the run left
 * behind is part of the history, too. Returns the answers by key.
 * @param makeClerk its clerk
 * @param id its name
 */
export async function readBack(
  t: Pick<Tester<unknown, unknown>, 'addClient' | 'clientsDone'>,
  keys: readonly string[],
  makeClerk: (env: Env) => KvClerk,
  id: string = 'reader',
): Promise<Map<string, GetReply>> {
  const answers = new Map<string, GetReply>();
  t.addClient(id, async (env) => {
    const clerk = makeClerk(env);
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
