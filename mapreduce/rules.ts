import type { Running, Task } from './job-table.ts';

/** What the coordinator decides; specimens replace one of these. */
export interface CoordinatorRules {
  /** May reduce tasks be handed out? They need the output of every map task (§3.1, step 5). */
  mayReduce(maps: readonly Task[]): boolean;
  /** Has somebody had a task for too long? Dead or slow, nobody can tell (§3.3). */
  hasExpired(running: Running, nowMs: number, timeoutMs: number): boolean;
  /** Does the output of an attempt count? That of the first one does, and of no other (§3.3). */
  counts(task: Task, attempt: number): boolean;
  /** Shall a task that is in progress be handed out once more? (§3.6) */
  wantsBackup(task: Task, nowMs: number, tookMs: readonly number[]): boolean;
  /** Is the job done? When every reduce task is (§3.1, step 7). */
  isDone(maps: readonly Task[], reduces: readonly Task[]): boolean;
}

/** A backup is for a task that takes so many times as long as others did. */
const STRAGGLES = 1.5;

export const coordinatorRules: CoordinatorRules = {
  mayReduce: (maps) => maps.every(({ completed }) => completed !== undefined),
  hasExpired: ({ sinceMs }, nowMs, timeoutMs) => nowMs - sinceMs >= timeoutMs,
  counts: ({ completed }) => completed === undefined,
  wantsBackup({ completed, running }, nowMs, tookMs) {
    if (completed !== undefined || running.length !== 1 || tookMs.length === 0) return false;
    const usual = tookMs.toSorted((a, b) => a - b)[tookMs.length >> 1]!;
    return nowMs - running[0]!.sinceMs > STRAGGLES * usual;
  },
  isDone: (_maps, reduces) => reduces.every(({ completed }) => completed !== undefined),
};
