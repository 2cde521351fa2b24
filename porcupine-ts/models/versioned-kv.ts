import { decideVersionedKv } from '../exact/versioned-kv/decide.ts';
import type { Operation } from '../history/operation.ts';
import { ILLEGAL, type Model } from '../model.ts';
import { OnlineVersionedKv } from '../online/versioned-kv/part.ts';
import {
  ABSENT,
  describeVersionedKv,
  describeVersionedKvState,
  isVersionedKvReadOnly,
  type VersionedGetOutput,
  type VersionedKvInput,
  type VersionedKvOutput,
  versionedKvProblem,
  type VersionedKvState,
  versionedKvStateKey,
  type VersionedPut,
  type VersionedPutOutput,
  written,
} from './versioned-kv-operation.ts';

/**
 * Versioned key/value store, by the contract of 6.5840 lab 2 to the letter.
 *
 * - get answers value, version and error of the key; all three count.
 * - put with the key's version, or version 0 on an absent key, writes and answers OK.
 * - put with a version above 0 on an absent key answers ErrNoKey.
 * - put with any other version answers ErrVersion.
 * - ErrMaybe is legal everywhere: the put had its effect if the version matched, and none if not.
 *   For an ErrMaybe whose request can still arrive after the clerk has returned, see `openMaybe`.
 */
export const versionedKvModel: Model<VersionedKvState, VersionedKvInput, VersionedKvOutput> = {
  name: 'versioned-kv',
  partitionKey: (input) => input.key,
  init: () => ABSENT,
  step: (state, input, output) =>
    input.op === 'get'
      ? stepGet(state, output as VersionedGetOutput | undefined)
      : stepPut(state, input, output),
  isReadOnly: isVersionedKvReadOnly,
  decide: (part) => decideVersionedKv(part, 'strict'),
  online: () => new OnlineVersionedKv(),
  deadStates: () => isPast,
  stateKey: versionedKvStateKey,
  validate: versionedKvProblem,
  describeOperation: describeVersionedKv,
  describeState: describeVersionedKvState,
};

function stepGet(
  state: VersionedKvState,
  output: VersionedGetOutput | undefined,
): VersionedKvState | typeof ILLEGAL {
  if (output === undefined) return state;
  const legal =
    output.value === state.value &&
    output.version === state.version &&
    output.err === (state.version === 0 ? 'ErrNoKey' : 'OK');
  return legal ? state : ILLEGAL;
}

function stepPut(
  state: VersionedKvState,
  put: VersionedPut,
  output: VersionedPutOutput | undefined,
): VersionedKvState | typeof ILLEGAL {
  const answer = answerToPut(state, put);
  const legal = output === undefined || output.err === 'ErrMaybe' || output.err === answer;
  if (!legal) return ILLEGAL;
  return answer === 'OK' ? written(state, put) : state;
}

/** Versions only grow, and a version has one value. */
function isPast(
  state: VersionedKvState,
  { input, output }: Operation<VersionedKvInput, VersionedKvOutput>,
): boolean {
  if (output === undefined) return false;
  if (output.err === 'ErrNoKey') return state.version > 0;
  if (input.op !== 'get' || !('value' in output)) return false;
  if (output.version !== state.version) return output.version < state.version;
  return output.value !== state.value;
}

function answerToPut(state: VersionedKvState, put: VersionedPut): VersionedPutOutput['err'] {
  if (put.version === state.version) return 'OK';
  return state.version === 0 ? 'ErrNoKey' : 'ErrVersion';
}
