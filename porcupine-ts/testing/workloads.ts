import { appendModel } from '../models/append.ts';
import { casRegisterModel } from '../models/cas-register.ts';
import { lockModel } from '../models/lock.ts';
import { registerModel } from '../models/register.ts';
import { versionedKvLabModel } from '../models/versioned-kv-lab.ts';
import type { AppendInput, AppendOutput } from '../models/append.ts';
import type { CasRegisterInput, CasRegisterOutput } from '../models/cas-register.ts';
import type { LockInput, LockOutput, LockState } from '../models/lock.ts';
import type { RegisterInput, RegisterOutput, RegisterValue } from '../models/register.ts';
import type {
  VersionedKvInput,
  VersionedKvOutput,
  VersionedKvState,
  VersionedPutOutput,
} from '../models/versioned-kv-operation.ts';
import { versionedKvModel } from '../models/versioned-kv.ts';
import type { Workload } from './closed-loop.ts';
import type { RandomSource } from './random-source.ts';

/** How varied the operations are. */
export interface Variety {
  readonly keys: number;
  /** How many different values are written. */
  readonly values: number;
}

/** A workload that also knows wrong answers. */
export interface FaultyWorkload<S, I, O> extends Workload<S, I, O> {
  /** An answer of the right shape, drawn without regard to the state. */
  guess(random: RandomSource, input: I): O;
  /** Another input, for operations whose answer can never be wrong. */
  confuse?(random: RandomSource, input: I): I;
}

const key = (random: RandomSource, { keys }: Variety): string => `k${random.below(keys)}`;
const text = (random: RandomSource, { values }: Variety): string => `v${random.below(values)}`;

/** Half gets, half puts; most puts at the right version. */
export function versionedKv(
  variety: Variety,
  flavour: 'strict' | 'lab' = 'strict',
): FaultyWorkload<VersionedKvState, VersionedKvInput, VersionedKvOutput> {
  const refusal = (state: VersionedKvState): VersionedPutOutput['err'] =>
    state.version === 0 && flavour === 'strict' ? 'ErrNoKey' : 'ErrVersion';
  return {
    model: flavour === 'strict' ? versionedKvModel : versionedKvLabModel,
    ask: (random, _client, stateOf) => {
      const get = { op: 'get', key: key(random, variety) } as const;
      if (random.chance(50)) return get;
      const version = random.chance(20) ? random.below(3) : stateOf(get).version;
      return { op: 'put', key: get.key, value: text(random, variety), version };
    },
    answer: (random, state, input) => {
      if (input.op === 'get') return { ...state, err: state.version === 0 ? 'ErrNoKey' : 'OK' };
      if (random.chance(10)) return { err: 'ErrMaybe' };
      return { err: input.version === state.version ? 'OK' : refusal(state) };
    },
    guess: (random, input) => {
      if (input.op === 'put') {
        const errors = ['OK', 'ErrVersion', 'ErrNoKey', 'ErrMaybe'] as const;
        return { err: errors[random.below(4)]! };
      }
      const version = random.below(3);
      if (version === 0) return { value: '', version, err: 'ErrNoKey' };
      return { value: text(random, variety), version, err: 'OK' };
    },
  };
}

/** Clients that take and give back locks; the confused ones are not sure who they are. */
export function lock(variety: Variety): FaultyWorkload<LockState, LockInput, LockOutput> {
  return {
    model: lockModel,
    ask: (random, client, stateOf) => {
      const acquire = { op: 'acquire', name: key(random, variety), owner: client } as const;
      return stateOf(acquire) === client ? { ...acquire, op: 'release' } : acquire;
    },
    answer: () => ({}),
    guess: () => ({}),
    confuse: (random, input) =>
      random.chance(50)
        ? { ...input, owner: random.below(3) }
        : { ...input, op: input.op === 'acquire' ? 'release' : 'acquire' },
  };
}

/** Reads and writes in equal parts. */
export function register(
  variety: Variety,
): FaultyWorkload<RegisterValue, RegisterInput, RegisterOutput> {
  return {
    model: registerModel,
    ask: (random) => {
      const name = key(random, variety);
      if (random.chance(50)) return { op: 'read', key: name };
      return { op: 'write', key: name, value: text(random, variety) };
    },
    answer: (_random, state, input) => (input.op === 'read' ? { value: state } : {}),
    guess: (random, input) => (input.op === 'read' ? { value: text(random, variety) } : {}),
  };
}

/** Reads, writes and compare-and-sets in equal parts; some reads return nobody knows what. */
export function casRegister(
  variety: Variety,
): FaultyWorkload<RegisterValue, CasRegisterInput, CasRegisterOutput> {
  return {
    model: casRegisterModel,
    ask: (random) => {
      const kind = random.below(3);
      if (kind === 0) return { op: 'read' };
      if (kind === 1) return { op: 'write', value: text(random, variety) };
      return { op: 'cas', from: text(random, variety), to: text(random, variety) };
    },
    answer: (random, state, input) => {
      if (input.op === 'cas') return { ok: input.from === state };
      return input.op === 'read' && random.chance(90) ? { value: state } : {};
    },
    guess: (random, input) => {
      if (input.op === 'cas') return { ok: random.chance(50) };
      return input.op === 'read' ? { value: text(random, variety) } : {};
    },
  };
}

/** Gets, puts and appends in equal parts; some appends answer the value before. */
export function append(variety: Variety): FaultyWorkload<string, AppendInput, AppendOutput> {
  return {
    model: appendModel,
    ask: (random) => {
      const name = key(random, variety);
      const kind = random.below(3);
      if (kind === 0) return { op: 'get', key: name };
      return { op: kind === 1 ? 'put' : 'append', key: name, value: text(random, variety) };
    },
    answer: (random, state, input) => {
      if (input.op === 'get') return { value: state };
      return input.op === 'append' && random.chance(50) ? { value: state } : {};
    },
    guess: (random, input) => (input.op === 'put' ? {} : { value: text(random, variety) }),
  };
}
