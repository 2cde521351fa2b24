import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import type { Operation } from '../history/operation.ts';
import type { Model } from '../model.ts';
import { appendListModel, type AppendListInput } from '../models/append-list.ts';
import { appendModel, type AppendInput } from '../models/append.ts';
import {
  casRegisterModel,
  type CasRegisterInput,
  type CasRegisterOutput,
} from '../models/cas-register.ts';
import { createLogModel, logModel, type LogInput } from '../models/log.ts';
import { registerModel, type RegisterInput } from '../models/register.ts';
import { writeOnceRegisterModel, type WriteOnceInput } from '../models/write-once-register.ts';
import { done, pending } from '../testing/build-history.ts';

/** What the exact algorithm says of a history; it must have decided it alone. */
function reasonOf<S, I, O>(model: Model<S, I, O>, history: readonly Operation<I, O>[]): string {
  const { verdict, violation, steps } = checkOperations(model, history);
  expect(steps).toBe(0);
  const searched = checkOperations(model, history, { algorithm: 'search' });
  expect(verdict).toBe(searched.verdict);
  return violation?.reason ?? verdict;
}

/** Does the history have to be searched? */
function isSearched<S, I, O>(model: Model<S, I, O>, history: readonly Operation<I, O>[]): boolean {
  return checkOperations(model, history).steps > 0;
}

describe('registers', () => {
  const write = (value: string): RegisterInput => ({ op: 'write', value });
  const read: RegisterInput = { op: 'read' };
  const a = done(1, 0, 1, write('a'), {});

  test('a value that nobody wrote', () => {
    expect(reasonOf(registerModel, [a, done(2, 2, 3, read, { value: 'b' })])).toBe(
      'client 2 read "b", which nobody wrote',
    );
  });

  test('a read that is over before the write begins', () => {
    const history = [done(2, 0, 1, read, { value: 'a' }), done(1, 2, 3, write('a'), {})];
    expect(reasonOf(registerModel, history)).toBe(
      'client 2 had read "a" (returned at 1) before client 1 wrote "a" (called at 2); ' +
        '"a" was written once',
    );
  });

  test('an old value after one write has replaced it', () => {
    const history = [a, done(2, 2, 3, write('b'), {}), done(3, 4, 5, read, { value: 'a' })];
    expect(reasonOf(registerModel, history)).toBe(
      'the register held "a" from 1 at the latest (client 1 wrote "a") to 4 at the earliest ' +
        '(client 3 read "a"), but in between client 2 wrote "b" (called at 2, returned at 3); ' +
        '"a" was written once',
    );
  });

  test('an old value after a new one was read while it was being written', () => {
    const history = [
      a,
      done(2, 2, 9, write('b'), {}),
      done(3, 4, 5, read, { value: 'b' }),
      done(4, 6, 7, read, { value: 'a' }),
    ];
    expect(reasonOf(registerModel, history)).toContain(
      'but in between client 3 read "b" (called at 4, returned at 5)',
    );
  });

  test('two values in turns', () => {
    const history = [
      done(1, 0, 20, write('a'), {}),
      done(2, 0, 20, write('b'), {}),
      ...['a', 'b', 'a', 'b'].map((value, nth) =>
        done(3, 2 + 2 * nth, 3 + 2 * nth, read, { value }),
      ),
    ];
    expect(reasonOf(registerModel, history)).toBe(
      'the register held "a" from 3 at the latest (client 3 read "a") to 6 at the earliest ' +
        '(client 3 read "a"), and the register held "b" from 5 at the latest (client 3 read "b") ' +
        'to 8 at the earliest (client 3 read "b"); "a" was written once',
    );
  });

  test('the first value goes away for good', () => {
    expect(reasonOf(registerModel, [a, done(2, 2, 3, read, { value: null })])).toContain(
      'the register held null from the start to 2 at the earliest (client 2 read null), ' +
        'but in between client 1 wrote "a"',
    );
  });

  test('a pending write counts if its value was read, and only then', () => {
    const lost = pending(2, 0, write('b'));
    const seen = done(3, 2, 3, read, { value: 'b' });
    expect(checkOperations(registerModel, [a, lost, seen]).linearization).toEqual([[0, 1, 2]]);
    expect(checkOperations(registerModel, [a, lost]).linearization).toEqual([[0]]);
  });

  test('a returned read of nobody knows what is placed anywhere', () => {
    const history = [a, done(2, 0, 9, read, undefined), done(3, 2, 3, read, { value: 'a' })];
    expect(reasonOf(registerModel, history)).toBe('ok');
    expect(checkOperations(registerModel, history).linearization).toHaveLength(1);
  });

  test('values that were read and written twice are searched; unread ones may repeat', () => {
    const again = done(2, 2, 3, write('a'), {});
    expect(isSearched(registerModel, [a, again, done(3, 4, 5, read, { value: 'a' })])).toBe(true);
    expect(isSearched(registerModel, [a, again])).toBe(false);
    const clear = done(2, 2, 3, { op: 'write', value: null } as const, {});
    expect(isSearched(registerModel, [a, clear, done(3, 4, 5, read, { value: null })])).toBe(true);
  });
});

