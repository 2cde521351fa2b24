/**
 * MapReduce, lab 1: a coordinator that hands out tasks, and workers that do them, after the paper
 * (OSDI 2004). Requests between the two are yours to invent. Everything that a node may touch comes
 * from `env`; see docs/from-go.md.
 */
import type {
  Application,
  Coordinator,
  Job,
  MakeCoordinator,
  MakeWorker,
  WorkerHost,
} from 'faultlab/mapreduce';
import type { Env } from 'faultlab/sim';

class MyCoordinator implements Coordinator {
  /** What workers may call: as many methods as you need, under any names. */
  readonly handlers = {
    // Your methods here.
    ask: (_args: { readonly worker: string }): object => ({}),
  };

  protected readonly env: Env;
  /** `splits` (a map task each), `reduces` (how many reduce tasks), `expiryMs`. */
  protected readonly job: Job;

  constructor(env: Env, job: Job) {
    this.env = env;
    this.job = job;
    // Your code here.
  }

  /** Is all output there? */
  done(): boolean {
    // Your code here.
    return false;
  }
}

class MyWorker {
  private readonly env: Env;
  /**
   * `coordinator` to call; `input(split)`; `files.write` and `files.commit` for the outputs
   * `mr-out-0`, `mr-out-1`, ...: a line `key value` each. What maps leave goes to `env.disk`, by
   * `append` and `fsync`; `peer(holder)` is another worker, to be asked for what it has left.
   */
  private readonly host: WorkerHost;
  protected readonly app: Application;

  constructor(env: Env, host: WorkerHost, app: Application) {
    this.env = env;
    this.host = host;
    this.app = app;
  }

  /** Returns when the job is done. */
  async run(): Promise<void> {
    for (;;) {
      const task = await this.host.coordinator.call('ask', { worker: this.env.id });
      // Your code here: undefined = the request or its answer was lost.
      if (task === undefined) return;
      await this.env.sleep(1000);
    }
  }
}

export const makeCoordinator: MakeCoordinator = (env, job) => new MyCoordinator(env, job);

/** Called for each worker, and again after each crash. */
export const makeWorker: MakeWorker = (env, host, app) => new MyWorker(env, host, app).run();
