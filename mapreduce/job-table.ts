import type {
  Attempt,
  ChangesArgs,
  ChangesReply,
  CompleteArgs,
  Job,
  Loss,
  TaskKind,
} from './contract.ts';
import { Durations } from './durations.ts';
import { Locations, outputsAsOf } from './locations.ts';
import type { CoordinatorRules, Progress } from './rules.ts';

/** An attempt that is under way. */
export interface Running extends Attempt {
  readonly worker: string;
  /** When it was handed out, in ms of the coordinator's clock. */
  readonly sinceMs: number;
}

/** A task: idle, in progress, or completed (§3.2). */
export interface Task {
  readonly kind: TaskKind;
  readonly number: number;
  /** How many work on it at present. */
  readonly running: number;
  /** The attempt whose output counts, and whose it was. */
  readonly completed: { readonly attempt: number; readonly worker: string } | undefined;
}

/** What a job has come to so far, beyond its output. */
export interface JobCounts {
  /** Tasks handed out. */
  readonly attempts: number;
  /** Of these: tasks that were handed out before, and had to be done again. */
  readonly reexecutions: number;
  /** Of these: tasks that somebody else worked on at the time (§3.6). */
  readonly backups: number;
  /** Completions that came too late to count. */
  readonly refused: number;
  /** Map tasks whose output was gone with its worker (§3.3). */
  readonly lost: number;
  /** Records on which the application failed, and which are skipped therefore (§4.6). */
  readonly skipped: number;
}

/** A task, as the table may change it. */
interface Row extends Task {
  running: number;
  completed: Task['completed'];
  /** It stands in the queue of idle tasks. */
  isQueued: boolean;
  attempts: number;
}

/** The tasks of one kind. No call takes time that grows with their number. */
class Tasks {
  readonly rows: readonly Row[];
  /** Those to hand out, in turn; what was completed meanwhile is passed over. */
  private queue: Row[];
  private next = 0;
  readonly tookMs: Durations = new Durations();
  completed = 0;

  constructor(kind: TaskKind, total: number) {
    this.rows = Array.from({ length: total }, (_, number): Row => {
      const [running, attempts] = [0, 0];
      return { kind, number, running, completed: undefined, isQueued: true, attempts };
    });
    this.queue = [...this.rows];
  }

  progress(): Progress {
    const idle = this.queue.length - this.next;
    return { total: this.rows.length, completed: this.completed, idle };
  }

  takeIdle(): Row | undefined {
    while (this.next < this.queue.length) {
      const row = this.queue[this.next++]!;
      row.isQueued = false;
      if (row.completed === undefined) return row;
    }
    this.queue = [];
    this.next = 0;
    return undefined;
  }

  putBack(row: Row): void {
    if (row.isQueued || row.completed !== undefined || row.running > 0) return;
    row.isQueued = true;
    this.queue.push(row);
  }
}

/** Every task of a job and its state: what the master keeps (§3.2). */
export class JobTable {
  private readonly job: Job;
  private readonly rules: CoordinatorRules;
  private readonly tasks: Readonly<Record<TaskKind, Tasks>>;
  /** Attempts under way, by number: the oldest first. */
  private readonly running = new Map<number, Running>();
  private readonly locations = new Locations();
  private readonly count = { attempts: 0, reexecutions: 0, backups: 0, refused: 0, lost: 0 };

  constructor(job: Job, rules: CoordinatorRules) {
    this.job = job;
    this.rules = rules;
    this.tasks = {
      map: new Tasks('map', job.splits.length),
      reduce: new Tasks('reduce', job.reduces),
    };
  }

  get isDone(): boolean {
    return this.rules.isDone(this.progressOf('map'), this.progressOf('reduce'));
  }

  get counts(): Omit<JobCounts, 'skipped'> {
    return this.count;
  }

  progressOf(kind: TaskKind): Progress {
    return this.tasks[kind].progress();
  }

  task(kind: TaskKind, number: number): Task | undefined {
    return this.tasks[kind].rows[number];
  }

  /** Which outputs of map tasks count just now, and who holds them. */
  get sources(): { readonly asOf: number; readonly holders: readonly string[] } {
    return { asOf: this.locations.version, holders: this.locations.holders };
  }

