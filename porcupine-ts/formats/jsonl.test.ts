import { describe, expect, test } from 'vitest';
import { HistoryError } from '../history/history-error.ts';
import { appendModel } from '../models/append.ts';
import { models } from '../models/index.ts';
import { versionedKvModel } from '../models/versioned-kv.ts';
import { parseAnnotatedJsonl, parseJsonl } from './jsonl.ts';

const model = models['versioned-kv']!;

const line = {
  id: 1,
  client: 'c1',
  invoked: 1,
  completed: 2,
  status: 'ok',
  input: { op: 'get', key: 'x' },
  output: { value: '', version: 0, err: 'ErrNoKey' },
};
const flat = {
  client: 7,
  call: 10,
  return: 20,
  op: 'get',
  key: 'x',
  output: { value: 'a', version: 1, error: '' },
};

const file = (...lines: readonly unknown[]): string =>
  lines.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join('\n');

function errorOf(...lines: readonly unknown[]): HistoryError {
  try {
    parseJsonl(file(...lines), model);
  } catch (error) {
    if (error instanceof HistoryError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

describe('history lines', () => {
  test('become operations', () => {
    const full = { ...line, session: 's', tags: { index: 5 }, later: 'unknown field' };
    expect(parseJsonl(file(full), model)).toEqual([
      {
        clientId: 'c1',
        input: line.input,
        call: 1,
        output: line.output,
        return: 2,
        metadata: { line: 1, id: 1, session: 's', tags: { index: 5 } },
      },
    ]);
  });

  test('pending ones have no return, and failed ones are left out', () => {
    const { completed: _, output: __, ...open } = line;
    const pending = { ...open, id: 2, client: 'c2', status: 'pending' };
    const failed = { ...line, id: 3, client: 'c3', status: 'failed', output: { error: 'refused' } };
    const history = parseJsonl(file(line, pending, failed), model);
    expect(history.map(({ clientId }) => clientId)).toEqual(['c1', 'c2']);
    expect(history[1]).not.toHaveProperty('return');
    expect(history[1]).not.toHaveProperty('output');
  });

  test('blank lines, either line end and a byte order mark are taken', () => {
    const text = `\uFEFF\r\n${JSON.stringify(line)}\r\n\r\n`;
    expect(parseJsonl(text, model)).toMatchObject([{ metadata: { line: 2 } }]);
    expect(parseJsonl('', model)).toEqual([]);
  });
});

describe('annotations', () => {
  const fault = { annotation: 's1 is cut off', tag: 'faults', start: 1, end: 9, details: 'why' };

  test('stand between the operations, of a tag or of a client', () => {
    const note = { annotation: 'restarted', client: 'c1', start: 2 };
    const { history, annotations } = parseAnnotatedJsonl(file(fault, line, note), model);
    expect(history).toMatchObject([{ clientId: 'c1', metadata: { line: 2 } }]);
    expect(annotations).toEqual([
      { tag: 'faults', start: 1, end: 9, description: 's1 is cut off', details: 'why' },
      { clientId: 'c1', start: 2, description: 'restarted' },
    ]);
    expect(parseJsonl(file(fault, line), model)).toHaveLength(1);
  });

  test.each([
    [{ ...fault, client: 1 }, 'line 2: annotation: exactly one of client and tag must be given'],
    [{ ...fault, end: 0 }, 'line 2: annotation: end 0 is before start 1'],
    [{ ...fault, annotation: 5 }, 'line 2: annotation: description must be a string'],
  ])('%j is refused', (wrong, message) => {
    expect(errorOf(line, wrong).message).toContain(message);
  });
});

test('times beside sequence numbers are kept', () => {
  const timed = { ...line, invokedUs: 1000, completedUs: 2500 };
  expect(parseJsonl(file(timed), model)).toMatchObject([
    { call: 1, return: 2, metadata: { invokedUs: 1000, completedUs: 2500 } },
  ]);
});

describe('the header', () => {
  test('is taken with format 1', () => {
    expect(parseJsonl(file({ kind: 'history', format: 1, seed: 5 }, line), model)).toHaveLength(1);
  });

  test.each([
    [{ kind: 'history', format: 2 }, 'line 1: format: version 2 is newer than this program'],
    [{ kind: 'history', format: 0 }, 'line 1: format: expected 1, got 0'],
    [{ kind: 'history', format: 'one' }, 'line 1: format: expected a number, got "one"'],
    [{ kind: 'plan', format: 1 }, 'line 1: kind: expected "history", got "plan"'],
  ])('%j is refused', (header, message) => {
    expect(errorOf(header, line).message).toContain(message);
  });

  test('stands on the first line only', () => {
    expect(errorOf(line, { kind: 'history', format: 1 }).message).toContain('line 2: expected a');
  });
});

describe('flat key/value lines', () => {
  test('become versioned operations', () => {
    const put = { client: 8, call: 15, op: 'put', key: 'x', value: 'a', version: 0 };
    expect(parseJsonl(file(flat, put), model)).toEqual([
      {
        clientId: 7,
        input: { op: 'get', key: 'x' },
        call: 10,
        output: { value: 'a', version: 1, err: 'OK' },
        return: 20,
        metadata: { line: 1 },
      },
      {
        clientId: 8,
        input: { op: 'put', key: 'x', value: 'a', version: 0 },
        call: 15,
        metadata: { line: 2 },
      },
    ]);
  });

  test('become append operations for that model', () => {
    const append = { ...flat, client: 8, op: 'append', value: 'b', version: 0 };
    const history = parseJsonl(file(flat, append), models['append']!);
    expect(history.map(({ output }) => output)).toEqual([{ value: 'a' }, {}]);
    expect(history[1]!.input).toMatchObject({ op: 'append', key: 'x', value: 'b' });
    for (const { input, output } of history) {
      expect(appendModel.validate?.(input, output)).toBeUndefined();
    }
  });

  test('may stand beside history lines, with errors by name', () => {
    const put = { ...flat, op: 'put', value: 'b', version: 5, output: { error: 'ErrVersion' } };
    const [first, second] = parseJsonl(file(line, put), model);
    expect(first!.clientId).toBe('c1');
    expect(second!.output).toEqual({ err: 'ErrVersion' });
    expect(versionedKvModel.validate?.(second!.input, second!.output)).toBeUndefined();
  });
});

describe('what is wrong is named, with its line', () => {
  const without = (name: string): object =>
    Object.fromEntries(Object.entries(line).filter(([field]) => field !== name));

  test.each([
    ['not JSON', '{"id": 1,', 'line 3: not JSON: {"id": 1,'],
    ['no object', '[1]', 'line 3: expected a JSON object, got [1]'],
    ['neither kind of line', { a: 1 }, 'line 3: expected a history line'],
    ['no id', without('id'), 'line 3: id: expected a string or a number, got nothing'],
    ['no client', without('client'), 'line 3: client: expected a string or a number, got nothing'],
    ['no call', without('invoked'), 'line 3: invoked: expected a number, got nothing'],
    ['no return', without('completed'), 'line 3: completed: expected a number, got nothing'],
    ['no input', without('input'), "line 3: input: expected the operation's input, got nothing"],
    ['mistyped stamp', { ...line, invoked: '1' }, 'line 3: invoked: expected a number, got "1"'],
    ['mistyped client', { ...line, client: {} }, 'line 3: client: expected a string or a number'],
    [
      'unknown status',
      { ...line, status: 'lost' },
      'line 3: status: expected "ok" or "pending" or "failed", got "lost"',
    ],
    [
      'pending and completed',
      { ...line, status: 'pending' },
      'line 3: completed: expected nothing, as the operation is pending, got 2',
    ],
    ['return before call', { ...line, completed: 0 }, 'line 3: return 0 is before call 1'],
    [
      'unknown operation',
      { ...line, input: { op: 'incr', key: 'x' } },
      'line 3: unknown operation "incr"; expected get or put',
    ],
    [
      'mistyped output',
      { ...line, output: { value: 1 } },
      'line 3: output.value: expected a string, got 1',
    ],
    ['flat, no output', { ...flat, output: undefined }, 'line 3: output: expected an object'],
    ['flat, no client', { ...flat, client: undefined }, 'line 3: client: expected a string or a'],
    ['flat, append', { ...flat, op: 'append' }, 'line 3: unknown operation "append"; expected get'],
    ['flat, return before call', { ...flat, return: 9 }, 'line 3: return 9 is before call 10'],
    ['flat, mistyped return', { ...flat, return: 'x' }, 'line 3: return: expected a number'],
    ['flat, no version', { ...flat, output: { value: 'a' } }, 'line 3: output.version: expected'],
    ['an id twice', { ...line, client: 'c2', id: 0 }, 'line 3: id: 0 is also the id of line 1'],
    [
      'two calls at a time',
      { ...line, client: 'c0', invoked: 1.5, completed: 3 },
      'line 3: client "c0" called at 1.5, before its operation (line 1) returned at 2',
    ],
  ])('%s', (_name, wrong, message) => {
    const error = errorOf({ ...line, id: 0, client: 'c0' }, '', wrong);
    expect(error.message).toContain(message);
    expect(error.line).toBe(3);
  });

  test('also in operations that are left out', () => {
    const failed = { ...line, id: 2, status: 'failed', invoked: 0, completed: 1.5 };
    expect(errorOf(failed, line).message).toContain('line 2: client "c1" called at 1, before');
  });

  test('the field can be read from the error', () => {
    expect(errorOf({ ...line, invoked: null })).toMatchObject({ line: 1, field: 'invoked' });
  });
});
