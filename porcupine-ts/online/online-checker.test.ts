import { describe, expect, test } from 'vitest';
import { HistoryError } from '../history/history-error.ts';
import { ModelError } from '../model-error.ts';
import type { Model } from '../model.ts';
import { appendModel } from '../models/append.ts';
import {
  registerModel,
  type RegisterInput,
  type RegisterOutput,
  type RegisterValue,
} from '../models/register.ts';
import type { VersionedKvInput } from '../models/versioned-kv-operation.ts';
import { versionedKvModel } from '../models/versioned-kv.ts';
import { OnlineChecker } from './online-checker.ts';

type RegisterChecker = OnlineChecker<RegisterValue, RegisterInput, RegisterOutput>;

const write = (value: string) => ({ op: 'write', value }) as const;
const read = { op: 'read' } as const;

describe('a register that is watched', () => {
  test('is ok so far, and then illegal for good', () => {
    const checker = new OnlineChecker(registerModel);
    checker.call('w', 1, write('a'));
    checker.return('w', {});
    expect(checker.verdict).toBe('ok so far');
    checker.call('r', 2, read);
    checker.return('r', { value: null });
    expect(checker.verdict).toBe('illegal');
    expect(checker.violation).toMatchObject({
      id: 'r',
      index: 1,
      ids: ['r'],
      kind: 'read fits nowhere',
      partition: '',
      partitionOperations: 2,
    });
    expect(checker.violation?.reason).toMatch(
      /^client 2: read\(\) -> null \(called at 2, .* fits nowhere; .* state "a", and no/,
    );
    expect(checker.held).toBe(0);
    checker.call('r', 2, read);
    checker.return('r', { value: 'a' });
    expect(checker.finish()).toMatchObject({ verdict: 'illegal', operations: 3, partitions: 1 });
  });

  test('is judged when all that was open has settled, since that may have been the reason', () => {
    const told = (end: (checker: RegisterChecker) => void) => {
      const checker: RegisterChecker = new OnlineChecker(registerModel);
      checker.call('w', 1, write('a'));
      checker.call('r', 2, read);
      checker.return('r', { value: 'a' });
      expect(checker.verdict).toBe('ok so far');
      expect(checker.held).toBe(2);
      end(checker);
      return checker.verdict;
    };
    expect(told((checker) => checker.return('w', {}))).toBe('ok so far');
    expect(told((checker) => checker.abandon('w'))).toBe('ok so far');
    expect(told((checker) => checker.finish())).toBe('ok so far');
  });

  test('forgets what is settled, and abandoned writes once they have been read', () => {
    const checker = new OnlineChecker(registerModel);
    checker.call('w', 1, write('a'));
    checker.abandon('w');
    expect(checker.held).toBe(1);
    checker.call('r', 1, read);
    checker.return('r', { value: null });
    expect(checker.held).toBe(1);
    checker.call('r', 1, read);
    checker.return('r', { value: 'a' });
    expect(checker.held).toBe(0);
    checker.call('r', 1, read);
    checker.return('r', { value: null });
    expect(checker.verdict).toBe('illegal');
  });

  test('takes an answer that nobody knows for any answer', () => {
    const checker = new OnlineChecker(registerModel);
    checker.call(1, 1, read);
    checker.return(1, undefined);
    expect(checker.finish().verdict).toBe('ok');
  });
});

test('many abandoned writes do not multiply what has to be looked at', () => {
  const checker = new OnlineChecker(registerModel, { maxConfigurations: 1000 });
  for (let index = 0; index < 60; index++) {
    checker.call(`w${index}`, index, write(`v${index}`));
    checker.abandon(`w${index}`);
    checker.call('w', 'other', write(`x${index}`));
    checker.return('w', {});
    checker.call('r', 'other', read);
    checker.return('r', { value: index % 2 === 0 ? `x${index}` : `v${index}` });
  }
  const { verdict, steps } = checker.finish();
  expect(verdict).toBe('ok');
  expect(steps).toBeLessThan(100_000);
  expect(checker.held).toBe(30);
});

test('of abandoned operations that ask the same, as many may take effect as there are', () => {
  const lengthOfA = (length: number) => {
    const checker = new OnlineChecker(appendModel);
    for (let index = 0; index < 3; index++) {
      checker.call(index, index, { op: 'append', key: 'x', value: 'a' });
      checker.abandon(index);
    }
    checker.call('g', 'g', { op: 'get', key: 'x' });
    checker.return('g', { value: 'a'.repeat(length) });
    return checker.finish().verdict;
  };
  expect([0, 1, 2, 3, 4].map(lengthOfA)).toEqual(['ok', 'ok', 'ok', 'ok', 'illegal']);
});

describe('budgets', () => {
  const overlap = (checker: RegisterChecker, key: string): void => {
    const inputs = Array.from({ length: 8 }, (_, index) => ({ ...write(`v${index}`), key }));
    inputs.forEach((input, index) => checker.call(index, index, input));
    for (const index of inputs.keys()) checker.return(index, {});
  };

  test.each([
    [{ maxSteps: 100 }, { verdict: 'unknown', reason: 'steps' }],
    [{ maxConfigurations: 100 }, { verdict: 'unknown', reason: 'memory' }],
    [
      { maxSteps: 100_000, maxConfigurations: 10_000 },
      { verdict: 'ok', reason: undefined },
    ],
  ])('%j: %j', (options, { verdict, reason }) => {
    const checker = new OnlineChecker(registerModel, options);
    overlap(checker, 'k');
    expect(checker.finish().verdict).toBe(verdict);
    expect(checker.finish().reason).toBe(reason);
    expect(checker.held).toBe(0);
  });

  test('what one part has used up does not hide what is wrong in another', () => {
    const checker = new OnlineChecker(registerModel, { maxConfigurations: 100 });
    overlap(checker, 'k');
    expect(checker.verdict).toBe('unknown');
    checker.call('r', 'r', read);
    checker.return('r', { value: 'nothing' });
    expect(checker.verdict).toBe('illegal');
  });

  test('that are no numbers are refused', () => {
    expect(() => new OnlineChecker(registerModel, { maxSteps: Number.NaN })).toThrow(RangeError);
    expect(() => new OnlineChecker(registerModel, { maxConfigurations: -1 })).toThrow(
      'maxConfigurations must be 0 or more, not -1',
    );
  });
});

describe('misuse is told with the number of the event, and not counted', () => {
  const checker = new OnlineChecker(registerModel);
  checker.call('a', 1, read);
  checker.call('b', 2, read);
  checker.abandon('b');

  test.each([
    [() => checker.call('a', 3, read), 'event 3: operation "a" is called while one of that id'],
    [() => checker.call('c', 1, read), 'event 3: client 1 called before its operation "a"'],
    [() => checker.return('c', {}), 'event 3: return of operation "c", which is not open'],
    [() => checker.return('b', {}), 'event 3: return of operation "b", which is not open'],
    [() => checker.abandon('b'), 'event 3: abandon of operation "b", which is not open'],
  ])('%s', (misuse, message) => {
    expect(misuse).toThrow(HistoryError);
    expect(misuse).toThrow(message);
  });

  test('after finish nothing may happen', () => {
    const result = checker.finish();
    expect(result).toMatchObject({ verdict: 'ok', operations: 2, partitions: 1 });
    expect(checker.finish()).toBe(result);
    expect(() => checker.call('d', 4, read)).toThrow('event 4: call after finish');
    expect(() => checker.return('a', {})).toThrow('event 4: return after finish');
    expect(() => checker.abandon('a')).toThrow('event 4: abandon after finish');
  });
});

test('a model that mutates its states is reported', () => {
  const mutating: Model<{ list: number[] }, number, object> = {
    name: 'mutating',
    init: () => ({ list: [] }),
    step: (state, input) => {
      state.list.push(input);
      return { list: [...state.list] };
    },
  };
  const checker = new OnlineChecker(mutating);
  expect(() => {
    for (let index = 0; index < 200; index++) {
      checker.call(index, 1, index);
      checker.return(index, {});
    }
  }).toThrow(ModelError);
});

describe('versioned KV', () => {
  const get: VersionedKvInput = { op: 'get', key: 'x' };
  const put = (version: number, value: string): VersionedKvInput => {
    return { op: 'put', key: 'x', value, version };
  };
  const saw = (version: number, value: string) => ({ version, value, err: 'OK' }) as const;
  const OK = { err: 'OK' } as const;
  const MAYBE = { err: 'ErrMaybe' } as const;
  const NO_KEY = { value: '', version: 0, err: 'ErrNoKey' } as const;

  test('a stale get is wrong at once', () => {
    const checker = new OnlineChecker(versionedKvModel);
    for (let version = 0; version < 5; version++) {
      checker.call(version, 1, put(version, `v${version + 1}`));
      checker.return(version, OK);
    }
    checker.call('slow', 2, get);
    checker.call('g', 3, get);
    checker.return('g', saw(3, 'v3'));
    expect(checker.violation).toMatchObject({
      kind: 'stale read',
      reason:
        'client 3 read version 3 of key "x" (called at 11) ' +
        "after client 1's put at version 4 had been OK (returned at 9)",
      ids: ['g', 4],
    });
  });

  /** Two puts of which nobody knows the effect, and only the second can have made version 2. */
  const twoMaybes = () => {
    const checker = new OnlineChecker(versionedKvModel);
    checker.call('p', 'p', put(0, 'p'));
    checker.call('a', 'a', put(1, 'a'));
    checker.call('b', 'b', put(1, 'b'));
    checker.return('a', MAYBE);
    checker.call('none', 'none', get);
    checker.return('none', NO_KEY);
    checker.return('p', OK);
    checker.call('refused', 'refused', put(1, 'z'));
    checker.return('b', MAYBE);
    checker.return('refused', { err: 'ErrVersion' });
    expect(checker.verdict).toBe('ok so far');
    return checker;
  };

  test.each([
    ['a', 'illegal'],
    ['b', 'ok so far'],
    ['c', 'illegal'],
  ])('a value that comes out late tells who wrote it: %s is %s', (value, verdict) => {
    const checker = twoMaybes();
    checker.call('late', 4, get);
    checker.return('late', saw(2, value));
    expect(checker.verdict).toBe(verdict);
  });

  test('a put that must have been let through, for nobody else can have come before it', () => {
    const checker = new OnlineChecker(versionedKvModel);
    checker.call('first', 1, put(0, 'a'));
    checker.return('first', OK);
    checker.call('lost', 2, put(1, 'b'));
    checker.abandon('lost');
    checker.call('g', 2, get);
    checker.return('g', saw(2, 'b'));
    checker.call('refused', 3, put(2, 'c'));
    checker.return('refused', { err: 'ErrVersion' });
    expect(checker.violation).toMatchObject({
      kind: 'ErrVersion although the version matched',
      id: 'refused',
    });
  });

  test('refused puts at versions of the future are forgotten', () => {
    const checker = new OnlineChecker(versionedKvModel);
    checker.call('first', 1, put(0, 'a'));
    checker.return('first', OK);
    for (let index = 0; index < 1000; index++) {
      checker.call('p', 1, put(index + 7, 'b'));
      checker.return('p', { err: 'ErrVersion' });
      expect(checker.held).toBeLessThan(20);
    }
    expect(checker.finish().verdict).toBe('ok');
  });

  test('reads of one version are forgotten', () => {
    const checker = new OnlineChecker(versionedKvModel);
    for (let index = 0; index < 1000; index++) {
      checker.call('g', 1, get);
      checker.return('g', NO_KEY);
      expect(checker.held).toBeLessThan(5);
    }
  });
});
