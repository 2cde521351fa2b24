import type { Operation } from './history/operation.ts';
import { ModelError } from './model-error.ts';

/**
 * How many operations are watched: all of a small history. A model that changes its arguments does
 * so to all operations of a kind, so that some of many are enough; to watch all would take longer
 * than an exact algorithm.
 */
const WATCHED_MAX = 64;

/** Of what lies deeper only the identity is watched: fields that nobody knows can be bottomless. */
const DEPTH_MAX = 100;

interface Watched {
  readonly operation: Operation<unknown, unknown>;
  readonly input: unknown;
  readonly output: unknown;
}

/**
 * Copies of inputs and outputs from before a check, to find out a model that changes them. Of what
 * is not plain data only the identity is watched.
 */
export class InputSample {
  private readonly watched: Watched[] = [];

  constructor(history: readonly Operation<unknown, unknown>[]) {
    const stride = Math.max(1, Math.ceil(history.length / WATCHED_MAX));
    for (let index = 0; index < history.length; index += stride) {
      const operation = history[index]!;
      this.watched.push({
        operation,
        input: copy(operation.input),
        output: copy(operation.output),
      });
    }
  }

  /** @throws ModelError if one of them has another content now */
  assertUnchanged(modelName: string): void {
    for (const { operation, input, output } of this.watched) {
      const wasChanged = !isEqual(operation.input, input)
        ? input
        : !isEqual(operation.output, output)
          ? output
          : UNCHANGED;
      if (wasChanged === UNCHANGED) continue;
      const what = JSON.stringify(wasChanged);
      throw new ModelError(modelName, `step changed ${what}, the input or output of an operation`);
    }
  }
}

const UNCHANGED: unique symbol = Symbol('unchanged');

function isPlain(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function copy(value: unknown, depth: number = 0): unknown {
  if (depth > DEPTH_MAX) return value;
  if (Array.isArray(value)) return value.map((item) => copy(item, depth + 1));
  if (!isPlain(value)) return value;
  const fields: Record<string, unknown> = { ...value };
  for (const name of Object.keys(fields)) {
    if (typeof fields[name] === 'object') fields[name] = copy(fields[name], depth + 1);
  }
  return fields;
}

function isEqual(now: unknown, before: unknown): boolean {
  if (Object.is(now, before)) return true;
  if (Array.isArray(before)) {
    return (
      Array.isArray(now) &&
      now.length === before.length &&
      before.every((item, index) => isEqual(now[index], item))
    );
  }
  if (!isPlain(before) || !isPlain(now)) return false;
  const names = Object.keys(before);
  return (
    names.length === Object.keys(now).length &&
    names.every((name) => Object.hasOwn(now, name) && isEqual(now[name], before[name]))
  );
}
