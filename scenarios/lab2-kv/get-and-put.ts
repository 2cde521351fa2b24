import type { KvClerk } from '../../kvsrv/index.ts';
import type { Env, Random } from '../../sim/index.ts';
import type { Intent } from '../define/plan.ts';

/** Draw gets and puts of one client, half of each, on so many keys, with pauses between them. */
export function drawGetsAndPuts(
  random: Random,
  what: { readonly operations: number; readonly keys: number; readonly thinkMs: number },
): Intent[] {
  return Array.from({ length: what.operations }, () => {
    const op = random.chance(1, 2) ? 'get' : 'put';
    const key = `k${random.below(what.keys)}`;
    return { op, key, thinkMs: random.between(0, what.thinkMs) };
  });
}

/**
 * Carry them out, one after the other. Each put writes something of its own, and is at a version
 * that this client has read or written: one that the key has, or had before.
 * @param isOver ends it before its time
 */
export async function getAndPut(
  env: Env,
  clerk: KvClerk,
  intents: readonly { readonly op: 'get' | 'put'; key: string; thinkMs: number }[],
  isOver: () => boolean = () => false,
): Promise<void> {
  const lastRead = new Map<string, number>();
  for (const [i, { op, key, thinkMs }] of intents.entries()) {
    if (isOver()) return;
    if (op === 'get') {
      lastRead.set(key, (await clerk.get(key)).version);
    } else {
      const version = lastRead.get(key) ?? 0;
      const err = await clerk.put(key, `${env.id}.${i}`, version);
      if (err === 'OK') lastRead.set(key, version + 1);
    }
    await env.sleep(thinkMs);
  }
}
