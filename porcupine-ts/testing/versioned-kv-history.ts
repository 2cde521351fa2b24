import type {
  VersionedKvInput,
  VersionedKvOperation,
  VersionedKvOutput,
  VersionedKvState,
} from '../models/versioned-kv-operation.ts';
import { closedLoop, type LoopOptions, type Workload } from './closed-loop.ts';
import type { RandomSource } from './random-source.ts';
import { versionedKv, type Variety } from './workloads.ts';

/** How varied the operations are, and by which model they are answered. */
export interface KvVariety extends Variety {
  readonly flavour: 'strict' | 'lab';
}

/** A kind of harm done to a legal history; it may stay legal. */
type Harm = (operation: VersionedKvOperation, random: RandomSource) => VersionedKvOperation;

/** A version as it may be written down: mostly near the true ones, sometimes absurd. */
function otherVersion(random: RandomSource, version: number): number {
  const dice = random.below(10);
  if (dice === 0) return [2 ** 40, -1, 1.5, Number.MAX_SAFE_INTEGER][random.below(4)]!;
  return Math.max(0, version + random.below(5) - 2);
}

/** The operation with another answer of the right shape, drawn from answers like it. */
function otherOutput(
  input: VersionedKvInput,
  output: VersionedKvOutput,
  random: RandomSource,
): VersionedKvOutput {
  if (!('value' in output)) {
    const errors = ['OK', 'ErrVersion', 'ErrNoKey', 'ErrMaybe'] as const;
    return { err: errors[random.below(4)]! };
  }
  const dice = random.below(6);
  if (dice === 0) return { value: '', version: 0, err: 'ErrNoKey' };
  if (dice === 1) return { ...output, value: `v${random.below(4)}` };
  if (dice === 2) return { ...output, err: output.err === 'OK' ? 'ErrNoKey' : 'OK' };
  return { ...output, version: otherVersion(random, output.version), err: 'OK' };
}

const harms: readonly Harm[] = [
  (operation, random) => {
    const { input, output } = operation;
    return output === undefined
      ? operation
      : { ...operation, output: otherOutput(input, output, random) };
  },
  ({ return: end, ...operation }, random) => {
    if (end === undefined) return operation;
    const call = operation.call + random.below(5) - 2;
    return { ...operation, call, return: Math.max(call, end + random.below(9) - 4) };
  },
  (operation, random) => {
    const { input } = operation;
    if (input.op === 'get') return operation;
    return { ...operation, input: { ...input, version: otherVersion(random, input.version) } };
  },
];

/**
 * The usual workload with more puts that are refused or unsure: about half of them name a version
 * near the right one.
 */
function contended(
  variety: KvVariety,
  maybePercent: number,
): Workload<VersionedKvState, VersionedKvInput, VersionedKvOutput> {
  const usual = versionedKv(variety, variety.flavour);
  return {
    ...usual,
    ask: (random, client, stateOf) => {
      const input = usual.ask(random, client, stateOf);
      if (input.op === 'get') return input;
      const near = random.chance(50) ? 0 : random.below(4) - 2;
      return { ...input, version: Math.max(0, stateOf(input).version + near) };
    },
    answer: (random, state, input) =>
      input.op === 'put' && random.chance(maybePercent)
        ? { err: 'ErrMaybe' }
        : usual.answer(random, state, input),
  };
}

/**
 * A legal history that was then harmed in up to three places, with ties, operations that never return
 * or return nobody knows what, and ErrMaybe as returned or as pending.
 */
export function harmedHistory(
  variety: KvVariety,
  options: LoopOptions,
  random: RandomSource,
): VersionedKvOperation[] {
  const workload = contended(variety, random.chance(50) ? 0 : 30);
  const legal = closedLoop(workload, options, random);
  const coarse = random.chance(30) ? 1 + random.below(4) : 1;
  const opened = random.chance(50);
  const forgets = random.chance(30) ? 15 : 0;
  const history = legal.map((operation, index): VersionedKvOperation => {
    const { output, return: end, ...rest } = operation;
    // Of different clients, so that moving a stamp leaves the history well formed.
    const base = { ...rest, clientId: index, call: Math.floor(operation.call / coarse) };
    if (end === undefined || (opened && output?.err === 'ErrMaybe')) return base;
    const returned = { ...base, return: Math.floor(end / coarse) };
    return random.chance(forgets) || output === undefined ? returned : { ...returned, output };
  });
  for (let count = random.below(4); count > 0; count--) {
    const index = random.below(history.length);
    history[index] = harms[random.below(harms.length)]!(history[index]!, random);
  }
  return history;
}
