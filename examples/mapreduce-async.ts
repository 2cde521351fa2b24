/**
 * Lab 1 as one would write it in Go: a coordinator whose handlers share a table under a mutex, with
 * a timer for each task that it hands out; workers that append their pairs to files. Independent of
 * Faultlab's own. Try it with
 *
 *     faultlab sweep mapreduce/chaos-local --impl examples/mapreduce-async.ts
 */
import type {
  Application,
  Coordinator,
  Job,
  KeyValue,
  Split,
  TaskKind,
  WorkerHost,
} from 'faultlab/mapreduce';
import type { CallHandler, Env, Mutex, Peer } from 'faultlab/sim';

/** How long the coordinator takes to look a task up, in ms: long enough for requests to overlap. */
const LOOK_UP_MS = 1;

interface Row {
  state: 'idle' | 'running' | 'done';
  /** Number of the latest attempt. */
  attempt: number;
  /** Who has the output, of which attempt. */
  owner: string;
  winner: number;
}

/** What a worker is to do. */
interface Work {
  readonly kind: TaskKind | 'wait' | 'exit';
  readonly task: number;
  readonly attempt: number;
  readonly split?: Split | undefined;
  readonly reduces?: number;
  readonly from?: readonly { readonly owner: string; readonly attempt: number }[];
}

interface Report {
  readonly kind: TaskKind;
  readonly task: number;
  readonly attempt: number;
  readonly worker: string;
}

interface Lost extends Report {
  readonly map: number;
  readonly mapAttempt: number;
}

class AsyncCoordinator implements Coordinator {
  readonly handlers: Readonly<Record<string, CallHandler>>;
  private readonly env: Env;
  private readonly job: Job;
  private readonly mutex: Mutex;
  private readonly maps: Row[];
  private readonly reduces: Row[];

  constructor(env: Env, job: Job) {
    this.env = env;
    this.job = job;
    this.mutex = env.mutex();
    this.maps = job.splits.map(newRow);
    this.reduces = Array.from({ length: job.reduces }, newRow);
    this.handlers = {
      ask: () => this.ask(),
      report: (report: Report) => this.report(report),
      lost: (lost: Lost) => this.lost(lost),
    };
  }

  done(): boolean {
    return this.reduces.every(({ state }) => state === 'done');
  }

  private async ask(): Promise<Work> {
    await this.mutex.lock();
    try {
      const nothing = { task: 0, attempt: 0 };
      if (this.done()) return { kind: 'exit', ...nothing };
      const kind = this.maps.every(({ state }) => state === 'done') ? 'reduce' : 'map';
      const rows = this.rowsOf(kind);
      const task = rows.findIndex(({ state }) => state === 'idle');
      if (task === -1) return { kind: 'wait', ...nothing };
      await this.env.sleep(LOOK_UP_MS);
      // The search above and the hand-out below stand under one lock.
      const row = rows[task]!;
      row.state = 'running';
      const attempt = ++row.attempt;
      this.env.spawn('timer', () => this.expire(row, attempt));
      if (kind === 'map') {
        return { kind, task, attempt, split: this.job.splits[task], reduces: this.job.reduces };
      }
      const from = this.maps.map(({ owner, winner }) => ({ owner, attempt: winner }));
      return { kind, task, attempt, from };
    } finally {
      this.mutex.unlock();
    }
  }

  /** An attempt that has not come back in time is given up. */
  private async expire(row: Row, attempt: number): Promise<void> {
    await this.env.sleep(this.job.expiryMs);
    await this.mutex.lock();
    if (row.state === 'running' && row.attempt === attempt) row.state = 'idle';
    this.mutex.unlock();
  }

  private async report({ kind, task, attempt, worker }: Report): Promise<object> {
    await this.mutex.lock();
    const row = this.rowsOf(kind)[task]!;
    if (row.state !== 'done') {
      row.state = 'done';
      row.owner = worker;
      row.winner = attempt;
    }
    this.mutex.unlock();
    return {};
  }

  /** A reduce task cannot be done: what a map task has made is gone. */
  private async lost({ task, attempt, map, mapAttempt }: Lost): Promise<object> {
    await this.mutex.lock();
    const source = this.maps[map]!;
    if (source.state === 'done' && source.winner === mapAttempt) source.state = 'idle';
    const row = this.reduces[task]!;
    if (row.state === 'running' && row.attempt === attempt) row.state = 'idle';
    this.mutex.unlock();
    return {};
  }

