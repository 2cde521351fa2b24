import { describe, expect, test } from 'vitest';
import { checkOperations, checkOperationsAsync } from './check.ts';
import { registerModel, type RegisterInput, type RegisterOutput } from './models/register.ts';
import type { VersionedKvOperation } from './models/versioned-kv-operation.ts';
import { versionedKvModel } from './models/versioned-kv.ts';
import type { Operation } from './history/operation.ts';
import { done, pending } from './testing/build-history.ts';
import { closedLoop } from './testing/closed-loop.ts';
import { randomSource } from './testing/random-source.ts';
import { versionedKv } from './testing/workloads.ts';

type Register = Operation<RegisterInput, RegisterOutput>;

const write = (value: string, key = 'x'): RegisterInput => ({ op: 'write', key, value });
const read = (key = 'x'): RegisterInput => ({ op: 'read', key });

/** `count` concurrent writes, and a read afterwards of a value that nobody wrote. */
function hard(count: number, key: string): Register[] {
  const writes = Array.from({ length: count }, (_, index) =>
    done(`${key}${index}`, index, 1000 + index, write(`v${index}`, key), {}),
  );
  return [...writes, done(`${key}reader`, 3000, 3001, read(key), { value: 'never' })];
}

describe('real time', () => {
  test('a read after a write sees it', () => {
    const history = [done(1, 0, 1, write('a'), {}), done(2, 2, 3, read(), { value: null })];
    expect(checkOperations(registerModel, history).verdict).toBe('illegal');
  });

  test('a read during a write may see it or not', () => {
    for (const value of [null, 'a']) {
      const history = [done(1, 0, 9, write('a'), {}), done(2, 2, 3, read(), { value })];
      expect(checkOperations(registerModel, history).verdict).toBe('ok');
    }
  });

  test('intervals are closed: a return and a call at one stamp overlap', () => {
    const history = (call: number): Register[] => [
      done(1, 0, 10, write('a'), {}),
      done(2, call, 20, read(), { value: null }),
    ];
    expect(checkOperations(registerModel, history(10)).verdict).toBe('ok');
    expect(checkOperations(registerModel, history(11)).verdict).toBe('illegal');
  });

  test('an operation may take no time at all', () => {
    const history = [done(1, 5, 5, write('a'), {}), done(2, 5, 5, read(), { value: 'a' })];
    expect(checkOperations(registerModel, history).verdict).toBe('ok');
  });
});

describe('a pending operation', () => {
  const before = done(1, 0, 1, write('a'), {});
  const lost = pending(2, 2, write('b'));

  test('may take effect at any time after its call, or never', () => {
    for (const values of [
      ['a', 'a'],
      ['a', 'b'],
      ['b', 'b'],
    ] as const) {
      const reads = values.map((value, index) =>
        done(3, 10 + 2 * index, 11 + 2 * index, read(), { value }),
      );
      expect(checkOperations(registerModel, [before, lost, ...reads]).verdict).toBe('ok');
    }
  });

  test('takes effect at most once, and not before its call', () => {
    const twice = [
      before,
      lost,
      done(3, 10, 11, read(), { value: 'b' }),
      done(1, 12, 13, write('c'), {}),
      done(3, 14, 15, read(), { value: 'b' }),
    ];
    expect(checkOperations(registerModel, twice).verdict).toBe('illegal');
    const early = [before, done(3, 2, 3, read(), { value: 'b' }), pending(2, 4, write('b'))];
    expect(checkOperations(registerModel, early).verdict).toBe('illegal');
  });

  test('appears in the linearization only if its effect is needed', () => {
    const withRead = (value: string): Register[] => [
      before,
      lost,
      done(3, 10, 11, read(), { value }),
    ];
    expect(checkOperations(registerModel, withRead('b')).linearization).toEqual([[0, 1, 2]]);
    expect(checkOperations(registerModel, withRead('a')).linearization).toEqual([[0, 2]]);
  });

  test('nothing but pending operations is linearizable', () => {
    expect(checkOperations(registerModel, [lost]).verdict).toBe('ok');
    expect(checkOperations(registerModel, [])).toMatchObject({ verdict: 'ok', partitions: 0 });
  });
});

