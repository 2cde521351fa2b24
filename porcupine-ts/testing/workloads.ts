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
import {
  appendListModel,
  type AppendListInput,
  type AppendListOutput,
} from '../models/append-list.ts';
import { counterModel, type CounterInput, type CounterOutput } from '../models/counter.ts';
import { logModel, type LogInput, type LogOutput } from '../models/log.ts';
import { queueModel, type QueueInput, type QueueOutput } from '../models/queue.ts';
import { type Element, elementAt, type Sequence } from '../models/sequence.ts';
import { setModel, type SetInput, type SetOutput } from '../models/set.ts';
import { versionedKvModel } from '../models/versioned-kv.ts';
import {
  writeOnceRegisterModel,
  type WriteOnceInput,
  type WriteOnceOutput,
} from '../models/write-once-register.ts';
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

/** Reads and writes in equal parts. */
export function writeOnceRegister(
  variety: Variety,
): FaultyWorkload<Element | null, WriteOnceInput, WriteOnceOutput> {
  return {
    model: writeOnceRegisterModel,
    ask: (random) => {
      const name = key(random, variety);
      if (random.chance(50)) return { op: 'read', key: name };
      return { op: 'write', key: name, value: text(random, variety) };
    },
    answer: (_random, state, input) =>
      input.op === 'read' ? { value: state } : { ok: state === null },
    guess: (random, input) => {
      if (input.op === 'write') return { ok: random.chance(50) };
      return { value: random.chance(50) ? null : text(random, variety) };
    },
  };
}

/** Adds, removes, questions for an element and reads in equal parts; half the changes say so. */
export function set(variety: Variety): FaultyWorkload<readonly Element[], SetInput, SetOutput> {
  return {
    model: setModel,
    ask: (random) => {
      const name = key(random, variety);
      const op = (['add', 'remove', 'contains', 'read'] as const)[random.below(4)]!;
      return op === 'read' ? { op, key: name } : { op, key: name, value: text(random, variety) };
    },
    answer: (random, state, input) => {
      if (input.op === 'read') return { values: state.toReversed() };
      const present = state.includes(input.value);
      if (input.op === 'contains') return { present };
      return random.chance(50) ? { changed: present === (input.op === 'remove') } : {};
    },
    guess: (random, input) => {
      const flag = random.chance(50);
      if (input.op === 'contains') return { present: flag };
      return input.op === 'read' ? { values: guessList(random, variety) } : { changed: flag };
    },
  };
}

/** Enqueues and dequeues in equal parts. */
export function queue(
  variety: Variety,
): FaultyWorkload<readonly Element[], QueueInput, QueueOutput> {
  return {
    model: queueModel,
    ask: (random) => {
      const name = key(random, variety);
      if (random.chance(50)) return { op: 'dequeue', key: name };
      return { op: 'enqueue', key: name, value: text(random, variety) };
    },
    answer: (_random, state, input) => (input.op === 'dequeue' ? { value: state[0] ?? null } : {}),
    guess: (random, input) => {
      if (input.op === 'enqueue') return {};
      return { value: random.chance(30) ? null : text(random, variety) };
    },
    confuse: (random, input) =>
      input.op === 'enqueue' ? { ...input, value: text(random, variety) } : input,
  };
}

/** Reads, and additions of small numbers; half of these answer the sum. */
export function counter(variety: Variety): FaultyWorkload<number, CounterInput, CounterOutput> {
  return {
    model: counterModel,
    ask: (random) => {
      const name = key(random, variety);
      if (random.chance(40)) return { op: 'read', key: name };
      return { op: 'add', key: name, delta: random.below(variety.values + 1) - 1 };
    },
    answer: (random, state, input) => {
      if (input.op === 'read') return { value: state };
      return random.chance(50) ? { value: state + input.delta } : {};
    },
    guess: (random) => ({ value: random.below(4) - 1 }),
  };
}

/** Appends and reads in equal parts. */
export function appendList(
  variety: Variety,
): FaultyWorkload<Sequence, AppendListInput, AppendListOutput> {
  return {
    model: appendListModel,
    ask: (random) => {
      const name = key(random, variety);
      if (random.chance(50)) return { op: 'read', key: name };
      return { op: 'append', key: name, value: text(random, variety) };
    },
    answer: (_random, state, input) => (input.op === 'read' ? { values: elementsOf(state) } : {}),
    guess: (random, input) => (input.op === 'read' ? { values: guessList(random, variety) } : {}),
  };
}

/** Appends, gets and reads in equal parts. */
export function log(variety: Variety): FaultyWorkload<Sequence, LogInput, LogOutput> {
  return {
    model: logModel,
    ask: (random) => {
      const name = key(random, variety);
      const op = (['append', 'get', 'read'] as const)[random.below(3)]!;
      if (op === 'append') return { op, key: name, value: text(random, variety) };
      return op === 'get' ? { op, key: name, index: 1 + random.below(4) } : { op, key: name };
    },
    answer: (_random, state, input) => {
      if (input.op === 'append') return { index: state.length + 1 };
      if (input.op === 'read') return { values: elementsOf(state) };
      return { value: elementAt(state, input.index - 1) ?? null };
    },
    guess: (random, input) => {
      if (input.op === 'append') return { index: 1 + random.below(4) };
      if (input.op === 'read') return { values: guessList(random, variety) };
      return { value: random.chance(40) ? null : text(random, variety) };
    },
  };
}

function guessList(random: RandomSource, variety: Variety): Element[] {
  return Array.from({ length: random.below(3) }, () => text(random, variety));
}

function elementsOf(sequence: Sequence): Element[] {
  return Array.from({ length: sequence.length }, (_, place) => elementAt(sequence, place)!);
}
