import type { RunResult } from '../define/result.ts';
import { inOwnSources } from './node-own-sources.ts';
import type { Order } from './node-protocol.ts';
import type { CodeInfo, Job, JobReport, TargetInfo, TargetSpec } from './node-target.ts';
import { SessionClosed, SessionError, Thread, type Killed, type Reply } from './node-thread.ts';
import { loadUserCode } from './node-user-code.ts';
import type { Catalogue } from './node-worker.ts';

export { SessionClosed } from './node-thread.ts';

/** Code that does not come back for so long is hanging, in ms of real time. */
const HANG_MS = 10_000;

/** What came of a job: a report, or the way in which the code under test took its worker down. */
export type Outcome = { readonly kind: 'report'; readonly report: JobReport } | Killed;

/** The same of seeds that were run for their results. */
export interface SeedsOutcome {
  readonly results: readonly (RunResult | Killed)[];
  readonly error?: SessionError;
}

export interface SessionOptions {
  /** Code that does not come back for so long is hanging, in ms of real time. Default: 10,000. */
  readonly hangMs?: number;
  /** Closes the session, even while it is still opening. */
  readonly signal: AbortSignal;
  /** URL of the module that exports the catalogue; see node-worker.ts. */
  readonly catalogue: URL;
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
  private isClosed = false;
  private isHandedOn = false;
  private readonly abort = (): void => void this.close();

  private constructor(spec: TargetSpec, options: SessionOptions, thread: Thread, info: TargetInfo) {
    this.spec = spec;
    this.options = options;
    this.thread = thread;
    this.info = info;
    options.signal.addEventListener('abort', this.abort);
  }

  /**
   * @param after a session to be closed, whose worker goes on with this target: a warm one runs the
   *   official tests three times as fast as a new one for each, which also takes time to start
   * @throws SessionError if the target cannot be opened; SessionClosed if it was interrupted
   */
  static async open(spec: TargetSpec, options: SessionOptions, after?: Session): Promise<Session> {
    const { thread, info } = await openThread(spec, options, after?.handOn());
    return new Session(spec, options, thread, info);
  }

  /** @throws SessionError if the job cannot be done; SessionClosed */
  async run(job: Job): Promise<Outcome> {
    const answer = await this.ask({ kind: 'run', job });
    if (answer.kind === 'killed') return await this.placed(answer);
    if (answer.kind === 'done') return { kind: 'report', report: answer.report };
    throw new Error(`unexpected answer "${answer.kind}"`);
  }

  /**
   * Run seeds for their results alone, all of them in one go. If one of them takes the worker down
   * or cannot be run, it is found out by running them again, one at a time.
   * @returns what came of the seeds, in their order, up to the first that cannot be run, with the
   *   error of that one
   * @throws SessionClosed
   */
  async results(seeds: readonly string[]): Promise<SeedsOutcome> {
    try {
      const answer = await this.ask({ kind: 'seeds', seeds });
      if (answer.kind === 'results') return answer;
      if (answer.kind !== 'killed') throw new Error(`unexpected answer "${answer.kind}"`);
      if (seeds.length === 1) return { results: [await this.placed(answer)] };
    } catch (error) {
      if (!(error instanceof SessionError)) throw error;
      if (seeds.length === 1) return { results: [], error };
    }
    const results: (RunResult | Killed)[] = [];
    for (const seed of seeds) {
      const one = await this.results([seed]);
      results.push(...one.results);
      if (one.error !== undefined) return { results, error: one.error };
    }
    return { results };
  }

  /** Where the code under test was, in its sources: the worker that knew them is gone. */
  private async placed(killed: Killed): Promise<Killed> {
    const { finding } = killed;
    if (finding.stack === undefined) return killed;
    const own = inOwnSources(finding.stack);
    const { impl } = this.spec;
    const stack = impl === undefined ? own : await inSources(own, impl, this.options.catalogue);
    return { ...killed, finding: { ...finding, stack } };
  }

  /** End the worker at once, whatever it does. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.options.signal.removeEventListener('abort', this.abort);
    if (!this.isHandedOn) await this.thread.kill();
  }

  private async ask(order: Order): Promise<Reply> {
    if (this.isClosed) throw new SessionClosed();
    if (this.thread.isDead) this.thread = (await openThread(this.spec, this.options)).thread;
    return this.thread.askWatched(order, this.options.hangMs ?? HANG_MS);
  }

  /** Close it, but for its worker, if that lives. */
  private handOn(): Thread | undefined {
    this.isHandedOn = true;
    void this.close();
    return this.thread.isDead ? undefined : this.thread;
  }
}

/**
 * Load code under test in a worker of its own, and see what it is.
 * @throws SessionError if it cannot be loaded; SessionClosed if it was interrupted
 */
export async function inspectInWorker(
  impl: string,
  { hangMs = HANG_MS, signal, catalogue }: SessionOptions,
): Promise<CodeInfo> {
  if (signal.aborted) throw new SessionClosed();
  const thread = new Thread(catalogue);
  const abort = (): void => void thread.kill();
  signal.addEventListener('abort', abort);
  try {
    return await thread.inspect(impl, hangMs);
  } catch (error) {
    if (!(error instanceof SessionError) || error.name !== 'UserCodeError') throw error;
    const { message, stack = '' } = error;
    const place = /\bat .*?(bundle-\S+:\d+:\d+)/.exec(stack)?.[1];
    if (place === undefined) throw error;
    const where = await inSources(place, impl, catalogue);
    throw new SessionError({ name: error.name, message: `${impl}: ${message}\n    at ${where}` });
  } finally {
    signal.removeEventListener('abort', abort);
    await thread.kill();
  }
}

/** A stack of code under test, in its sources; as it is if they cannot be read any more. */
async function inSources(stack: string, impl: string, catalogue: URL): Promise<string> {
  try {
    const { userModules } = (await import(catalogue.href)) as Catalogue;
    return (await loadUserCode(impl, userModules)).mapStack(stack);
  } catch {
    return stack;
  }
}

async function openThread(
  spec: TargetSpec,
  { hangMs = HANG_MS, signal, catalogue }: SessionOptions,
  used?: Thread,
): Promise<{ thread: Thread; info: TargetInfo }> {
  if (signal.aborted) {
    await used?.kill();
    throw new SessionClosed();
  }
  const thread = used ?? new Thread(catalogue);
  const abort = (): void => void thread.kill();
  signal.addEventListener('abort', abort);
  try {
    return { thread, info: await thread.open(spec, hangMs) };
  } catch (error) {
    await thread.kill();
    throw error;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