describe('compare-and-set registers', () => {
  const cas = (from: string | null, to: string): CasRegisterInput => ({ op: 'cas', from, to });
  const read: CasRegisterInput = { op: 'read' };

  test('follow the chain of successes', () => {
    const history = [
      done(1, 0, 9, cas('a', 'b'), { ok: true }),
      done(2, 0, 9, cas(null, 'a'), { ok: true }),
      done(3, 10, 11, read, { value: 'b' }),
    ];
    expect(reasonOf(casRegisterModel, history)).toBe('ok');
    const stale = [...history, done(4, 12, 13, read, { value: 'a' })];
    expect(reasonOf(casRegisterModel, stale)).toContain('before client 4 read "a" (called at 12)');
  });

  test('a value is replaced once', () => {
    const history = [
      done(1, 0, 9, cas(null, 'a'), { ok: true }),
      done(2, 0, 9, cas(null, 'b'), { ok: true }),
    ];
    expect(reasonOf(casRegisterModel, history)).toBe(
      'client 1 changed null to "a", and client 2 changed null to "b"; nobody wrote null again',
    );
  });

  test('values cannot come from each other', () => {
    const history = [
      done(1, 0, 9, cas('a', 'b'), { ok: true }),
      done(2, 0, 9, cas('b', 'a'), { ok: true }),
    ];
    expect(reasonOf(casRegisterModel, history)).toContain('none can be first');
  });

  test('a pending success is known by its value', () => {
    const history = [pending(1, 0, cas(null, 'a')), done(2, 1, 2, read, { value: 'a' })];
    expect(reasonOf(casRegisterModel, history)).toBe('ok');
  });

  test('a failure is searched, unless its value can never have been there', () => {
    const failure = (from: string): boolean =>
      isSearched(casRegisterModel, [
        done(1, 0, 1, { op: 'write', value: 'a' } as const, {}),
        done(2, 2, 3, cas(from, 'b'), { ok: false }),
      ]);
    expect(failure('a')).toBe(true);
    expect(failure('z')).toBe(false);
  });

  test('an answer without its field is one that nobody knows', () => {
    const history = (from: string): Operation<CasRegisterInput, CasRegisterOutput>[] => [
      done(1, 0, 1, { op: 'write', value: 'a' }, {}),
      done(2, 2, 3, cas(from, from), {}),
      done(3, 4, 5, cas('z', 'b'), {}),
      done(4, 6, 7, read, {}),
    ];
    for (const from of ['a', 'z']) expect(reasonOf(casRegisterModel, history(from))).toBe('ok');
  });
});

describe('registers that are written once', () => {
  const write = (value: string): WriteOnceInput => ({ op: 'write', value });
  const read: WriteOnceInput = { op: 'read' };

  test('accept one write', () => {
    const history = [1, 2].map((client) => done(client, 0, 9, write('a'), { ok: true }));
    expect(reasonOf(writeOnceRegisterModel, history)).toContain('the register is written once');
  });

  test('refuse nothing before it', () => {
    expect(reasonOf(writeOnceRegisterModel, [done(1, 0, 1, write('a'), { ok: false })])).toBe(
      'client 1 was refused to write "a", and nobody else can have written before',
    );
    const history = [done(1, 0, 1, write('a'), { ok: false }), pending(2, 0, write('b'))];
    expect(reasonOf(writeOnceRegisterModel, history)).toBe('ok');
  });

  test('need no pending write if nobody noticed one', () => {
    const history = [pending(2, 0, write('b')), done(1, 2, 3, read, { value: null })];
    expect(checkOperations(writeOnceRegisterModel, history).linearization).toEqual([[1]]);
  });

  test('are not empty again', () => {
    const history = [done(1, 0, 1, write('a'), { ok: true }), done(2, 2, 3, read, { value: null })];
    expect(reasonOf(writeOnceRegisterModel, history)).toContain(
      'client 1 had written "a" (returned at 1) before client 2 read null (called at 2)',
    );
  });
});