describe('many operations open at once', () => {
  const put = (version: number, call: number, end: number): VersionedKvOperation =>
    done(
      `w${version} ${call}`,
      call,
      end,
      { op: 'put', key: 'x', value: `v${version + 1}`, version },
      { err: 'OK' },
    );
  const get = (version: number): VersionedKvOperation =>
    done(
      'reader',
      1000 + 2 * version,
      1001 + 2 * version,
      { op: 'get', key: 'x' },
      { value: `v${version}`, version, err: 'OK' },
    );
  /** Puts of all versions at the same time, and beside them a client that sees each version. */
  const history = (count: number): VersionedKvOperation[] =>
    Array.from({ length: count }, (_, version) => [
      put(version, version, 9999 - version),
      get(version + 1),
    ]).flat();

  test.each([31, 32, 33, 63, 64, 65, 130])('%i puts', (count) => {
    expect(checkOperations(versionedKvModel, history(count)).verdict).toBe('ok');
    const twice = [...history(count), put(count - 1, 20_000, 20_001)];
    expect(checkOperations(versionedKvModel, twice).verdict).toBe('illegal');
    const missing = history(count).filter((_, index) => index !== 2 * (count >> 1));
    expect(checkOperations(versionedKvModel, missing).verdict).toBe('illegal');
  });
});

describe('the budget', () => {
  const algorithm = 'search';

  test('used up means unknown, never ok', () => {
    const result = checkOperations(registerModel, hard(20, 'x'), { algorithm, maxSteps: 1000 });
    expect(result).toMatchObject({
      verdict: 'unknown',
      reason: 'steps',
      partitions: 1,
      operations: 21,
    });
    expect(result.steps).toBeGreaterThanOrEqual(1000);
    expect(result.steps).toBeLessThan(1000 + 21);
    expect(result).not.toHaveProperty('violation');
    expect(result).not.toHaveProperty('linearization');
  });

  test('just large enough decides, and one step less does not', () => {
    const check = (maxSteps: number) =>
      checkOperations(registerModel, hard(6, 'x'), { algorithm, maxSteps });
    const { steps, verdict } = check(Infinity);
    expect(verdict).toBe('illegal');
    expect(check(steps + 1).verdict).toBe('illegal');
    expect(check(steps - 1).verdict).toBe('unknown');
  });

  test('must be a number from 0 on', async () => {
    for (const budget of [-1, Number.NaN]) {
      for (const options of [{ maxSteps: budget }, { timeoutMs: budget }]) {
        expect(() => checkOperations(registerModel, [], options)).toThrow(RangeError);
        // oxlint-disable-next-line no-await-in-loop -- each by itself
        await expect(checkOperationsAsync(registerModel, [], options)).rejects.toThrow(RangeError);
      }
    }
  });

  test('is shared fairly: an easy illegal key is found beside a hard one', () => {
    const easy = done('e', 0, 1, read('easy'), { value: 'never' });
    const history = [...hard(40, 'hard'), easy];
    const result = checkOperations(registerModel, history, { algorithm, maxSteps: 1e5 });
    expect(result).toMatchObject({ verdict: 'illegal', violation: { partition: 'easy' } });
    expect(result.steps).toBeLessThan(10_000);
  });
});

describe('a check can be ended from outside', () => {
  const endless = [...hard(60, 'hard'), done('e', 0, 1, read('easy'), { value: null })];
  const forced = { algorithm: 'search', maxSteps: 1e7 } as const;

  test('by a time limit', async () => {
    const limited = { ...forced, timeoutMs: 1 };
    const unknown = { verdict: 'unknown', reason: 'time' };
    expect(checkOperations(registerModel, endless, limited)).toMatchObject(unknown);
    expect(await checkOperationsAsync(registerModel, endless, limited)).toMatchObject(unknown);
  });

  test('by a signal', async () => {
    const aborted = { ...forced, signal: { aborted: true } };
    const unknown = { verdict: 'unknown', reason: 'aborted' };
    expect(checkOperations(registerModel, endless, aborted)).toMatchObject(unknown);
    expect(await checkOperationsAsync(registerModel, endless, aborted)).toMatchObject(unknown);
  });

  test('by a signal that fires while it runs, since it gives the thread back', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const check = checkOperationsAsync(registerModel, endless, { ...forced, signal });
    setImmediate(() => controller.abort());
    const { verdict, reason, steps } = await check;
    expect({ verdict, reason }).toEqual({ verdict: 'unknown', reason: 'aborted' });
    expect(steps).toBeGreaterThan(0);
  });

  test('and what was found by then counts', () => {
    const illegal = done('f', 0, 1, read('f'), { value: 'never' });
    const options = { ...forced, signal: { aborted: true } };
    expect(checkOperations(registerModel, [illegal, ...endless], options).verdict).toBe('illegal');
  });

  test('and comes to the same result as without interruptions if it is not ended', async () => {
    const history = [...hard(9, 'x'), ...hard(8, 'y')];
    const options = { ...forced, verbose: true, timeoutMs: 1e9, signal: { aborted: false } };
    const result = checkOperations(registerModel, history, { ...forced, verbose: true });
    expect(checkOperations(registerModel, history, options)).toEqual(result);
    expect(await checkOperationsAsync(registerModel, history, options)).toEqual(result);
  });
});

