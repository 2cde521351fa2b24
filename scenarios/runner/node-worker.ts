import { parentPort, workerData } from 'node:worker_threads';
import { describeThrown } from '../../sim/index.ts';
import type { Pack } from '../define/pack.ts';
import type { Plan } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import { Registry } from '../define/registry.ts';
import type { Answer, Order } from './node-protocol.ts';
import { inspectCode, Target, type Job } from './node-target.ts';
import type { UserModules } from './node-user-code.ts';
import { UserCodeError } from './user-code-error.ts';
import { Heart } from './node-watchdog.ts';
import { isJson } from './is-json.ts';

/** What a worker is given to begin with. */
export interface WorkerData {
  readonly memory: SharedArrayBuffer;
  /** Module that exports a {@link Catalogue}: the runner itself knows no lab. */
  readonly catalogue: string;
}

/** All that can be run, and what user code may import. */
export interface Catalogue {
  readonly packs: readonly Pack[];
  readonly userModules: UserModules;
}

/** The thread in which worlds run, so that the main thread always answers. */
const { memory, catalogue } = workerData as WorkerData;
const heart = new Heart(memory);
// Of the code under test a frame is wanted, and ten of the simulator may lie above it.
Error.stackTraceLimit = 50;
let target: Target | undefined;

/** What is no plain data cannot be kept, nor run again. @throws UserCodeError */
function plainly(handOn: () => void): void {
  try {
    handOn();
  } catch (error) {
    const { message } = describeThrown(error);
    throw new UserCodeError(`plan() must return plain data: ${message}`, { cause: error });
  }
}

/** A plan that nobody is told of has to be fit for it all the same. */
const check = (plan: Plan): void =>
  plainly(() => {
    // Nearly all plans are JSON, and looking takes a tenth of the time that copying does.
    if (!isJson(plan)) structuredClone(plan);
  });

async function obey(order: Order): Promise<Answer> {
  try {
    if (order.kind === 'open') {
      const { packs, userModules } = (await import(catalogue)) as Catalogue;
      target = await Target.open(new Registry(packs), order.spec, userModules);
      return { kind: 'opened', info: target.info };
    }
    if (order.kind === 'inspect') {
      const { userModules } = (await import(catalogue)) as Catalogue;
      return { kind: 'inspected', code: await inspectCode(order.impl, userModules) };
    }
    if (target === undefined) throw new Error('nothing was opened');
    const { monitor, judging } = heart;
    if (order.kind === 'seeds') {
      const results: RunResult[] = [];
      for (const seed of order.seeds) {
        const job: Job = { from: { seed }, isTraced: false };
        results.push((await target.run(job, { planned: check, monitor, judging })).result);
      }
      return { kind: 'results', results };
    }
    const planned = (plan: Plan): void =>
      plainly(() => parentPort?.postMessage({ kind: 'planned', plan }));
    const { plan, ...report } = await target.run(order.job, { planned, monitor, judging });
    return { kind: 'done', report, settled: { params: plan.params, faults: plan.faults } };
  } catch (error) {
    return { kind: 'failed', error: describeThrown(error) };
  } finally {
    heart.rest();
  }
}

parentPort?.on('message', (order: Order) => {
  void obey(order).then((answer) => parentPort?.postMessage(answer));
});