  private rowsOf(kind: TaskKind): Row[] {
    return kind === 'map' ? this.maps : this.reduces;
  }
}

function newRow(): Row {
  return { state: 'idle', attempt: 0, owner: '', winner: 0 };
}

class AsyncWorker {
  private readonly env: Env;
  private readonly host: WorkerHost;
  private readonly app: Application;

  constructor(env: Env, host: WorkerHost, app: Application) {
    this.env = env;
    this.host = host;
    this.app = app;
  }

  async run(): Promise<void> {
    const { env } = this;
    env.serve({ pairs: ({ file }: { file: string }) => ({ text: this.textOf(file) }) });
    for (;;) {
      const work = (await this.host.coordinator.call('ask', {})) as Work | undefined;
      if (work?.kind === 'exit') return;
      if (work?.kind === 'map') await this.map(work);
      else if (work?.kind === 'reduce') await this.reduce(work);
      else await env.sleep(100);
    }
  }

  private async map({ task, attempt, split, reduces = 1 }: Work): Promise<void> {
    const { env, host, app } = this;
    const content = await host.input(split!);
    const buckets: string[] = Array.from({ length: reduces }, () => '');
    for (const pair of await app.map(split!.file, content)) {
      const bucket = app.partition?.(pair.key, reduces) ?? bucketOf(pair.key, reduces);
      buckets[bucket] += `${JSON.stringify(pair)}\n`;
    }
    for (const [reduce, lines] of buckets.entries()) {
      const file = pairsFile(task, attempt, reduce);
      env.disk.append(file, lines);
      await env.disk.fsync(file);
    }
    await this.report('map', task, attempt);
  }

  private async reduce({ task, attempt, from = [] }: Work): Promise<void> {
    const { app, env, host } = this;
    const groups = new Map<string, string[]>();
    for (const [map, source] of from.entries()) {
      const file = pairsFile(map, source.attempt, task);
      const text = await this.fetch(source.owner, file);
      if (text === undefined) {
        const lost = { kind: 'reduce', task, attempt, map, mapAttempt: source.attempt };
        await host.coordinator.call('lost', { ...lost, worker: env.id });
        return;
      }
      for (const line of text.split('\n').filter((each) => each !== '')) {
        const { key, value } = JSON.parse(line) as KeyValue;
        groups.set(key, [...(groups.get(key) ?? []), value]);
      }
    }
    let output = '';
    for (const key of [...groups.keys()].toSorted()) {
      output += `${key} ${await app.reduce(key, groups.get(key)!)}\n`;
    }
    const temporary = `tmp-${task}-${attempt}`;
    await host.files.write(temporary, output);
    await host.files.commit(temporary, `mr-out-${task}`);
    await this.report('reduce', task, attempt);
  }

  private textOf(file: string): string | undefined {
    const content = this.env.disk.read(file);
    return content === undefined ? undefined : String(content);
  }

  /** What a map task has left for a reduce task; undefined = it cannot be had. */
  private async fetch(owner: string, file: string): Promise<string | undefined> {
    const peer: Peer | undefined = this.host.peer(owner);
    if (peer === undefined) return this.textOf(file);
    for (let tries = 0; tries < 4; tries++) {
      const reply = (await peer.call('pairs', { file })) as { text?: string } | undefined;
      if (reply !== undefined) return reply.text;
      await this.env.sleep(40);
    }
    return undefined;
  }

  private async report(kind: TaskKind, task: number, attempt: number): Promise<void> {
    const report = { kind, task, attempt, worker: this.host.holder };
    for (let tries = 0; tries < 10; tries++) {
      if ((await this.host.coordinator.call('report', report)) !== undefined) return;
      await this.env.sleep(100);
    }
  }
}

/** File of the pairs of a map task for a reduce task: each attempt has its own. */
function pairsFile(map: number, attempt: number, reduce: number): string {
  return `pairs-${map}-${reduce}-${attempt}`;
}

/** FNV-1a over the characters, which are those of ASCII in this lab. */
function bucketOf(key: string, reduces: number): number {
  let hash = 2166136261;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 16777619);
  return (hash & 0x7fffffff) % reduces;
}

export const makeCoordinator = (env: Env, job: Job): Coordinator => new AsyncCoordinator(env, job);

export const makeWorker = (env: Env, host: WorkerHost, app: Application): Promise<void> =>
  new AsyncWorker(env, host, app).run();
