import type { Env } from '../sim/index.ts';
import type {
  Application,
  AssignReply,
  Attempt,
  CompleteReply,
  KeyValue,
  MakeWorker,
  MapOutput,
  WorkerHost,
} from './contract.ts';
import { intermediateName, outputName, temporaryName } from './names.ts';
import { addTo, bucketsOf, decode, encode, outputLine, sortedKeys, type Groups } from './pairs.ts';
import { mapOf, reduceOf } from './user-code.ts';
import { workerPorts, type WorkerPorts } from './worker-ports.ts';

type MapTask = AssignReply & { readonly kind: 'map' };
type ReduceTask = AssignReply & { readonly kind: 'reduce' };

/** Arguments of `fetch`, which workers with output on their disks answer. */
interface FetchArgs {
  readonly map: number;
  readonly attempt: number;
  readonly reduce: number;
}

/** The output of a map task cannot be had. */
class OutputLost extends Error {
  readonly map: number;
  readonly attempt: number;

  constructor(map: number, { attempt }: MapOutput) {
    super(`the output of map task ${map} (attempt ${attempt}) is gone`);
    this.map = map;
    this.attempt = attempt;
  }
}

/** A worker: asks for a task, carries it out, and asks again, until the job is done (§3.1). */
class Worker {
  private readonly env: Env;
  private readonly host: WorkerHost;
  private readonly app: Application;
  private readonly ports: WorkerPorts;

  constructor(env: Env, host: WorkerHost, app: Application, ports: WorkerPorts) {
    this.env = env;
    this.host = host;
    this.app = app;
    this.ports = ports;
  }

  async work(): Promise<void> {
    const { env, host, ports } = this;
    if (host.intermediate === 'local') {
      env.serve({
        fetch: ({ map, attempt, reduce }: FetchArgs) => {
          return { content: textOf(env.disk.read(intermediateName(map, attempt, reduce))) };
        },
      });
    }
    for (;;) {
      const task = (await host.coordinator.call('assign', { worker: env.id })) as
        AssignReply | undefined;
      if (task?.kind === 'exit') return;
      if (task?.kind === 'map') await this.map(task);
      else if (task?.kind === 'reduce') await this.reduce(task);
      else await env.sleep(ports.waitMs(env));
    }
  }

  private async map({ task, attempt, split, reduces }: MapTask): Promise<void> {
    const { app, env, host, ports } = this;
    const pairs = await mapOf(app, split, await host.input(split));
    for (const [reduce, bucket] of bucketsOf(pairs, app, reduces).entries()) {
      await ports.keep(env, intermediateName(task, attempt, reduce), encode(bucket));
    }
    await this.complete({ kind: 'map', task, attempt });
  }

  private async reduce({ task, attempt, outputs }: ReduceTask): Promise<void> {
    const { app, host, ports } = this;
    const groups: Groups = new Map();
    try {
      for (const [map, output] of outputs.entries()) {
        for (const pair of await this.pairsOf(map, output, task)) addTo(groups, pair);
      }
    } catch (error) {
      if (!(error instanceof OutputLost)) throw error;
      const lost = { kind: 'reduce', task, attempt, map: error.map, mapAttempt: error.attempt };
      await host.coordinator.call('lost', lost);
      return;
    }
    const lines: string[] = [];
    for (const key of sortedKeys(groups)) {
      lines.push(outputLine(key, await reduceOf(app, key, groups.get(key)!)));
    }
    await ports.commit(host, temporaryName(task, attempt), outputName(task), lines.join(''));
    await this.complete({ kind: 'reduce', task, attempt });
  }

  private async pairsOf(map: number, output: MapOutput, reduce: number): Promise<KeyValue[]> {
    const { env, host, ports } = this;
    const { attempt, worker } = output;
    const isHere = host.intermediate === 'shared' || worker === env.id;
    const content = isHere
      ? textOf(env.disk.read(intermediateName(map, attempt, reduce)))
      : await ports.fetch(env, host.peer(worker), { map, attempt, reduce });
    if (content === undefined) throw new OutputLost(map, output);
    return decode(content);
  }

  /** Tell the coordinator until it has heard: a completion that gets lost is work done twice. */
  private async complete(attempt: Attempt): Promise<void> {
    const { env, host, ports } = this;
    const args = { ...attempt, worker: env.id };
    for (let n = 1; n <= ports.patience; n++) {
      const reply = (await host.coordinator.call('complete', args)) as CompleteReply | undefined;
      if (reply !== undefined) return;
      await env.sleep(ports.waitMs(env));
    }
  }
}

function textOf(content: string | Uint8Array | undefined): string | undefined {
  return content === undefined ? undefined : String(content);
}

/** A worker with these ports. */
export function workerOf(ports: WorkerPorts): MakeWorker {
  return (env, host, app) => new Worker(env, host, app, ports).work();
}

/** Our worker. */
export const makeWorker: MakeWorker = workerOf(workerPorts);
