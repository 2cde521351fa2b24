import {
  checkOperations,
  models,
  openMaybe,
  type Operation,
  type VersionedKvOperation,
} from '../porcupine-ts/index.ts';
import {
  appendHistory,
  registerHistory,
  versionedKvHistory,
  type WorkloadOptions,
} from './checker-workloads.ts';
import { median } from './measure.ts';

/** A generated history and the model that judges it. */
export interface Case extends WorkloadOptions {
  readonly model: 'versioned-kv' | 'register' | 'append';
  /** Are puts that answered ErrMaybe taken as pending? Default: no. */
  readonly opened?: boolean;
}

/** How a case went. */
export interface Timed {
  readonly case: Case;
  readonly verdict: string;
  /** Steps of the general search; 0 if an exact algorithm decided. */
  readonly steps: number;
  /** Warm, from arrays in memory to the verdict. */
  readonly ms: Spread;
}

/** Times of several rounds, in ms. */
export interface Spread {
  readonly median: number;
  /** Median of the processor time, of all threads: on a busy machine, what was worked. */
  readonly cpu: number;
  /** The round that was disturbed least by what else the machine does. */
  readonly least: number;
}

type History = readonly Operation<unknown, unknown>[];

/** Where the general search has to decide, it gives up after so many steps. */
const STEPS_MAX = 2_000_000;

const generators = {
  'versioned-kv': versionedKvHistory,
  register: registerHistory,
  append: appendHistory,
};

/** Rounds that are thrown away: the compiler is still at work. */
const WARM_UP_ROUNDS = 3;

/** The history of a case. */
export function historyOf(each: Case): History {
  const history: History = generators[each.model](each);
  return each.opened === true ? openMaybe(history as VersionedKvOperation[]) : history;
}

/** Judges the history of a case once. */
export function judge(each: Case, history: History): { verdict: string; steps: number } {
  return checkOperations(models[each.model]!, history, { maxSteps: STEPS_MAX });
}

/** Judges the history of a case again and again. */
export function timeCase(each: Case, rounds: number): Timed {
  const history = historyOf(each);
  const { verdict, steps } = judge(each, history);
  // What is given up takes long, and how long is not the point.
  const ms = timeRounds(() => judge(each, history), verdict === 'unknown' ? 1 : rounds);
  return { case: each, verdict, steps, ms };
}

/**
 * How long an action takes, in ms.
 * @param warmUp rounds before those that count; an action of a few ms needs many
 */
export function timeRounds(
  action: () => unknown,
  rounds: number,
  warmUp: number = WARM_UP_ROUNDS,
): Spread {
  const samples: number[] = [];
  const cpuSamples: number[] = [];
  const warmUps = rounds === 1 ? 0 : warmUp;
  for (let round = 0; round < rounds + warmUps; round++) {
    const start = process.hrtime.bigint();
    const cpuStart = process.cpuUsage();
    action();
    const { user, system } = process.cpuUsage(cpuStart);
    if (round < warmUps) continue;
    samples.push(Number(process.hrtime.bigint() - start) / 1e6);
    cpuSamples.push((user + system) / 1e3);
  }
  return { median: median(samples), cpu: median(cpuSamples), least: Math.min(...samples) };
}

/** The time that the machine takes to sort as many stamps as n operations have, natively. */
export function sortMs(operations: number, rounds: number): Spread {
  const stamps = new Float64Array(2 * operations);
  // Scattered by a multiplication with an odd number.
  for (let index = 0; index < stamps.length; index++) {
    stamps[index] = Math.imul(index, 0x9e3779b1) >>> 0;
  }
  return timeRounds(() => stamps.slice().sort(), rounds);
}
