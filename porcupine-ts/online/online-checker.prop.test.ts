import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import type { Operation } from '../history/operation.ts';
import type { Model } from '../model.ts';
import type {
  VersionedKvInput,
  VersionedKvOutput,
  VersionedKvState,
} from '../models/versioned-kv-operation.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { eventsOf, type HistoryEvent, tell } from '../testing/online-events.ts';
import { randomSource, type RandomSource } from '../testing/random-source.ts';
import * as workloads from '../testing/workloads.ts';
import type { FaultyWorkload } from '../testing/workloads.ts';
import { OnlineChecker, type OnlineOptions } from './online-checker.ts';

const histories = 3000;
/** Of these at least so many must be illegal, and as many legal. */
const eachVerdictMin = histories / 5;

interface Shape {
  readonly variety: workloads.Variety;
  readonly operations: number;
  readonly clients: number;
  readonly pendingPercent: number;
}

const shapes: readonly Shape[] = [
  { variety: { keys: 1, values: 2 }, operations: 6, clients: 4, pendingPercent: 15 },
  { variety: { keys: 2, values: 3 }, operations: 12, clients: 4, pendingPercent: 15 },
  { variety: { keys: 1, values: 3 }, operations: 40, clients: 5, pendingPercent: 10 },
  { variety: { keys: 1, values: 2 }, operations: 15, clients: 5, pendingPercent: 40 },
  { variety: { keys: 1, values: 9 }, operations: 20, clients: 6, pendingPercent: 30 },
];

/**
 * A legal history without ties in which, mostly, one or two operations then suffered: an answer was
 * replaced or lost, a return was moved to the call, an operation was attributed to another owner.
 */
function suspiciousHistory<S, I, O>(
  workload: FaultyWorkload<S, I, O>,
  { operations, clients, pendingPercent }: Shape,
  random: RandomSource,
): Operation<I, O>[] {
  const legal = closedLoop(
    workload,
    { operations: 3 + random.below(operations), clients, pendingPercent },
    random,
  );
  const wrong = new Set<number>();
  for (let faults = random.below(7); faults > 1; faults--) wrong.add(random.below(legal.length));
  return legal.map((operation, index) => {
    // Of different clients, so that whatever is abandoned later leaves the history well formed.
    const base = { ...operation, clientId: index };
    if (operation.return === undefined || !wrong.has(index)) return base;
    const end = random.chance(50) ? operation.call + 0.5 : operation.return;
    const input = workload.confuse?.(random, operation.input) ?? operation.input;
    const output = random.chance(85) ? workload.guess(random, input) : undefined;
    return { ...base, input, return: end, output };
  });
}

/** The first `count` events as a history: what has not returned by then is pending. */
function firstEvents<I, O>(
  history: readonly Operation<I, O>[],
  events: readonly HistoryEvent[],
  count: number,
): Operation<I, O>[] {
  const happened = events.slice(0, count);
  const called = happened.filter(({ kind }) => kind === 'call').map(({ index }) => index);
  const returned = new Set(
    happened.filter(({ kind }) => kind === 'return').map(({ index }) => index),
  );
  return called.map((index) => {
    const operation = history[index]!;
    return returned.has(index) ? operation : { ...operation, return: undefined, output: undefined };
  });
}

/** After how many events all those open after `count` events have settled; undefined if never. */
function settledAfter(events: readonly HistoryEvent[], count: number): number | undefined {
  const open = new Set<number>();
  for (const [number, { kind, index }] of events.entries()) {
    if (kind !== 'call') open.delete(index);
    else if (number < count) open.add(index);
    if (number + 1 >= count && open.size === 0) return number + 1;
  }
  return undefined;
}

/** Tells all events; how many there were when the verdict turned illegal, if it did. */
function watch<S, I, O>(
  checker: OnlineChecker<S, I, O>,
  history: readonly Operation<I, O>[],
  events: readonly HistoryEvent[],
): number | undefined {
  let found: number | undefined;
  for (const [number, event] of events.entries()) {
    tell(checker, history, event);
    if (checker.verdict === 'illegal') found ??= number + 1;
    else expect(checker.verdict).toBe('ok so far');
  }
  return found;
}

function agreement<S, I, O>(
  workloadOf: (variety: workloads.Variety) => FaultyWorkload<S, I, O>,
  options: OnlineOptions = {},
): void {
  const counts = { ok: 0, illegal: 0, unknown: 0 };
  const check = (model: Model<S, I, O>, history: readonly Operation<I, O>[]) =>
    checkOperations(model, history, { algorithm: 'search' }).verdict;
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.constantFrom(...shapes), (seed, shape) => {
      const random = randomSource(seed);
      const workload = workloadOf(shape.variety);
      const { model } = workload;
      const history = suspiciousHistory(workload, shape, random);
      const events = eventsOf(history, random);
      const checker = new OnlineChecker(model, options);
      const found = watch(checker, history, events);
      const { verdict, violation, operations } = checker.finish();
      counts[verdict]++;
      expect(verdict).toBe(check(model, history));
      expect(operations).toBe(history.length);
      expect(violation !== undefined).toBe(verdict === 'illegal');
      if (verdict !== 'illegal') return;
      // The first event from which on the history cannot be mended, by halving.
      let [legal, illegal] = [0, events.length];
      while (illegal - legal > 1) {
        const middle = (legal + illegal) >>> 1;
        if (check(model, firstEvents(history, events, middle)) === 'illegal') illegal = middle;
        else legal = middle;
      }
      if (found !== undefined) expect(found).toBeGreaterThanOrEqual(illegal);
      const deadline = settledAfter(events, illegal);
      if (deadline !== undefined) expect(found).toBeLessThanOrEqual(deadline);
    }),
    { numRuns: histories, seed: 1 },
  );
  expect(counts.unknown).toBe(0);
  expect(counts.ok).toBeGreaterThan(eachVerdictMin);
  expect(counts.illegal).toBeGreaterThan(eachVerdictMin);
}

/** Puts at versions of the past and of the future, and many of which nobody knows the effect. */
function unsureKv(
  variety: workloads.Variety,
): FaultyWorkload<VersionedKvState, VersionedKvInput, VersionedKvOutput> {
  const base = workloads.versionedKv(variety);
  return {
    ...base,
    ask: (random, client, stateOf) => {
      const input = base.ask(random, client, stateOf);
      if (input.op === 'get') return input;
      const { version } = stateOf(input);
      return { ...input, version: Math.max(0, version + random.below(5) - 1 - random.below(2)) };
    },
    answer: (random, state, input) =>
      input.op === 'put' && random.chance(50)
        ? { err: 'ErrMaybe' }
        : base.answer(random, state, input),
    guess: (random, input) => {
      const guess = base.guess(random, input);
      return 'value' in guess && guess.version > 0
        ? { ...guess, version: guess.version + random.below(3) }
        : guess;
    },
  };
}

describe('the online verdict is that of the whole history, and comes in time', () => {
  test('versioned-kv, exact', () => agreement((v) => workloads.versionedKv(v)));
  test('versioned-kv with unsure puts, exact', () => agreement(unsureKv));
  test('versioned-kv, general', () =>
    agreement((v) => workloads.versionedKv(v), { algorithm: 'search' }));
  test('versioned-kv-lab', () => agreement((v) => workloads.versionedKv(v, 'lab')));
  test('lock', () => agreement(workloads.lock));
  test('register', () => agreement(workloads.register));
  test('cas-register', () => agreement(workloads.casRegister));
  test('append', () => agreement(workloads.append));
});
