/**
 * Large histories of correct and of faulty objects with one key: clients in a closed loop that
 * call, have their effect and return, in random interleaving. The same arguments give the same
 * history.
 */
import type { Operation, VersionedKvOperation } from '../porcupine-ts/index.ts';

/** How much, and what goes wrong. */
export interface WorkloadOptions {
  readonly operations: number;
  readonly clients: number;
  /**
   * Nine tenths into the history, one read answers what was true 200 writes before. Default: no.
   */
  readonly faulty?: boolean;
  /** Puts whose reply is lost, in percent. Default: 0. */
  readonly maybePercent?: number;
}

type Flat = Operation<unknown, unknown>;

/** What a client's call is to do, and what came of it. */
interface Task {
  readonly input: unknown;
  /** Takes effect and answers; `undefined` for nothing to say. */
  readonly act: () => unknown;
}

/** Gets and puts in equal parts; half of the puts at the right version, half at one seen before. */
export function versionedKvHistory(options: WorkloadOptions): VersionedKvOperation[] {
  const random = xorshift(options.operations);
  const values = [''];
  const seen = new Int32Array(options.clients);
  const answer = (version: number) => {
    return { value: values[version]!, version, err: version === 0 ? 'ErrNoKey' : 'OK' };
  };
  const get = (client: number, isStale: boolean): Task => ({
    input: { op: 'get', key: 'x' },
    act: () => {
      seen[client] = values.length - 1;
      return answer(isStale ? Math.max(0, values.length - 201) : values.length - 1);
    },
  });
  const put = (client: number, number: number): Task => {
    const version = random(2) === 0 ? values.length - 1 : seen[client]!;
    const value = `v${number}`;
    const isLost = random(100) < (options.maybePercent ?? 0);
    const act = () => {
      const current = values.length - 1;
      if (version === current) values.push(value);
      if (isLost) return { err: 'ErrMaybe' };
      if (version === current) return { err: 'OK' };
      return { err: current === 0 ? 'ErrNoKey' : 'ErrVersion' };
    };
    return { input: { op: 'put', key: 'x', value, version }, act };
  };
  const fault = options.faulty === true ? Math.floor(options.operations * 0.9) : Infinity;
  let isFaultDone = false;
  return closedLoop(options, random, (client, number) => {
    if (random(2) === 0) return put(client, number);
    const isStale = number >= fault && !isFaultDone;
    isFaultDone ||= isStale;
    return get(client, isStale);
  }) as VersionedKvOperation[];
}

/** Reads, and writes of values that are all different, in equal parts. */
export function registerHistory(options: WorkloadOptions): Flat[] {
  const random = xorshift(options.operations);
  const written: (string | null)[] = [null];
  const fault = options.faulty === true ? Math.floor(options.operations * 0.9) : Infinity;
  let isFaultDone = false;
  return closedLoop(options, random, (_client, number) => {
    if (random(2) === 0) {
      const value = `v${number}`;
      const act = () => {
        written.push(value);
        return {};
      };
      return { input: { op: 'write', key: 'x', value }, act };
    }
    const isStale = number >= fault && !isFaultDone;
    isFaultDone ||= isStale;
    const back = isStale ? 201 : 1;
    const act = () => ({ value: written[Math.max(0, written.length - back)]! });
    return { input: { op: 'read', key: 'x' }, act };
  });
}

/** Gets, and appends of texts that are all different, in equal parts. */
export function appendHistory(options: WorkloadOptions): Flat[] {
  const random = xorshift(options.operations);
  const states = [''];
  const fault = options.faulty === true ? Math.floor(options.operations * 0.9) : Infinity;
  let isFaultDone = false;
  return closedLoop(options, random, (_client, number) => {
    if (random(2) === 0) {
      const value = `${number};`;
      const act = () => {
        states.push(states.at(-1)! + value);
        return {};
      };
      return { input: { op: 'append', key: 'x', value }, act };
    }
    const isStale = number >= fault && !isFaultDone;
    isFaultDone ||= isStale;
    const back = isStale ? 201 : 1;
    const act = () => ({ value: states[Math.max(0, states.length - back)]! });
    return { input: { op: 'get', key: 'x' }, act };
  });
}

function closedLoop(
  { operations, clients }: WorkloadOptions,
  random: (bound: number) => number,
  next: (client: number, number: number) => Task,
): Flat[] {
  const history: Flat[] = [];
  const open = new Map<number, { call: number; task: Task; output?: unknown }>();
  let called = 0;
  for (let clock = 0; history.length < operations; clock++) {
    const client = random(clients);
    const current = open.get(client);
    if (current === undefined) {
      if (called < operations) open.set(client, { call: clock, task: next(client, called++) });
    } else if (current.output === undefined) {
      current.output = current.task.act();
    } else {
      const { call, task, output } = current;
      history.push({ clientId: client, call, return: clock, input: task.input, output });
      open.delete(client);
    }
  }
  return history;
}

/** Marsaglia, "Xorshift RNGs" (2003), 32 bits. */
function xorshift(seed: number): (bound: number) => number {
  let state = Math.imul(seed + 1, 0x9e3779b1) | 1;
  return (bound) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % bound;
  };
}
