import { decideVersionedKv } from '../exact/versioned-kv/decide.ts';
import { ILLEGAL, type Model } from '../model.ts';
import {
  ABSENT,
  describeVersionedKv,
  describeVersionedKvState,
  isVersionedKvReadOnly,
  type VersionedKvInput,
  type VersionedKvOutput,
  versionedKvProblem,
  type VersionedKvState,
  versionedKvStateKey,
  written,
} from './versioned-kv-operation.ts';

/**
 * Versioned key/value store as the official tests of 6.5840 (2025, 2026) judge it, which is both
 * laxer and stricter than the labs' own contract:
 *
 * - of a get only the value counts; its version and error may be anything;
 * - a put never answers ErrNoKey: on an absent key with a version above 0 it must say ErrVersion.
 *
 * Use `versioned-kv` unless you compare with the official tests.
 */
export const versionedKvLabModel: Model<VersionedKvState, VersionedKvInput, VersionedKvOutput> = {
  name: 'versioned-kv-lab',
  partitionKey: (input) => input.key,
  init: () => ABSENT,
  step: (state, input, output) => {
    if (input.op === 'get') {
      const legal = output === undefined || ('value' in output && output.value === state.value);
      return legal ? state : ILLEGAL;
    }
    const answer = input.version === state.version ? 'OK' : 'ErrVersion';
    const legal = output === undefined || output.err === 'ErrMaybe' || output.err === answer;
    if (!legal) return ILLEGAL;
    return answer === 'OK' ? written(state, input) : state;
  },
  isReadOnly: isVersionedKvReadOnly,
  decide: (part) => decideVersionedKv(part, 'lab'),
  stateKey: versionedKvStateKey,
  validate: versionedKvProblem,
  describeOperation: describeVersionedKv,
  describeState: describeVersionedKvState,
};
