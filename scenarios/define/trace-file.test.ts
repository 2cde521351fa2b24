import { describe, expect, test } from 'vitest';
import { FileError } from './file-error.ts';
import { parseTrace } from './trace-file.ts';

const HEADER = { format: 1, kind: 'trace', level: 'full', scenario: 'kv/chaos', seed: '7' };
const RECORD = { event: 1, cause: 0, timeUs: 5, kind: 'wake', label: '' };

const read = (...lines: readonly object[]): ReturnType<typeof parseTrace> =>
  parseTrace(lines.map((line) => `${JSON.stringify(line)}\n`).join(''), 'trace.ndjson');

describe('a trace file', () => {
  test('gives back header and records', () => {
    const message = { ...RECORD, kind: 'message', from: 'a', to: 'b', n: 3, payload: { x: 1 } };
    expect(read(HEADER, RECORD, message)).toEqual({ header: HEADER, records: [RECORD, message] });
  });

  test('may say more in its header than this version knows', () => {
    expect(read({ ...HEADER, comment: 'x' }).header).toEqual(HEADER);
  });

  test.each<[string, object[], RegExp]>([
    ['of a newer version', [{ ...HEADER, format: 2 }], /format: 2 is newer.*update it/],
    ['that is something else', [{ format: 1, kind: 'history' }], /not a trace/],
    ['without a level', [{ ...HEADER, level: undefined }], /line 1: level: /],
    ['with an odd kind', [HEADER, RECORD, { ...RECORD, kind: 'x' }], /line 3: kind: /],
    ['with a negative time', [HEADER, { ...RECORD, timeUs: -1 }], /line 2: timeUs: /],
    ['with a field that nobody knows', [HEADER, { ...RECORD, colour: 1 }], /line 2: .*colour/],
  ])('%s is refused', (_, lines, message) => {
    expect(() => read(...lines)).toThrow(FileError);
    expect(() => read(...lines)).toThrow(message);
  });

  test('that was cut off names the line', () => {
    const text = `${JSON.stringify(HEADER)}\n{"event":1,`;
    expect(() => parseTrace(text, 't')).toThrow(/^t: line 2: expected JSON/);
  });
});