describe('lists', () => {
  const append = (value: number): AppendListInput => ({ op: 'append', value });
  const read: AppendListInput = { op: 'read' };
  const appends = [1, 2, 3].map((value) => done(value, 0, 20, append(value), {}));

  test.each([
    [
      'neither is a beginning of the other',
      [done(4, 1, 2, read, { values: [1, 3] }), done(5, 1, 2, read, { values: [1, 2] })],
      'client 4 read [1, 3], and client 5 read [1, 2]: neither is the beginning of the other, ' +
        'as place 2 is 3 there and 2 here',
    ],
    [
      'an element from nowhere',
      [done(4, 1, 2, read, { values: [1, 7, 2] }), done(5, 1, 2, read, { values: [1, 7] })],
      'client 5 read [1, 7] with 7, which nobody appended',
    ],
    [
      'an element twice',
      [done(4, 1, 2, read, { values: [1, 1] })],
      'client 4 read [1, 1] with 1 twice, and it was appended once',
    ],
    [
      'a shorter list later',
      [done(4, 1, 2, read, { values: [1, 2] }), done(5, 3, 4, read, { values: [1] })],
      'client 4 had read [1, 2] (returned at 2) before client 5 read [1] (called at 3); ' +
        'a list only grows',
    ],
  ])('%s', (_, reads, reason) => {
    expect(reasonOf(appendListModel, [...appends, ...reads])).toBe(reason);
  });

  test('an append that later reads lack', () => {
    const history = [
      done(1, 0, 1, append(1), {}),
      done(2, 0, 30, append(2), {}),
      done(3, 3, 4, read, { values: [2] }),
    ];
    expect(reasonOf(appendListModel, history)).toBe(
      'client 1 had appended 1 (returned at 1) before client 3 read [2] without it (called at 3)',
    );
  });

  test('appends in another order than theirs', () => {
    const history = [
      done(1, 0, 1, append(1), {}),
      done(2, 2, 3, append(2), {}),
      done(3, 0, 9, read, { values: [2, 1] }),
    ];
    expect(reasonOf(appendListModel, history)).toBe(
      'client 1 had appended 1 (returned at 1) before client 2 appended 2 (called at 2); ' +
        'but client 3 read [2, 1]',
    );
  });

  test('elements that were read and appended twice are searched', () => {
    const history = [...appends, done(4, 0, 20, append(1), {})];
    expect(isSearched(appendListModel, history)).toBe(false);
    expect(isSearched(appendListModel, [...history, done(5, 1, 2, read, { values: [1] })])).toBe(
      true,
    );
  });
});

describe('appended texts', () => {
  const put = (value: string): AppendInput => ({ op: 'put', key: 'k', value });
  const append = (value: string): AppendInput => ({ op: 'append', key: 'k', value });
  const get: AppendInput = { op: 'get', key: 'k' };
  const texts = ['ab', 'c', 'd'].map((value, nth) => done(nth, 0, 30, append(value), {}));

  test.each([
    [
      'a text from nowhere',
      [done(4, 1, 2, get, { value: 'abx' })],
      'key "k": client 4 read "abx", but nobody appended what comes after the first 2 characters',
    ],
    [
      'a text that ends too early',
      [done(4, 1, 2, get, { value: 'abc' }), done(5, 1, 2, get, { value: 'a' })],
      'key "k": client 5 read "a", which begins with nothing that was put or appended',
    ],
    [
      'a text twice',
      [done(4, 1, 2, get, { value: 'abab' })],
      'key "k": client 4 read "abab", but "ab" was appended once and is read in more places',
    ],
    [
      'neither is a beginning of the other',
      [done(4, 1, 2, get, { value: 'abc' }), done(5, 1, 2, get, { value: 'abd' })],
      'key "k": client 4 read "abc", and client 5 read "abd": neither is the beginning of the ' +
        'other (they differ at character 3), though nothing was put',
    ],
    [
      'two appends to one text',
      [done(4, 0, 30, append('e'), { value: 'ab' }), done(5, 0, 9, append('f'), { value: 'ab' })],
      'key "k": client 5 appended "f" to "ab", but client 4 appended "e" to "ab", too',
    ],
    [
      'a shorter text later',
      [done(4, 1, 2, get, { value: 'abc' }), done(5, 3, 4, get, { value: 'ab' })],
      'key "k": client 4 had read "abc" (returned at 2) before client 5 read "ab" (called at 3); ' +
        'a text only grows until the next put',
    ],
    [
      'a text that was put over',
      [
        done(4, 31, 32, get, { value: 'abcd' }),
        done(5, 33, 34, put('p'), {}),
        done(4, 35, 36, get, { value: 'abcd' }),
      ],
      'nothing had been put from the start to 35 at the earliest (client 4 read "abcd"), ' +
        'but in between client 5 put "p" (called at 33, returned at 34)',
    ],
  ])('%s', (_, others, reason) => {
    expect(reasonOf(appendModel, [...texts, ...others])).toContain(reason);
  });

  test('a lost append', () => {
    const history = [
      done(1, 0, 1, append('a'), {}),
      done(2, 0, 9, append('b'), {}),
      done(3, 3, 4, get, { value: 'b' }),
    ];
    expect(reasonOf(appendModel, history)).toContain(
      'client 1 had appended "a" (returned at 1) before client 3 read "b" without it',
    );
  });

  test('a text whose put was replaced', () => {
    const history = [
      done(1, 0, 1, put('p'), {}),
      done(1, 2, 3, put('p'), {}),
      done(1, 4, 5, put('q'), {}),
      done(1, 6, 7, get, { value: 'p' }),
    ];
    expect(reasonOf(appendModel, history)).toContain(
      'client 1 read "p", but what it begins with had not been put yet, or had been replaced',
    );
  });

  test('an append that was over before what it was appended to', () => {
    const history = [
      ...[0, 2].map((call) => done(1, call, call + 1, append('a'), {})),
      done(2, 4, 5, append('b'), {}),
      done(3, 0, 9, get, { value: 'ba' }),
    ];
    expect(reasonOf(appendModel, history)).toBe(
      'key "k": client 1 had appended "a" (returned at 1) before client 2 appended "b" ' +
        '(called at 4), but in "ba", as client 3 read, it is the other way round',
    );
  });

  test('one text of two appends is told apart by time, else searched', () => {
    const twice = (secondCall: number) => [
      done(1, 0, 1, append('a'), {}),
      done(2, 2, 3, get, { value: 'a' }),
      done(1, secondCall, secondCall + 1, append('a'), {}),
      done(2, 20, 21, get, { value: 'aa' }),
    ];
    expect(reasonOf(appendModel, twice(4))).toBe('ok');
    const during = [done(3, 0, 9, append('a'), {}), ...twice(4).slice(1)];
    expect(reasonOf(appendModel, during)).toBe('ok');
    const open = [append('a'), append('a')].map((input, nth) => done(nth, 0, 9, input, {}));
    expect(isSearched(appendModel, [...open, done(2, 2, 3, get, { value: 'a' })])).toBe(true);
  });

  test('a text that two appends, or one, may have made is searched', () => {
    const history = [...texts, done(4, 0, 30, append('abc'), {})];
    expect(isSearched(appendModel, [...history, done(5, 1, 2, get, { value: 'abc' })])).toBe(true);
  });
});