describe('a verbose check', () => {
  const history = [
    done(1, 0, 1, write('a'), {}),
    done(2, 2, 9, write('b'), {}),
    done(3, 4, 5, read(), { value: 'c' }),
    done(4, 0, 1, write('z', 'y'), {}),
    done(5, 2, 3, read('y'), { value: 'z' }),
    done(6, 0, 1, read('w'), { value: 'z' }),
  ];

  test('goes on after the first illegal part, and says how far each came', () => {
    const { verdict, parts, violation } = checkOperations(registerModel, history, {
      algorithm: 'search',
      verbose: true,
    });
    expect(verdict).toBe('illegal');
    expect(parts).toEqual([
      {
        key: 'x',
        verdict: 'illegal',
        operations: [0, 1, 2],
        violation,
        partialLinearizations: [[0, 1]],
      },
      { key: 'y', verdict: 'ok', operations: [3, 4], partialLinearizations: [[3, 4]] },
      {
        key: 'w',
        verdict: 'illegal',
        operations: [5],
        violation: expect.objectContaining({ index: 5 }),
        partialLinearizations: [],
      },
    ]);
  });

  test('shows how far an illegal part comes that an exact algorithm decided', () => {
    const decision = { kind: 'proved', reason: 'it is so', culprit: 2, operations: [2] };
    const decided = {
      ...registerModel,
      decide: ({ key }: { readonly key: string | undefined }) =>
        key === 'x' ? ({ verdict: 'illegal', ...decision } as const) : undefined,
    };
    const { parts, violation } = checkOperations(decided, history, { verbose: true });
    expect(violation).toMatchObject({ kind: 'proved', index: 2 });
    expect(parts?.map(({ partialLinearizations }) => partialLinearizations)).toEqual([
      [[0, 1]],
      [[3, 4]],
      [],
    ]);
    const wrong = { ...decided, partitionKey: () => 'x' };
    const legal = history.slice(0, 1);
    expect(() => checkOperations(wrong, legal, { verbose: true })).toThrow(
      'decide says that a part is illegal',
    );
  });

  test('is silent about the parts otherwise', () => {
    expect(checkOperations(registerModel, history)).not.toHaveProperty('parts');
  });
});

describe('a violation', () => {
  const history = [
    done(1, 0, 1, write('a'), {}),
    done(2, 2, 9, write('b'), {}),
    done(3, 4, 5, read(), { value: 'b' }),
    done(4, 6, 7, read(), { value: 'a' }),
    done(5, 10, 11, write('c'), {}),
    done(6, 0, 1, write('z', 'y'), {}),
  ];

  test('names the operation at whose return all attempts break off', () => {
    const { violation } = checkOperations(registerModel, history, { algorithm: 'search' });
    expect(violation).toEqual({
      partition: 'x',
      partitionOperations: 5,
      index: 3,
      operation: history[3],
      operations: [3],
      kind: 'read fits nowhere',
      attempt: { prefix: [0, 1, 2], state: '"b"', candidates: [3] },
      reason:
        'partition "x": client 4: read("x") -> "a" (called at 6, returned at 7) fits nowhere; ' +
        'the longest linearization without it has 3 of 5 operations and ends in state "b"',
    });
  });

  test('is gone if that return is taken away, and there without all that came later', () => {
    const opened = history.map(({ clientId, call, input }, index) =>
      index === 3 ? pending(clientId, call, input) : history[index]!,
    );
    expect(checkOperations(registerModel, opened).verdict).toBe('ok');
    expect(checkOperations(registerModel, history.slice(0, 4)).verdict).toBe('illegal');
  });
});

test('the order of the history does not matter', () => {
  const workload = versionedKv({ keys: 2, values: 3 });
  const history = closedLoop(workload, { operations: 200, clients: 5 }, randomSource(3));
  const { verdict, steps } = checkOperations(versionedKvModel, history);
  expect(verdict).toBe('ok');
  expect(checkOperations(versionedKvModel, history).steps).toBe(steps);
  expect(checkOperations(versionedKvModel, [...history].reverse()).verdict).toBe('ok');
});

test('1,000 operations of 20 clients on one key take a few steps an operation', () => {
  const workload = versionedKv({ keys: 1, values: 1000 });
  const history = closedLoop(workload, { operations: 1000, clients: 20 }, randomSource(7));
  const { verdict, steps } = checkOperations(versionedKvModel, history);
  expect(verdict).toBe('ok');
  expect(steps).toBeLessThan(10_000);
});
