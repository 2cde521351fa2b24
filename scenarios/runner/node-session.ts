import { Worker } from 'node:worker_threads';
import { formatUs } from '../../sim/index.ts';
import type { Finding } from '../define/verdict.ts';
import type { Answer, Order, PortableError } from './node-protocol.ts';
import type { Job, JobReport, TargetInfo, TargetSpec } from './node-target.ts';
import { Stethoscope, watchdogMemory } from './node-watchdog.ts';
import type { WorkerData } from './node-worker.ts';

/** Code that does not come back for so long is hanging, in ms of real time. */
const HANG_MS = 10_000;

/** How often the watchdog listens, in ms. */
const LISTEN_MS = 250;

/** A worker that needs more heap is killed: code under test must not take the machine along. */
const MEMORY_MB = 1024;

/** A worker could not do what it was told; `name` is that of the error it met. */
export class SessionError extends Error {
  constructor({ name, message, stack }: PortableError) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

/** What came of a job: a report, or the way in which the code under test took its worker down. */
export type Outcome =
  | { readonly kind: 'report'; readonly report: JobReport }
  | { readonly kind: 'killed'; readonly finding: Finding };

export interface SessionOptions {
  /**
   * Node code that does not come back for so long is hanging, in ms of real time. Default 10,000.
   */
  readonly hangMs?: number;
  /** Closes the session, even while it is still opening. */
  readonly signal: AbortSignal;
  /** URL of the module that exports the catalogue; see node-worker.ts. */
  readonly catalogue: URL;
}

/** Thrown by everything that waits on a session when it is closed. */
export class SessionClosed extends Error {
  constructor() {
    super('the worker has ended');
    this.name = 'SessionClosed';
  }
}

/**
 * A worker with an opened target. Worlds run there, so that the main thread always answers Ctrl-C;
 * if the code under test loops for ever or eats all memory, the worker is killed, that job has its
 * verdict, and the next job finds a fresh worker.
 */
export class Session {
  readonly info: TargetInfo;
  private readonly spec: TargetSpec;
  private readonly options: SessionOptions;
  private thread: Thread;

  private constructor(spec: TargetSpec, options: SessionOptions, thread: Thread, info: TargetInfo) {
    this.spec = spec;
    this.options = options;
    this.thread = thread;
    this.info = info;
  }

  /** @throws SessionError if the target cannot be opened */
  static async open(spec: TargetSpec, options: SessionOptions): Promise<Session> {
    const thread = new Thread(options.catalogue);
    const { hangMs = HANG_MS, signal } = options;
    const abort = (): void => void thread.kill();
    signal.addEventListener('abort', abort);
    const watch = setTimeout(() => thread.stall(hangMs), hangMs);
    try {
      return new Session(spec, options, thread, await thread.open(spec));
    } catch (error) {
      await thread.kill();
      throw error;
    } finally {
      clearTimeout(watch);
      signal.removeEventListener('abort', abort);
    }
  }

  /** @throws SessionError if the job cannot be done; SessionClosed */
  async run(job: Job): Promise<Outcome> {
    if (this.thread.isDead) {
      this.thread = new Thread(this.options.catalogue);
      await this.thread.open(this.spec);
    }
    const { thread } = this;
    const { hangMs = HANG_MS } = this.options;
    const watch = setInterval(() => {
      if (thread.silentMs() > hangMs) thread.hang(hangMs);
    }, LISTEN_MS);
    try {
      const answer = await thread.ask({ kind: 'run', job });
      if (answer.kind === 'killed') return answer;
      if (answer.kind === 'done') return { kind: 'report', report: answer.report };
      throw new Error(`unexpected answer "${answer.kind}"`);
    } finally {
      clearInterval(watch);
    }
  }

  /** End the worker at once, whatever it does. */
  async close(): Promise<void> {
    await this.thread.kill();
  }
}

type Reply = Answer | { readonly kind: 'killed'; readonly finding: Finding };

/** One worker thread, asked one thing at a time. */
class Thread {
  isDead = false;
  private readonly worker: Worker;
  private readonly ears: Stethoscope;
  private settle: ((reply: Reply) => void) | undefined;
  private refuse: ((error: Error) => void) | undefined;

  constructor(catalogue: URL) {
    const memory = watchdogMemory();
    const workerData: WorkerData = { memory, catalogue: catalogue.href };
    this.ears = new Stethoscope(memory);
    this.worker = new Worker(new URL('./node-worker.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: MEMORY_MB },
      // What node code prints must not mix with the data on stdout.
      stdout: true,
    });
    this.worker.stdout.pipe(process.stderr, { end: false });
    this.worker.on('message', (answer: Answer) => this.settle?.(answer));
    this.worker.on('error', (error) => this.died(error));
    this.worker.on('exit', () => this.ended(new SessionClosed()));
  }

  async open(spec: TargetSpec): Promise<TargetInfo> {
    const answer = await this.ask({ kind: 'open', spec });
    if (answer.kind === 'killed') throw new Error(answer.finding.message);
    if (answer.kind !== 'opened') throw new Error(`unexpected answer "${answer.kind}"`);
    return answer.info;
  }

  ask(order: Order): Promise<Reply> {
    return new Promise<Reply>((resolve, reject) => {
      this.settle = (reply) =>
        reply.kind === 'failed' ? reject(new SessionError(reply.error)) : resolve(reply);
      this.refuse = reject;
      this.worker.postMessage(order);
    });
  }

  silentMs(): number {
    return this.ears.listen(performance.now());
  }

  /** The code under test does not come back. */
  hang(afterMs: number): void {
    const { node, incarnation, timeUs } = this.ears.lastSeen();
    const where = `${node}#${incarnation} at ${formatUs(timeUs)}`;
    const message = `${where} did not come back for ${afterMs} ms: a loop without end`;
    this.settle?.({ kind: 'killed', finding: { verdict: 'crash', check: 'hang', message, where } });
    void this.kill();
  }

  /** The code under test does not even finish loading. */
  stall(afterMs: number): void {
    const message = `the code under test did not finish loading in ${afterMs} ms: a loop without end`;
    this.refuse?.(new SessionError({ name: 'UserCodeError', message }));
  }

  async kill(): Promise<void> {
    this.isDead = true;
    await this.worker.terminate();
  }

  private died(error: Error): void {
    const { node, incarnation, timeUs } = this.ears.lastSeen();
    const where = `${node}#${incarnation} at ${formatUs(timeUs)}`;
    const isMemory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
    const check = isMemory ? 'out of memory' : 'worker crashed';
    const message = `${error.message}; last seen in ${where}`;
    const stack = isMemory ? undefined : error.stack;
    this.isDead = true;
    this.settle?.({ kind: 'killed', finding: { verdict: 'crash', check, message, where, stack } });
  }

  private ended(error: Error): void {
    this.isDead = true;
    this.refuse?.(error);
  }
}