describe('logs', () => {
  const append = (value: string): LogInput => ({ op: 'append', value });
  const at = (index: number): LogInput => ({ op: 'get', index });
  const read: LogInput = { op: 'read' };
  const a = done(1, 0, 1, append('a'), { index: 1 });

  test.each([
    [
      'two appends at one index',
      [done(2, 0, 1, append('b'), { index: 1 })],
      'client 1 appended "a" at index 1, and client 2 appended "b" at index 1',
    ],
    [
      'another value than was appended',
      [done(2, 2, 3, at(1), { value: 'b' })],
      'the entry at index 1 is "a" there and "b" here',
    ],
    [
      'more entries than appends',
      [done(2, 2, 3, read, { values: ['a', 'b'] })],
      'client 2 read ["a", "b"], but no more than 1 can have been appended',
    ],
    [
      'an entry that is gone',
      [done(2, 2, 3, at(1), { value: null })],
      'had appended "a" at index 1 (returned at 1) before client 2 found nothing at index 1',
    ],
    [
      'a later index for an earlier append',
      [done(2, 2, 3, append('c'), { index: 3 }), done(3, 4, 5, append('b'), { index: 2 })],
      'had appended "c" at index 3 (returned at 3) before client 3 appended "b" at index 2',
    ],
    [
      'a hole',
      [done(2, 2, 3, append('c'), { index: 3 }), pending(3, 4, append('b'))],
      'so there is an entry at index 2, but by then no append can have put it there',
    ],
  ])('%s', (_, others, reason) => {
    expect(reasonOf(logModel, [a, ...others])).toContain(reason);
  });

  test('pending appends fill holes: the read ones first, the earliest called the lowest', () => {
    const history = [
      pending('late', 9, append('x')),
      pending('early', 0, append('x')),
      pending('never', 0, append('z')),
      done(3, 2, 5, append('c'), { index: 2 }),
      done(3, 10, 20, append('d'), { index: 4 }),
      done(4, 10, 20, at(3), { value: 'x' }),
    ];
    expect(reasonOf(logModel, history)).toBe('ok');
    const [order] = checkOperations(logModel, history).linearization!;
    expect(order).toContain(0);
    expect(reasonOf(logModel, [...history.slice(2), history[1]!])).toBe('ok');
    const late = [history[0]!, { ...history[0]!, clientId: 'later' }, ...history.slice(3)];
    expect(reasonOf(logModel, late)).toContain('so there is an entry at index 1');
  });

  test('an index before the first cannot be', () => {
    const history = [done(1, 0, 1, append('a'), { index: 0 })];
    expect(reasonOf(logModel, history)).toContain('before the first index');
    expect(reasonOf(createLogModel({ firstIndex: 0 }), history)).toBe('ok');
  });
});
