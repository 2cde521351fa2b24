import type { Attempt, Job, MapOutput, TaskKind } from './contract.ts';
import type { CoordinatorRules } from './rules.ts';

/** An attempt that is under way. */
export interface Running {
  readonly attempt: number;
  readonly worker: string;
  /** When it was handed out, in ms of the coordinator's clock. */
  readonly sinceMs: number;
}

/** A task: idle, in progress, or completed (§3.2). */
export interface Task {
  readonly kind: TaskKind;
  readonly number: number;
  /** Those who work on it, the latest last; empty = idle, unless it is completed. */
  readonly running: readonly Running[];
  /** The attempt whose output counts. */
  readonly completed: MapOutput | undefined;
}

/** A task, as the table may change it. */
interface Row extends Task {
  running: readonly Running[];
  completed: MapOutput | undefined;
}

/** Every task of a job and its state: what the master keeps (§3.2). */
export class JobTable {
  private readonly job: Job;
  private readonly rules: CoordinatorRules;
  private readonly maps: readonly Row[];
  private readonly reduces: readonly Row[];
  private attempts = 0;
  /** How long completed tasks took, in ms, by kind. */
  private readonly tookMs: { map: number[]; reduce: number[] } = { map: [], reduce: [] };

  constructor(job: Job, rules: CoordinatorRules) {
    this.job = job;
    this.rules = rules;
    this.maps = job.splits.map((_, number) => row('map', number));
    this.reduces = Array.from({ length: job.reduces }, (_, number) => row('reduce', number));
  }

  get isDone(): boolean {
    return this.rules.isDone(this.maps, this.reduces);
  }

  /** Where the output of each map task is; undefined while one of them is missing. */
  get outputs(): readonly MapOutput[] | undefined {
    const outputs = this.maps.flatMap(({ completed }) => completed ?? []);
    return outputs.length === this.maps.length ? outputs : undefined;
  }

  /** Hand out a task, if there is one to be had: maps first, reduces once all maps are done. */
  assign(worker: string, nowMs: number): Attempt | undefined {
    this.expire(nowMs);
    const rows = this.rules.mayReduce(this.maps) ? this.reduces : this.maps;
    const task = rows.find(isIdle) ?? this.backup(rows, nowMs);
    if (task === undefined) return undefined;
    const attempt = ++this.attempts;
    task.running = [...task.running, { attempt, worker, sinceMs: nowMs }];
    return { kind: task.kind, task: task.number, attempt };
  }

  /** An attempt says that its output is there. @returns whether it counts */
  complete({ kind, task, attempt }: Attempt, worker: string, nowMs: number): boolean {
    const row = this.rowOf(kind, task);
    if (row === undefined) return false;
    const running = row.running.find((other) => other.attempt === attempt);
    row.running = row.running.filter((other) => other.attempt !== attempt);
    if (!this.rules.counts(row, attempt)) return row.completed?.attempt === attempt;
    row.completed = { attempt, worker };
    // Whoever else works on it is not waited for.
    row.running = [];
    if (running !== undefined) this.tookMs[kind].push(nowMs - running.sinceMs);
    return true;
  }

  /** An attempt has failed: its task is idle again at once, unless somebody else works on it. */
  fail({ kind, task, attempt }: Attempt): void {
    const row = this.rowOf(kind, task);
    if (row !== undefined) row.running = row.running.filter((other) => other.attempt !== attempt);
  }

  /** The output of a map task is gone with its worker: it has to be done again (§3.3). */
  lose(map: number, attempt: number): void {
    const row = this.maps[map];
    if (row?.completed?.attempt === attempt) row.completed = undefined;
  }

  private expire(nowMs: number): void {
    for (const task of [...this.maps, ...this.reduces]) {
      if (task.running.length === 0) continue;
      task.running = task.running.filter((running) => {
        return !this.rules.hasExpired(running, nowMs, this.job.timeoutMs);
      });
    }
  }

  /** A task that is in progress, to be done a second time (§3.6). */
  private backup(rows: readonly Row[], nowMs: number): Row | undefined {
    if (!this.job.backups) return undefined;
    const took = this.tookMs[rows[0]?.kind ?? 'map'];
    return rows.find((task) => this.rules.wantsBackup(task, nowMs, took));
  }

  private rowOf(kind: TaskKind, task: number): Row | undefined {
    return (kind === 'map' ? this.maps : this.reduces)[task];
  }
}

function row(kind: TaskKind, number: number): Row {
  return { kind, number, running: [], completed: undefined };
}

function isIdle({ running, completed }: Task): boolean {
  return running.length === 0 && completed === undefined;
}
