import type { Job } from './contract.ts';
import type { Running, Task } from './job-table.ts';

/** How far the tasks of one kind are. */
export interface Progress {
  readonly total: number;
  /** Of how many the output is there. */
  readonly completed: number;
  /** How many wait to be handed out. */
  readonly idle: number;
}

/** What there is to know when a worker has nothing else to do. */
export interface BackupQuestion {
  /** The attempt that may need help. */
  readonly running: Running;
  readonly nowMs: number;
  /** How long such tasks take; undefined while none is completed. */
  readonly usualMs: number | undefined;
  readonly job: Job;
}

/** What the coordinator decides; specimens replace one of these. */
export interface CoordinatorRules {
  /** May reduce tasks be handed out? They need the output of every map task (§3.1, step 5). */
  mayReduce(maps: Progress): boolean;
  /** Has somebody had a task for too long? Dead or slow, nobody can tell (§3.3). */
  hasExpired(running: Running, nowMs: number, expiryMs: number): boolean;
  /** Does the output of an attempt count? That of the first one does, and of no other (§3.3). */
  counts(task: Task, attempt: number): boolean;
  /**
   * Shall a task that only one works on be handed out once more? (§3.6) If not, nobody who began
   * later is asked about.
   */
  wantsBackup(question: BackupQuestion): boolean;
  /** Is the job done? When every reduce task is (§3.1, step 7). */
  isDone(maps: Progress, reduces: Progress): boolean;
}

/** A backup is for a task that takes so many times as long as others did. */
const STRAGGLES = 1.5;

export const coordinatorRules: CoordinatorRules = {
  mayReduce: ({ total, completed }) => completed === total,
  hasExpired: ({ sinceMs }, nowMs, expiryMs) => nowMs - sinceMs >= expiryMs,
  counts: ({ completed }) => completed === undefined,
  wantsBackup({ running, nowMs, usualMs, job }) {
    if (!job.backups || usualMs === undefined) return false;
    return nowMs - running.sinceMs > STRAGGLES * usualMs;
  },
  isDone: (_maps, { total, completed }) => completed === total,
};
