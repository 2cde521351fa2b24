import type { ReplicatedKvLayers } from '../../kvsrv/index.ts';
import type { HistoryLine } from '../define/history.ts';
import type { Tester } from '../define/tester.ts';
import { keysOf } from '../lab2-kv/read-back.ts';
import { addRecordedClerk, type KvReplicas } from './cluster.ts';

/** Puts of one key, by what their clerk said. */
interface Puts {
  ok: number;
  maybe: number;
}

/**
 * Read all keys, by a client of its own. The version of a key counts the puts that were carried
 * out: all that said OK, and those among the ErrMaybe that were.
 * @param isQuiet nothing went wrong, so that every put is known
 */
export async function checkVersions(
  t: Tester<unknown, ReplicatedKvLayers>,
  replicas: KvReplicas<unknown>,
  { round, isQuiet }: { readonly round: number; readonly isQuiet: boolean },
): Promise<void> {
  const keys = keysOf(t.history.lines);
  const versions = new Map<string, number>();
  t.addClient(`reader.${round}`, async (env) => {
    const clerk = addRecordedClerk(t, env, replicas.ids);
    for (const key of keys) versions.set(key, (await clerk.get(key)).version);
  });
  await t.clientsDone();
  const puts = putsOf(t.history.lines);
  for (const [key, { ok, maybe }] of puts) {
    const version = versions.get(key)!;
    const most = isQuiet ? ok : ok + maybe;
    t.expect('the version counts the puts', version >= ok && version <= most, () => {
      const said = `${ok} puts said OK and ${maybe} ErrMaybe`;
      return `key "${key}" has version ${version}, and ${said}`;
    });
  }
}

function putsOf(history: readonly HistoryLine[]): Map<string, Puts> {
  const byKey = new Map<string, Puts>();
  for (const { input, output } of history) {
    const { op, key } = input as { readonly op: string; readonly key: string };
    if (op !== 'put') continue;
    const puts = byKey.get(key) ?? { ok: 0, maybe: 0 };
    byKey.set(key, puts);
    const { err } = output as { readonly err: string };
    if (err === 'OK') puts.ok++;
    if (err === 'ErrMaybe') puts.maybe++;
  }
  return byKey;
}
