import type { Env } from '../sim/index.ts';
import type {
  Application,
  AssignReply,
  Attempt,
  CompleteReply,
  Loss,
  LostArgs,
  MakeWorker,
  WorkerHost,
} from './contract.ts';
import { heldFor, HeldOutputs, type FetchArgs, type FetchReply } from './held-outputs.ts';
import { intermediateName, outputName, temporaryName } from './names.ts';
import { bucketsOf, decodeInto, outputLine, sortedKeys, type Groups } from './pairs.ts';
import { badLines, withoutLines } from './records.ts';
import { afterMap, atLine, mapOf, RecordError, reduceOf } from './user-code.ts';
import { workerPorts, type WorkerPorts } from './worker-ports.ts';

type MapTask = AssignReply & { readonly kind: 'map' };
type ReduceTask = AssignReply & { readonly kind: 'reduce' };

/** A worker: asks for a task, carries it out, and asks again, until the job is done (§3.1). */
class Worker {
  private readonly env: Env;
  private readonly host: WorkerHost;
  private readonly app: Application;
  private readonly ports: WorkerPorts;
  private readonly held: HeldOutputs;

  constructor(env: Env, host: WorkerHost, app: Application, ports: WorkerPorts) {
    this.env = env;
    this.host = host;
    this.app = app;
    this.ports = ports;
    this.held = new HeldOutputs(host.coordinator, host.holder);
  }

  async work(): Promise<void> {
    const { env, host, ports } = this;
    if (host.holder === env.id) env.serve({ fetch: (args: FetchArgs) => this.heldHere(args) });
    for (;;) {
      const task = (await host.coordinator.call('assign', { worker: env.id })) as
        AssignReply | undefined;
      if (task?.kind === 'exit') return;
      if (task?.kind === 'map') await this.map(task);
      else if (task?.kind === 'reduce') await this.reduce(task);
      else await env.sleep(ports.waitMs(env));
    }
  }

  private async map({ task, attempt, split, reduces, skip }: MapTask): Promise<void> {
    const { app, env, host, ports } = this;
    const content = await host.input(split);
    const lines = (skip ?? []).filter((record) => typeof record === 'number');
    try {
      const pairs = await mapOf(app, split, withoutLines(content, lines));
      const buckets = afterMap(split, () => bucketsOf(pairs, app, reduces));
      await ports.keep(env, { task, attempt, reduces }, buckets);
    } catch (error) {
      if (!(error instanceof RecordError)) throw error;
      const records = await badLines(app, split.file, content, lines);
      if (records.length === 0 || skip === undefined) throw atLine(error, records[0]);
      await host.coordinator.call('gasp', { kind: 'map', task, attempt, records });
      return;
    }
    await this.complete({ kind: 'map', task, attempt });
  }

  private async reduce(reduceTask: ReduceTask): Promise<void> {
    const { app, host, ports } = this;
    const { task, attempt, skip } = reduceTask;
    const groups = await this.gather(reduceTask);
    if (groups === undefined) return;
    const lines: string[] = [];
    for (const key of sortedKeys(groups)) {
      if (skip?.includes(key) === true) continue;
      try {
        lines.push(outputLine(key, await reduceOf(app, key, groups.get(key)!)));
      } catch (error) {
        if (!(error instanceof RecordError) || skip === undefined) throw error;
        await host.coordinator.call('gasp', { kind: 'reduce', task, attempt, records: [key] });
        return;
      }
    }
    await ports.commit(host, temporaryName(task, attempt), outputName(task), lines.join(''));
    await this.complete({ kind: 'reduce', task, attempt });
  }

  /** All values for a reduce task; undefined = they cannot be had, and the coordinator knows. */
  private async gather({ task, attempt, asOf, holders }: ReduceTask): Promise<Groups | undefined> {
    const { env, host, ports } = this;
    const groups: Groups = new Map();
    const losses: Loss[] = [];
    // Everybody begins elsewhere: otherwise all would wait for the first one, then for the second.
    const first = env.random.below(Math.max(1, holders.length));
    for (const holder of [...holders.slice(first), ...holders.slice(0, first)]) {
      const args = { reduce: task, asOf };
      const peer = host.peer(holder);
      const isHere = peer === undefined;
      const found = isHere ? await this.heldHere(args) : await ports.fetch(env, peer, args);
      // Who does not know what counted cannot tell what is gone: the task is left to its expiry.
      if (isHere && found?.contents === undefined && found?.gone === undefined) return undefined;
      if (found?.contents === undefined) losses.push({ holder, gone: found?.gone });
      // From then on it is only about what else is gone.
      if (losses.length > 0) continue;
      for (const content of found?.contents ?? []) decodeInto(groups, content);
    }
    if (losses.length === 0) return groups;
    const lost: LostArgs = { kind: 'reduce', task, attempt, asOf, losses };
    await host.coordinator.call('lost', lost);
    return undefined;
  }

  /** What is on this worker's own disk. */
  private heldHere(args: FetchArgs): Promise<FetchReply> {
    return heldFor(this.held, args, ({ map, attempt }) =>
      textOf(this.env.disk.read(intermediateName(map, attempt, args.reduce))),
    );
  }

  /** Tell the coordinator until it has heard: a completion that gets lost is work done twice. */
  private async complete(attempt: Attempt): Promise<void> {
    const { env, host, ports } = this;
    const args = { ...attempt, worker: env.id, holder: host.holder };
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
