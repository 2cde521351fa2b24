import { PassThrough } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { formatUs } from '../../sim/index.ts';
import type { Plan } from '../define/plan.ts';
import type { Finding } from '../define/verdict.ts';
import type { Answer, Order, PortableError } from './node-protocol.ts';
import type { CodeInfo, JobReport, TargetInfo, TargetSpec } from './node-target.ts';
import { HEAP_LIMIT_MB, MEMORY_MB, MemoryWatch } from './node-memory-watch.ts';
import { memoryMbOf, stackOf } from './node-stack.ts';
import { LISTEN_MS, PatientClock } from './patient-clock.ts';
import { Stethoscope, watchdogMemory } from './node-watchdog.ts';
import { isInBundle } from './node-user-code.ts';
import type { WorkerData } from './node-worker.ts';

/** A worker could not do what it was told; `name` is that of the error it met. */
export class SessionError extends Error {
  constructor({ name, message, stack }: PortableError) {
    super(message);
    this.name = name;
    if (stack !== undefined) this.stack = stack;
  }
}

/** Thrown by everything that waits on a session when it is closed. */
export class SessionClosed extends Error {
  constructor() {
    super('the session was closed');
    this.name = 'SessionClosed';
  }
}

/** The code under test took its worker down: what with, and the plan it was running. */
export interface Killed {
  readonly kind: 'killed';
  readonly finding: Finding;
  readonly plan: Plan | undefined;
  /** How long it took, in ms of real time. */
  readonly wallMs: number;
}

/** What comes of something that was asked. */
export type Reply =
  | Exclude<Answer, { kind: 'planned' | 'done' }>
  | { readonly kind: 'done'; readonly report: JobReport }
  | Killed;

/** What node code prints in any worker: there may be many of them. */
const printed = new PassThrough().setMaxListeners(0);
printed.pipe(process.stderr, { end: false });

/** From now on, what node code prints is cut off after so many bytes. That it is, is told. */
export function limitPrinting(bytes: number): void {
  let left = bytes;
  printed.unpipe(process.stderr);
  printed.on('data', (chunk: Buffer) => {
    if (left <= 0) return;
    process.stderr.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left > 0) return;
    process.stderr.write(`\n(node code has printed ${bytes} bytes; more is not shown)\n`);
  });
  // What has lost its reader stands still, and with it whoever prints.
  printed.resume();
}

/** One worker thread, asked one thing at a time, and watched while it answers. */
export class Thread {
  isDead = false;
  private isAskedToEnd = false;
  private readonly worker: Worker;
  private readonly ears: Stethoscope;
  private plan: Plan | undefined;
  private askedAtMs = 0;
  private settle: ((reply: Reply) => void) | undefined;
  private refuse: ((error: Error) => void) | undefined;

