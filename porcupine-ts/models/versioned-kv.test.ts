import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import { describeOperation } from '../explain/describe.ts';
import { ILLEGAL } from '../model.ts';
import { done } from '../testing/build-history.ts';
import { openMaybe } from './open-maybe.ts';
import { versionedKvLabModel } from './versioned-kv-lab.ts';
import {
  ABSENT,
  type VersionedKvInput,
  type VersionedKvOperation,
  type VersionedKvOutput,
  type VersionedKvState,
} from './versioned-kv-operation.ts';
import { versionedKvModel } from './versioned-kv.ts';

const present: VersionedKvState = { value: 'a', version: 3 };
const get: VersionedKvInput = { op: 'get', key: 'x' };
const put = (version: number): VersionedKvInput => ({ op: 'put', key: 'x', value: 'b', version });

/** What each flavour makes of an answer: `-` illegal, `=` no effect, `+` written. */
function verdicts(state: VersionedKvState, input: VersionedKvInput, output?: VersionedKvOutput) {
  return [versionedKvModel, versionedKvLabModel]
    .map((model) => {
      const after = model.step(state, input, output);
      if (after === ILLEGAL) return '-';
      if (after === state) return '=';
      expect(after).toEqual({ value: 'b', version: state.version + 1 });
      return '+';
    })
    .join('');
}

describe('get (strict, lab)', () => {
  test.each([
    ['the value, version and error of the key', 'a', 3, 'OK', '=='],
    ['another value', 'b', 3, 'OK', '--'],
    ['another version', 'a', 2, 'OK', '-='],
    ['ErrNoKey for a key that is there', 'a', 3, 'ErrNoKey', '-='],
  ] as const)('%s', (_name, value, version, err, expected) => {
    expect(verdicts(present, get, { value, version, err })).toBe(expected);
  });

  test.each([
    ['ErrNoKey', '', 0, 'ErrNoKey', '=='],
    ['OK with an empty value', '', 0, 'OK', '-='],
    ['ErrNoKey with a version', '', 1, 'ErrNoKey', '-='],
    ['a value', 'a', 0, 'ErrNoKey', '--'],
  ] as const)('of an absent key: %s', (_name, value, version, err, expected) => {
    expect(verdicts(ABSENT, get, { value, version, err })).toBe(expected);
  });

  test('of a key that holds the empty text is not of an absent key', () => {
    const empty = { value: '', version: 1 };
    expect(verdicts(empty, get, { value: '', version: 1, err: 'OK' })).toBe('==');
    expect(verdicts(empty, get, { value: '', version: 0, err: 'ErrNoKey' })).toBe('-=');
  });
});

describe('put (strict, lab)', () => {
  const cases = [
    // What the key is, what the put says, and what OK, ErrVersion, ErrNoKey, ErrMaybe, ? are worth.
    ['the right version', present, 3, ['++', '--', '--', '++', '++']],
    ['an old version', present, 2, ['--', '==', '--', '==', '==']],
    ['a future version', present, 4, ['--', '==', '--', '==', '==']],
    ['version 0 of a key that is there', present, 0, ['--', '==', '--', '==', '==']],
    ['version 0 of an absent key', ABSENT, 0, ['++', '--', '--', '++', '++']],
    ['a version of an absent key', ABSENT, 1, ['--', '-=', '=-', '==', '==']],
  ] as const;

  test.each(cases)('%s', (_name, state, version, expected) => {
    const answers = (['OK', 'ErrVersion', 'ErrNoKey', 'ErrMaybe'] as const).map((err) =>
      verdicts(state, put(version), { err }),
    );
    expect([...answers, verdicts(state, put(version))]).toEqual(expected);
  });

  test('only refusals and gets prove that nothing was written', () => {
    const readOnly = (err: 'OK' | 'ErrVersion' | 'ErrNoKey' | 'ErrMaybe') =>
      versionedKvModel.isReadOnly?.(put(1), { err });
    expect(readOnly('ErrVersion')).toBe(true);
    expect(readOnly('ErrNoKey')).toBe(true);
    expect(readOnly('OK')).toBe(false);
    expect(readOnly('ErrMaybe')).toBe(false);
    expect(versionedKvModel.isReadOnly?.(get, { ...present, err: 'OK' })).toBe(true);
  });
});

describe('ErrMaybe', () => {
  const maybe = (end: number): VersionedKvOperation => done(1, 0, end, put(0), { err: 'ErrMaybe' });
  const absent = { value: '', version: 0, err: 'ErrNoKey' } as const;
  const seen = { value: 'b', version: 1, err: 'OK' } as const;

  test('as a returned operation has its effect before it returns', () => {
    const late = [maybe(1), done(1, 2, 3, get, absent), done(1, 4, 5, get, seen)];
    expect(checkOperations(versionedKvModel, late).verdict).toBe('illegal');
    const early = [maybe(1), done(1, 2, 3, get, seen)];
    expect(checkOperations(versionedKvModel, early).verdict).toBe('ok');
  });

  test('opened, may have its effect later, or never, but not twice', () => {
    const late = [maybe(1), done(1, 2, 3, get, absent), done(1, 4, 5, get, seen)];
    expect(checkOperations(versionedKvModel, openMaybe(late)).verdict).toBe('ok');
    const never = [maybe(1), done(1, 2, 3, get, absent)];
    expect(checkOperations(versionedKvModel, openMaybe(never)).verdict).toBe('ok');
    const undone = [...late, done(1, 6, 7, get, absent)];
    expect(checkOperations(versionedKvModel, openMaybe(undone)).verdict).toBe('illegal');
  });

  test('opening leaves all else as it is', () => {
    const other = done(2, 0, 1, put(0), { err: 'OK' } as const);
    const [opened, untouched] = openMaybe([{ ...maybe(1), metadata: 'mine' }, other]);
    expect(opened).toEqual({ clientId: 1, call: 0, input: put(0), metadata: 'mine' });
    expect(untouched).toBe(other);
  });
});

describe('words', () => {
  test('operations and states', () => {
    const words = [
      done('c', 1, 2, get, { ...present, err: 'OK' } as const),
      done('c', 3, 4, put(3), { err: 'ErrVersion' } as const),
      { clientId: 'c', call: 5, input: put(3) },
    ].map((operation) => describeOperation(versionedKvModel, operation));
    expect(words).toEqual([
      'client c: get("x") -> "a", version 3, OK (called at 1, returned at 2)',
      'client c: put("x", "b", version 3) -> ErrVersion (called at 3, returned at 4)',
      'client c: put("x", "b", version 3) -> ? (called at 5, pending)',
    ]);
    expect(versionedKvModel.describeState?.(ABSENT)).toBe('no such key');
  });

  test.each([
    [{ op: 'incr', key: 'x' }, undefined, 'unknown operation "incr"; expected get or put'],
    ['get', undefined, 'input: expected an object, got "get"'],
    [{ op: 'get' }, undefined, 'input.key: expected a string, got nothing'],
    [put(-1), undefined, 'input.version: expected an integer from 0 on, got -1'],
    [
      put(0),
      { err: 'No' },
      'output.err: expected "OK" or "ErrVersion" or "ErrNoKey" or "ErrMaybe"',
    ],
    [get, { err: 'OK' }, 'output.value: expected a string, got nothing'],
    [get, [], 'output: expected an object, got []'],
  ])('%j -> %j is malformed', (input, output, problem) => {
    expect(versionedKvModel.validate?.(input, output)).toContain(problem);
  });
});
