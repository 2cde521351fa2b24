import type { Operation } from '../history/operation.ts';
import { COUNT, oneOf, operationProblem, type OperationShape, TEXT } from './shape.ts';

/** Read a key. */
export interface VersionedGet {
  readonly op: 'get';
  readonly key: string;
}

/** Write a key if it has been written exactly `version` times; 0 = it does not exist. */
export interface VersionedPut {
  readonly op: 'put';
  readonly key: string;
  readonly value: string;
  readonly version: number;
}

/** Operations of the versioned key/value server of 6.5840 lab 2. */
export type VersionedKvInput = VersionedGet | VersionedPut;

/** Answer to a get; with `ErrNoKey` the value is `''` and the version 0. */
export interface VersionedGetOutput {
  readonly value: string;
  readonly version: number;
  readonly err: 'OK' | 'ErrNoKey';
}

/**
 * Answer to a put. `ErrMaybe` comes from the clerk and never from the server: a retransmission was
 * refused, and an earlier transmission may be the reason.
 */
export interface VersionedPutOutput {
  readonly err: 'OK' | 'ErrVersion' | 'ErrNoKey' | 'ErrMaybe';
}

/** Answers of the versioned key/value server. */
export type VersionedKvOutput = VersionedGetOutput | VersionedPutOutput;

/** An operation of a versioned key/value history. */
export type VersionedKvOperation = Operation<VersionedKvInput, VersionedKvOutput>;

/** One key: its value, and how often it was written. Version 0 = the key does not exist. */
export interface VersionedKvState {
  readonly value: string;
  readonly version: number;
}

/** A key that was never written. */
export const ABSENT: VersionedKvState = { value: '', version: 0 };

const SHAPES: Readonly<Record<string, OperationShape>> = {
  get: {
    input: { key: TEXT },
    output: { value: TEXT, version: COUNT, err: oneOf('OK', 'ErrNoKey') },
  },
  put: {
    input: { key: TEXT, value: TEXT, version: COUNT },
    output: { err: oneOf('OK', 'ErrVersion', 'ErrNoKey', 'ErrMaybe') },
  },
};

/** What is wrong with the shape of an operation, in words, or undefined. */
export function versionedKvProblem(input: unknown, output: unknown): string | undefined {
  return operationProblem(SHAPES, input, output);
}

/** The state after a put whose version matches. */
export function written(state: VersionedKvState, put: VersionedPut): VersionedKvState {
  return { value: put.value, version: state.version + 1 };
}

/** Key of a state: the version ends at the first colon, so no two states share one. */
export function versionedKvStateKey(state: VersionedKvState): string {
  return `${state.version}:${state.value}`;
}

/** Does the answer prove that nothing was written? True for gets and for refused puts. */
export function isVersionedKvReadOnly(input: VersionedKvInput, output: VersionedKvOutput): boolean {
  return input.op === 'get' || output.err === 'ErrVersion' || output.err === 'ErrNoKey';
}

/** `put("x", "a", version 3) -> ErrVersion` */
export function describeVersionedKv(
  input: VersionedKvInput,
  output: VersionedKvOutput | undefined,
): string {
  const key = JSON.stringify(input.key);
  const call =
    input.op === 'get'
      ? `get(${key})`
      : `put(${key}, ${JSON.stringify(input.value)}, version ${input.version})`;
  if (output === undefined) return `${call} -> ?`;
  if (!('value' in output)) return `${call} -> ${output.err}`;
  return `${call} -> ${JSON.stringify(output.value)}, version ${output.version}, ${output.err}`;
}

/** `"a", version 3` */
export function describeVersionedKvState(state: VersionedKvState): string {
  return state.version === 0
    ? 'no such key'
    : `${JSON.stringify(state.value)}, version ${state.version}`;
}