  constructor(catalogue: URL) {
    const memory = watchdogMemory();
    const workerData: WorkerData = { memory, catalogue: catalogue.href };
    this.ears = new Stethoscope(memory);
    this.worker = new Worker(new URL('./node-worker.js', import.meta.url), {
      workerData,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_LIMIT_MB },
      // What node code prints must not mix with the data on stdout.
      stdout: true,
    });
    this.worker.stdout.pipe(printed, { end: false });
    this.worker.on('message', (answer: Answer) => this.heard(answer));
    this.worker.on('error', (error) => this.died(error));
    this.worker.on('exit', (code) => this.ended(code));
  }

  /** @throws SessionError if the target cannot be opened, or its code does not finish loading */
  async open(spec: TargetSpec, hangMs: number): Promise<TargetInfo> {
    const answer = await this.load({ kind: 'open', spec }, hangMs);
    if (answer.kind !== 'opened') throw new Error(`unexpected answer "${answer.kind}"`);
    return answer.info;
  }

  /** @throws SessionError if the code cannot be loaded, or does not finish loading */
  async inspect(impl: string, hangMs: number): Promise<CodeInfo> {
    const answer = await this.load({ kind: 'inspect', impl }, hangMs);
    if (answer.kind !== 'inspected') throw new Error(`unexpected answer "${answer.kind}"`);
    return answer.code;
  }

  private async load(order: Order, hangMs: number): Promise<Exclude<Reply, Killed>> {
    const clock = new PatientClock(performance.now());
    const memory = new MemoryWatch(this.worker.threadId);
    const watch = setInterval(() => {
      const excessMb = memory.excessMb(performance.now());
      if (excessMb !== undefined) this.stall(`has taken ${excessMb} MB, more than ${MEMORY_MB}`);
      else if (clock.at(performance.now()) > hangMs) {
        this.stall(`did not finish loading in ${hangMs} ms: a loop without end`);
      }
    }, LISTEN_MS);
    try {
      const answer = await this.ask(order);
      if (answer.kind === 'killed') throw unusable(answer.finding.message);
      return answer;
    } finally {
      clearInterval(watch);
    }
  }

  /** Ask for something that runs code under test: if that does not come back, it is killed. */
  async askWatched(order: Order, hangMs: number): Promise<Reply> {
    const clock = new PatientClock(performance.now());
    const memory = new MemoryWatch(this.worker.threadId);
    this.ears.attend(0);
    const watch = setInterval(() => {
      const excessMb = memory.excessMb(performance.now());
      if (excessMb !== undefined) this.eats(excessMb);
      else if (this.ears.listen(clock.at(performance.now())) > hangMs) this.hang(hangMs);
    }, LISTEN_MS);
    try {
      return await this.ask(order);
    } finally {
      clearInterval(watch);
    }
  }

  /** End the worker at once, whatever it does. */
  async kill(): Promise<void> {
    this.isDead = true;
    this.isAskedToEnd = true;
    await this.worker.terminate();
  }

  private ask(order: Order): Promise<Reply> {
    // A plan that is drawn over there is told when it is.
    this.plan = order.kind === 'run' && 'plan' in order.job.from ? order.job.from.plan : undefined;
    this.askedAtMs = performance.now();
    return new Promise<Reply>((resolve, reject) => {
      this.settle = (reply) =>
        reply.kind === 'failed' ? reject(new SessionError(reply.error)) : resolve(reply);
      this.refuse = reject;
      if (this.isDead) reject(new SessionClosed());
      else this.worker.postMessage(order);
    });
  }

  private heard(answer: Answer): void {
    const { plan } = this;
    if (answer.kind === 'planned') this.plan = answer.plan;
    else if (answer.kind !== 'done') this.settle?.(answer);
    else {
      const settled = plan && { ...plan, ...answer.settled };
      this.settle?.({ kind: 'done', report: { ...answer.report, plan: settled } });
    }
  }

  private hang(afterMs: number): void {
    const what = `did not come back for ${afterMs} ms`;
    // What is nearly full is collected again and again: on a busy machine the end of patience comes
    // before the end of memory.
    const takenMb = memoryMbOf(this.worker.threadId);
    if (takenMb > 0.5 * MEMORY_MB) {
      const filled = `${takenMb} of ${MEMORY_MB} MB are full`;
      this.tookDown('out of memory', `${what}: ${filled}`, this.stack());
    } else this.tookDown('hang', `${what}: a loop without end`, this.stack());
    void this.kill();
  }

  private eats(takenMb: number): void {
    const what = `has taken ${takenMb} MB, more than ${MEMORY_MB}`;
    this.tookDown('out of memory', what, this.stack());
    void this.kill();
  }

  /** The code under test does not even finish loading. */
  private stall(how: string): void {
    this.refuse?.(unusable(`the code under test ${how}`, this.stack()));
    void this.kill();
  }

  private stack(): string | undefined {
    return stackOf(this.worker.threadId, isInBundle);
  }

  private died(error: Error): void {
    this.isDead = true;
    const isMemory = (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
    if (isMemory) this.tookDown('out of memory', `used more than ${HEAP_LIMIT_MB} MB of heap`);
    else this.tookDown('worker crashed', `took its worker down: ${error.message}`, error.stack);
  }

  private ended(code: number): void {
    this.isDead = true;
    if (this.isAskedToEnd) this.refuse?.(new SessionClosed());
    else this.tookDown('worker exited', `ended its worker with code ${code}`);
  }

  private tookDown(check: string, what: string, stack?: string): void {
    const { node, incarnation, timeUs, event } = this.ears.lastSeen();
    const who = incarnation === 0 ? node : `${node}#${incarnation}`;
    const where =
      node === '' ? 'the code under test, while loading,' : `${who} at ${formatUs(timeUs)}`;
    const message = `${where} ${what}`;
    const finding: Finding = { verdict: 'crash', check, message, where, event, stack };
    const wallMs = Math.round(performance.now() - this.askedAtMs);
    this.settle?.({ kind: 'killed', finding, plan: this.plan, wallMs });
  }
}

function unusable(message: string, stack?: string): SessionError {
  return new SessionError({ name: 'UserCodeError', message, stack });
}
