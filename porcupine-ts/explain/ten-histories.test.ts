/**
 * Illegal histories of different kinds, with what is said about them: to be read. Each has other
 * operations around the ones that matter, which the explanation is to leave out.
 */
import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import { parseHistory } from '../formats/parse-history.ts';
import type { HistoryLineMetadata } from '../formats/history-line.ts';
import type { Operation } from '../history/operation.ts';
import { models } from '../models/index.ts';
import { describeMinimal } from './core-text.ts';
import { minimise } from './minimise.ts';

type Input = Readonly<Record<string, unknown>>;

/** A line of a history file: client, call, return (undefined = none), input, output. */
type Row = readonly [client: string, call: number, end: number | undefined, Input, object?];

/** What is said of a file with these lines: reason, and the smallest contradiction. */
function explanation(modelName: string, rows: readonly Row[]): string {
  const text = rows
    .map(([client, invoked, completed, input, output = {}], id) =>
      completed === undefined
        ? { id, client, invoked, status: 'pending', input }
        : { id, client, invoked, completed, status: 'ok', input, output },
    )
    .map((line) => JSON.stringify(line))
    .join('\n');
  const model = models[modelName]!;
  const history = parseHistory(text, 'jsonl', model);
  const { violation } = checkOperations(model, history);
  const minimal = minimise(model, history, violation!);
  const lineOf = ({ metadata }: Operation<unknown, unknown>): number =>
    (metadata as HistoryLineMetadata).line;
  const placeOf = (index: number): number => lineOf(history[index]!);
  const core = describeMinimal(model, history, minimal, { placeOf, placeName: 'line' });
  return `${wrapped(violation!.reason)}\n\n${core}`;
}

/** As a terminal of 80 columns would show it. */
function wrapped(text: string): string {
  return text.replace(/(.{1,80})( |$)/g, '$1\n').trimEnd();
}

const put = (value: string, version: number, key = 'x'): Input => ({
  op: 'put',
  key,
  value,
  version,
});
const get = (key = 'x'): Input => ({ op: 'get', key });
const found = (value: string, version: number): object => ({ value, version, err: 'OK' });
const none = { value: '', version: 0, err: 'ErrNoKey' };
const OK = { err: 'OK' };

