import type { CallRecorder } from '../node/code-point.ts';
import type { CrashPoint } from './crash-point.ts';

/** Which crash points of a run are wanted. */
export interface CrashPointChoice {
  /** Default: those of all nodes. */
  readonly nodes?: readonly string[] | undefined;
  /** Names of env calls: `disk.write`, `send`, `reply`, ... Default: all. */
  readonly calls?: readonly string[] | undefined;
  /** Lives of a node, counted from 1. Default: the first only. */
  readonly lives?: readonly number[] | undefined;
  /** Default: both. There is nothing after a call that only looks. */
  readonly when?: readonly ('before' | 'after')[] | undefined;
  /** How long the node stays down, in ms. */
  readonly downMs: number;
}

/** Calls without an effect: a crash after them is a crash before the next one. */
const ONLY_LOOKING: ReadonlySet<string> = new Set([
  ...['now', 'monotonic', 'interval', 'channel', 'mutex', 'condition', 'waitGroup'],
  ...['disk.read', 'disk.list', 'disk.exists'],
]);

/**
 * The crash points of a small run, as fault actions: run it once more with each of them added to
 * its plan, and every env call of the chosen nodes has been the last one of a life.
 * @param run carries out the run that is to be crashed, in a world with this recorder
 *   ({@link WorldOptions.recordCalls})
 */
export async function crashPointsOf(
  run: (recordCalls: CallRecorder) => Promise<unknown>,
  { nodes, calls, lives = [1], when = ['before', 'after'], downMs }: CrashPointChoice,
): Promise<CrashPoint[]> {
  const points: CrashPoint[] = [];
  await run((node, life, name, call) => {
    if (nodes?.includes(node) === false || calls?.includes(name) === false) return;
    if (!lives.includes(life)) return;
    for (const side of when) {
      if (side === 'after' && ONLY_LOOKING.has(name)) continue;
      const id = `${node}#${life} crashes ${side} ${name}, its call ${call}`;
      points.push({ id, kind: 'crash-point', atMs: 0, node, life, call, when: side, downMs });
    }
  });
  return points;
}
