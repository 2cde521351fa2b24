import type { KvClerk, KvLayers, Lock } from '../../kvsrv/index.ts';
import type { Env, FaultAction, Random } from '../../sim/index.ts';
import type { Phases } from '../define/phases.ts';
import type { Intent } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { addLock } from './recorded-lock.ts';

/** Draw what one client does with so many locks: take some, hold them, and let them go. */
export function drawHolds(
  random: Random,
  what: { readonly rounds: number; readonly locks: number; readonly holdMs: number },
): Intent[] {
  return Array.from({ length: what.rounds }, () => {
    // Always in the same order: nested locks in any order may deadlock, and rightly so.
    const first = random.below(what.locks);
    const last = random.chance(1, 3) ? what.locks - 1 : first;
    const locks = Array.from({ length: last - first + 1 }, (_, j) => `l${first + j}`);
    return { op: 'hold', locks, holdMs: random.between(0, what.holdMs) };
  });
}

/**
 * Do it, through one clerk.
 * @param isOver ends it before its time, with no lock held
 */
export async function holdInTurn<P>(
  t: Tester<P, Pick<KvLayers, 'makeLock'>>,
  env: Env,
  clerk: KvClerk,
  intents: readonly { readonly locks: readonly string[]; readonly holdMs: number }[],
  isOver: () => boolean = () => false,
): Promise<void> {
  const locks = new Map<string, Lock>();
  const lockOf = (name: string): Lock => {
    const lock = locks.get(name) ?? addLock(t, env, clerk, name);
    locks.set(name, lock);
    return lock;
  };
  for (const { locks: names, holdMs } of intents) {
    if (isOver()) return;
    const held = names.map(lockOf);
    for (const lock of held) await lock.acquire();
    await env.sleep(holdMs);
    for (const lock of held.toReversed()) await lock.release();
  }
}

/** Whoever holds a lock stands still for a while: others must wait, however long it takes. */
export function drawHolderPauses(
  stream: DrawStream,
  { warmUpMs, chaosMs }: Pick<Phases, 'warmUpMs' | 'chaosMs'>,
): FaultAction[] {
  const count = stream('faults/holder').below(3);
  return Array.from({ length: count }, (_, i) => {
    const random = stream(`faults/holder${i}`);
    const atMs = warmUpMs + random.below(chaosMs);
    const untilMs = atMs + random.between(10, 500);
    return { id: `holder${i}`, kind: 'pause', atMs, untilMs, node: { select: 'holder' } };
  });
}