describe('versioned key/value store', () => {
  test('a stale read: an older version after a newer one had been read', () => {
    const text = explanation('versioned-kv', [
      ['ann', 0, 4, put('1', 0), OK],
      ['bob', 1, 6, get('y'), none],
      ['ann', 5, 9, put('2', 1), OK],
      ['cyd', 6, 12, put('3', 2), { err: 'ErrVersion' }],
      ['bob', 10, 14, get(), found('2', 2)],
      ['dan', 11, undefined, put('4', 2)],
      ['ann', 15, 19, get(), found('1', 1)],
      ['bob', 17, 25, get('y'), none],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "client ann read version 1 of key "x" (called at 15) after client ann's put at
      version 1 had been OK (returned at 9)

      These 2 answers contradict each other:
                 line  client  when
        |-|      3     ann     [5, 9]    put("x", "2", version 1) -> OK
            |-|  7     ann     [15, 19]  get("x") -> "1", version 1, OK
      no matter when 4 other operations took effect after their calls, if at all"
    `);
  });

  test('a lost update: an acknowledged put that nobody sees any more', () => {
    const text = explanation('versioned-kv', [
      ['ann', 0, 4, put('1', 0), OK],
      ['bob', 5, 9, put('2', 1), OK],
      ['cyd', 6, 11, put('9', 1), { err: 'ErrVersion' }],
      ['ann', 12, 15, put('3', 1), { err: 'ErrVersion' }],
      ['ann', 20, 24, get(), found('1', 1)],
      ['dan', 22, 28, get('y'), none],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "client ann read version 1 of key "x" (called at 20) after client bob's put at
      version 1 had been OK (returned at 9)

      These 2 answers contradict each other:
                 line  client  when
        |-|      2     bob     [5, 9]    put("x", "2", version 1) -> OK
            |-|  5     ann     [20, 24]  get("x") -> "1", version 1, OK
      no matter when 3 other operations took effect after their calls, if at all"
    `);
  });

  test('two puts at one version, both acknowledged', () => {
    const text = explanation('versioned-kv', [
      ['ann', 0, 4, put('1', 0), OK],
      ['bob', 5, 9, put('2', 1), OK],
      ['cyd', 6, 12, put('3', 1), OK],
      ['dan', 7, 8, put('4', 1), { err: 'ErrVersion' }],
      ['ann', 13, 15, get(), found('3', 2)],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "two OK puts at version 1 of key "x": by client bob (called at 5, returned at 9)
      and client cyd (called at 6, returned at 12)

      These 2 answers contradict each other:
                 line  client  when
        |---|    2     bob     [5, 9]   put("x", "2", version 1) -> OK
          |---|  3     cyd     [6, 12]  put("x", "3", version 1) -> OK
      no matter when 2 other operations took effect after their calls, if at all"
    `);
  });

  test('a value that nobody wrote', () => {
    const text = explanation('versioned-kv', [
      ['ann', 0, 4, put('1', 0), OK],
      ['bob', 2, 8, put('2', 1), OK],
      ['cyd', 9, 11, get(), found('7', 2)],
      ['ann', 12, 14, get(), found('2', 2)],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "client cyd read value "7" at version 2 of key "x", but client bob wrote "2"

      This answer is impossible:
             line  client  when
        |-|  3     cyd     [9, 11]  get("x") -> "7", version 2, OK
      no matter when 2 other operations took effect after their calls, if at all"
    `);
  });

  test('ErrVersion for the version that was current all the time', () => {
    const text = explanation('versioned-kv', [
      ['ann', 0, 4, put('1', 0), OK],
      ['bob', 5, 7, get(), found('1', 1)],
      ['cyd', 8, 12, put('2', 1), { err: 'ErrVersion' }],
      ['bob', 13, 15, get(), found('1', 1)],
      ['dan', 16, 20, put('3', 1), OK],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "client cyd's put at version 1 of key "x" was refused with ErrVersion (called at
      8, returned at 12), but the key was at no later version yet: client dan wrote
      version 2 (called at 16)

      This answer is impossible:
             line  client  when
        |-|  3     cyd     [8, 12]  put("x", "2", version 1) -> ErrVersion
      no matter when 2 other operations took effect after their calls, if at all"
    `);
  });

  test('ErrNoKey after an acknowledged put', () => {
    const text = explanation('versioned-kv', [
      ['ann', 0, 4, put('1', 0), OK],
      ['bob', 1, 3, get(), none],
      ['cyd', 5, 9, put('2', 1), OK],
      ['bob', 6, 8, get(), none],
    ]);
    expect(text).toMatchInlineSnapshot(`
      "client bob found no key "x" (called at 6) after client ann's put at version 0
      had been OK (returned at 4)

      These 2 answers contradict each other:
                 line  client  when
        |-|      1     ann     [0, 4]  put("x", "1", version 0) -> OK
            |-|  4     bob     [6, 8]  get("x") -> "", version 0, ErrNoKey
      no matter when 2 other operations took effect after their calls, if at all"
    `);
  });
});

test('a lock held by two', () => {
  const acquire = (owner: string): Input => ({ op: 'acquire', name: 'l', owner });
  const release = (owner: string): Input => ({ op: 'release', name: 'l', owner });
  const text = explanation('lock', [
    ['ann', 0, 4, acquire('ann')],
    ['bob', 1, 12, acquire('bob')],
    ['ann', 6, 9, release('ann')],
    ['cyd', 10, 16, acquire('cyd')],
    ['bob', 18, 20, release('bob')],
    ['cyd', 21, 25, release('cyd')],
  ]);
  expect(text).toMatchInlineSnapshot(`
    "partition "l": client cyd: acquire("l") by "cyd" (called at 10, returned at 16)
    fits nowhere; the longest linearization without it has 3 of 6 operations and
    ends in state held by "bob"

    These 2 answers contradict each other:
               line  client  when
      |---|    2     bob     [1, 12]   acquire("l") by "bob"
        |---|  4     cyd     [10, 16]  acquire("l") by "cyd"
    no matter when 2 other operations took effect after their calls, if at all"
  `);
});

test('a register read new, then old', () => {
  const write = (value: number): Input => ({ op: 'write', value });
  const read: Input = { op: 'read' };
  const text = explanation('register', [
    ['ann', 0, 2, write(1)],
    ['ann', 3, 30, write(2)],
    ['bob', 5, 9, read, { value: 1 }],
    ['bob', 10, 14, read, { value: 2 }],
    ['cyd', 16, 20, read, { value: 1 }],
    ['dan', 18, 40, write(3)],
  ]);
  expect(text).toMatchInlineSnapshot(`
    "the register held 1 from 2 at the latest (client ann wrote 1) to 16 at the
    earliest (client cyd read 1), but in between client bob read 2 (called at 10,
    returned at 14); 1 was written once

    These 3 answers contradict each other:
                   line  client  when
      |-|          1     ann     [0, 2]    write(1)
          |-|      4     bob     [10, 14]  read() -> 2
              |-|  5     cyd     [16, 20]  read() -> 1
    no matter when 3 other operations took effect after their calls, if at all"
  `);
});

test('two readers see the elements of a list in different orders', () => {
  const append = (value: string): Input => ({ op: 'append', value });
  const read: Input = { op: 'read' };
  const text = explanation('append-list', [
    ['ann', 0, 9, append('a')],
    ['bob', 1, 8, append('b')],
    ['cyd', 10, 12, read, { values: ['a', 'b'] }],
    ['dan', 11, 15, read, { values: ['b', 'a'] }],
    ['ann', 13, 20, append('c')],
  ]);
  expect(text).toMatchInlineSnapshot(`
    "client cyd read ["a", "b"], and client dan read ["b", "a"]: neither is the
    beginning of the other, as place 1 is "a" there and "b" here

    These 2 answers contradict each other:
               line  client  when
      |---|    3     cyd     [10, 12]  read() -> ["a","b"]
        |---|  4     dan     [11, 15]  read() -> ["b","a"]
    no matter when 3 other operations took effect after their calls, if at all"
  `);
});

test('a queue that gives out one element twice', () => {
  const enqueue = (value: string): Input => ({ op: 'enqueue', value });
  const dequeue: Input = { op: 'dequeue' };
  const text = explanation('queue', [
    ['ann', 0, 2, enqueue('job 1')],
    ['ann', 3, 5, enqueue('job 2')],
    ['bob', 4, 8, dequeue, { value: 'job 1' }],
    ['cyd', 6, 11, dequeue, { value: 'job 1' }],
    ['bob', 12, 15, dequeue, { value: 'job 2' }],
  ]);
  expect(text).toMatchInlineSnapshot(`
    "client cyd: dequeue() -> "job 1" (called at 6, returned at 11) fits nowhere; the
    longest linearization without it has 3 of 5 operations and ends in state ["job
    2"]

    These 2 answers contradict each other:
               line  client  when
      |---|    3     bob     [4, 8]   dequeue() -> "job 1"
        |---|  4     cyd     [6, 11]  dequeue() -> "job 1"
    no matter when 2 other operations took effect after their calls, if at all"
  `);
});

test('a counter that forgot an increment', () => {
  const add: Input = { op: 'add', delta: 1 };
  const text = explanation('counter', [
    ['ann', 0, 4, add],
    ['bob', 2, 6, add],
    ['cyd', 3, 12, add],
    ['ann', 7, 9, { op: 'read' }, { value: 1 }],
    ['bob', 10, 14, { op: 'read' }, { value: 3 }],
  ]);
  expect(text).toMatchInlineSnapshot(`
    "client ann: read() -> 1 (called at 7, returned at 9) fits nowhere; the longest
    linearization without it has 3 of 5 operations and ends in state 3

    These 3 answers contradict each other:
                   line  client  when
      |---|        1     ann     [0, 4]  add(1)
        |---|      2     bob     [2, 6]  add(1)
              |-|  4     ann     [7, 9]  read() -> 1
    no matter when 1 other operation took effect after its call, if at all"
  `);
});