  /** What has changed of the outputs that somebody holds. */
  changes({ holder, known }: ChangesArgs): ChangesReply {
    const { locations } = this;
    return { changes: locations.changesOf(holder, known), asOf: locations.version };
  }

  /** Hand out a task, if there is one to be had: maps first, reduces once all maps are done. */
  assign(worker: string, nowMs: number): Attempt | undefined {
    this.expire(nowMs);
    const mayReduce = this.rules.mayReduce(this.progressOf('map'));
    const kind: TaskKind = mayReduce ? 'reduce' : 'map';
    const row = this.tasks[kind].takeIdle() ?? this.backup(kind, nowMs);
    if (row === undefined) return undefined;
    const { count } = this;
    const attempt = ++count.attempts;
    if (row.running > 0) count.backups++;
    else if (row.attempts > 0) count.reexecutions++;
    row.running++;
    row.attempts++;
    const handedOut: Attempt = { kind, task: row.number, attempt };
    this.running.set(attempt, { ...handedOut, worker, sinceMs: nowMs });
    return handedOut;
  }

  /** An attempt says that its output is there. @returns whether it counts */
  complete({ kind, task, attempt, worker, holder }: CompleteArgs, nowMs: number): boolean {
    const tasks = this.tasks[kind];
    const row = tasks.rows[task];
    if (row === undefined) return false;
    const running = this.end(attempt);
    if (!this.rules.counts(row, attempt)) {
      // The same message again is no surprise: its first answer got lost.
      const isFirst = row.completed?.attempt === attempt;
      if (!isFirst) this.count.refused++;
      return isFirst;
    }
    row.completed = { attempt, worker };
    if (kind === 'map') this.locations.put({ map: task, attempt, worker }, holder);
    tasks.completed++;
    if (running !== undefined) tasks.tookMs.add(nowMs - running.sinceMs);
    return true;
  }

  /** An attempt has failed: its task is idle again at once, unless somebody else works on it. */
  fail({ attempt }: Attempt): void {
    const running = this.end(attempt);
    if (running !== undefined) this.putBack(running);
  }

  /** Outputs of map tasks are gone with their holder: they have to be made again (§3.3). */
  lose({ holder, gone }: Loss, asOf: number): void {
    for (const { map, attempt } of outputsAsOf(this.locations.changesOf(holder, 0), asOf)) {
      if (gone?.includes(attempt) !== false) this.loseOne(map, attempt);
    }
  }

  private loseOne(map: number, attempt: number): void {
    const tasks = this.tasks.map;
    const row = tasks.rows[map];
    // Somebody else may have told before, and another attempt may be through already.
    if (row?.completed?.attempt !== attempt) return;
    row.completed = undefined;
    this.locations.remove(map);
    tasks.completed--;
    this.count.lost++;
    tasks.putBack(row);
  }

  /** Whoever has had a task for too long is not waited for any more; the oldest come first. */
  private expire(nowMs: number): void {
    for (const running of this.running.values()) {
      if (!this.rules.hasExpired(running, nowMs, this.job.expiryMs)) return;
      this.end(running.attempt);
      this.putBack(running);
    }
  }

  /** A task that is in progress, to be done a second time (§3.6). */
  private backup(kind: TaskKind, nowMs: number): Row | undefined {
    const { rows, tookMs } = this.tasks[kind];
    const { job } = this;
    const usualMs = tookMs.median;
    for (const running of this.running.values()) {
      if (running.kind !== kind) continue;
      if (!this.rules.wantsBackup({ running, nowMs, usualMs, job })) return undefined;
      const row = rows[running.task]!;
      if (row.completed === undefined && row.running === 1) return row;
    }
    return undefined;
  }

  private end(attempt: number): Running | undefined {
    const running = this.running.get(attempt);
    if (running === undefined) return undefined;
    this.running.delete(attempt);
    this.tasks[running.kind].rows[running.task]!.running--;
    return running;
  }

  private putBack({ kind, task }: Attempt): void {
    const tasks = this.tasks[kind];
    tasks.putBack(tasks.rows[task]!);
  }
}
