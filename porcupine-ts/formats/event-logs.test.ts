import { describe, expect, test } from 'vitest';
import { HistoryError } from '../history/history-error.ts';
import { models } from '../models/index.ts';
import { parseJepsenLog } from './jepsen.ts';
import { parseHistory } from './parse-history.ts';
import { parsePorcupineKv } from './porcupine-kv.ts';

const jepsen = (...events: readonly string[]): string =>
  events.map((event) => `INFO  jepsen.util - ${event.replaceAll(' :', '\t:')}`).join('\n');

const edn = (...events: readonly string[]): string =>
  events
    .map((event) => {
      const [process, type, name, key, value] = event.split(' ');
      return `{:process ${process}, :type ${type}, :f ${name}, :key "${key}", :value ${value}}`;
    })
    .join('\n');

function messageOf(parse: () => unknown): string {
  try {
    parse();
  } catch (error) {
    if (error instanceof HistoryError) return error.message;
    throw error;
  }
  return 'was accepted';
}

describe("Jepsen's etcd log", () => {
  test('operations that returned', () => {
    const text = jepsen(
      '0 :invoke :read  nil',
      '1 :invoke :write 3',
      '0 :ok     :read  nil',
      '1 :ok     :write 3',
      '0 :invoke :cas   [3 -1]',
      '0 :ok     :cas   [3 -1]',
      '1 :invoke :cas   [0 1]',
      '1 :fail   :cas   [0 1]',
      '1 :invoke :read  nil',
      '1 :ok     :read  -1',
    );
    expect(
      parseJepsenLog(text).map(({ call, return: end, input, output }) => [
        call,
        end,
        input,
        output,
      ]),
    ).toEqual([
      [1, 3, { op: 'read' }, { value: null }],
      [2, 4, { op: 'write', value: 3 }, {}],
      [5, 6, { op: 'cas', from: 3, to: -1 }, { ok: true }],
      [7, 8, { op: 'cas', from: 0, to: 1 }, { ok: false }],
      [9, 10, { op: 'read' }, { value: -1 }],
    ]);
  });

  test('operations that did not, or nobody knows how', () => {
    const text = jepsen(
      '0 :invoke :write 1',
      '1 :invoke :read nil',
      '2 :invoke :write 2',
      '3 :invoke :cas [1 2]',
      '0 :info :write :timed-out',
      '1 :fail :read :timed-out',
      '2 :fail :write 2',
    );
    expect(parseJepsenLog(text)).toEqual([
      { clientId: 0, input: { op: 'write', value: 1 }, call: 1, metadata: { line: 1 } },
      { clientId: 1, input: { op: 'read' }, call: 2, output: {}, return: 6, metadata: { line: 2 } },
      { clientId: 3, input: { op: 'cas', from: 1, to: 2 }, call: 4, metadata: { line: 4 } },
    ]);
  });

  test.each([
    ['hello', 'line 2: expected "INFO  jepsen.util - PROCESS'],
    [jepsen('x :invoke :read nil'), 'line 2: expected "INFO'],
    [jepsen('0 :invoke :incr 1'), 'line 2: expected "INFO'],
    [jepsen('0 :invoke :write x'), 'line 2: value: expected a number, got "x"'],
    [jepsen('0 :invoke :cas 1'), 'line 2: value: expected a pair like [1 2], got "1"'],
    [jepsen('9 :ok :read :timed-out'), 'line 2: value: expected a number, got ":timed-out"'],
    [jepsen('9 :invoke :write 1'), 'line 2: process 9 calls write, but its read of line 1 has not'],
    [jepsen('9 :ok :write 1'), 'line 2: process 9 ends write, but has read of line 1 open'],
    [jepsen('1 :ok :write 1'), 'line 2: process 1 ends write, but has nothing open'],
  ])('%j is refused', (line, message) => {
    const text = `${jepsen('9 :invoke :read nil')}\n${line}`;
    expect(messageOf(() => parseJepsenLog(text))).toContain(message);
  });
});

describe("Porcupine's key/value log", () => {
  test('operations', () => {
    const text = edn(
      '0 :invoke :get k nil',
      '1 :invoke :put k "a"',
      '2 :invoke :append k "b,\\"c\\""',
      '3 :invoke :put k "x"',
      '4 :invoke :put k "y"',
      '1 :ok :put k "a"',
      '2 :ok :append k "b,\\"c\\""',
      '0 :ok :get k "ab"',
      '3 :fail :put k "x"',
      '4 :info :put k "y"',
    );
    expect(
      parsePorcupineKv(text).map(({ call, return: end, input, output }) => [
        call,
        end,
        input,
        output,
      ]),
    ).toEqual([
      [1, 8, { op: 'get', key: 'k' }, { value: 'ab' }],
      [2, 6, { op: 'put', key: 'k', value: 'a' }, {}],
      [3, 7, { op: 'append', key: 'k', value: 'b,"c"' }, {}],
      [5, undefined, { op: 'put', key: 'k', value: 'y' }, undefined],
    ]);
  });

  test.each([
    ['hello', 'line 2: expected a map like {:process 0'],
    ['{:process 0 :type}', 'line 2: expected a map like'],
    [edn('x :invoke :get k nil'), 'line 2: expected a map like'],
    [edn('"x" :invoke :get k nil'), 'line 2: :process: expected a number, got "x"'],
    [
      edn('0 :maybe :get k nil'),
      'line 2: :type: expected :invoke, :ok, :fail or :info, got :maybe',
    ],
    [edn('0 :invoke :cas k nil'), 'line 2: :f: expected :get, :put or :append, got :cas'],
    [edn('0 :invoke :get k 5'), 'line 2: :value: expected nil or a string, got 5'],
    [edn('0 :invoke :put k nil'), 'line 2: :value: expected a string to put, got nil'],
    ['{:process 0, :type :invoke, :f :get, :value nil}', 'line 2: :key: expected a string, got no'],
    [edn('9 :ok :get j "a"'), 'line 2: :key: expected "k" as in the call, got "j"'],
    [edn('9 :invoke :get k nil'), 'line 2: process 9 calls get, but its get of line 1 has not ret'],
    [edn('8 :ok :get k nil'), 'line 2: process 8 ends get, but has nothing open'],
  ])('%j is refused', (line, message) => {
    const text = `${edn('9 :invoke :get k nil')}\n${line}`;
    expect(messageOf(() => parsePorcupineKv(text))).toContain(message);
  });
});

test('a log is refused for a model that has other operations', () => {
  const read = jepsen('0 :invoke :read nil', '1 :invoke :cas [1 2]');
  expect(messageOf(() => parseHistory(read, 'jepsen', models['register']!))).toBe(
    'line 2: model register: unknown operation "cas"; expected read or write',
  );
  expect(parseHistory(read, 'jepsen', models['cas-register']!)).toHaveLength(2);
  const get = edn('0 :invoke :append k "a"');
  expect(messageOf(() => parseHistory(get, 'porcupine-kv', models['versioned-kv']!))).toContain(
    'line 1: model versioned-kv: unknown operation "append"',
  );
  expect(parseHistory(get, 'porcupine-kv', models['append']!)).toHaveLength(1);
  expect(parseHistory('', 'jsonl', models['append']!)).toEqual([]);
});
