import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checksum, DamagedState, readRecords, type StateRecord, writeRecord } from './record.ts';

const records: StateRecord[] = [
  { v: [3, null] },
  {
    l: [
      1,
      [
        [1, 'x'],
        [3, { put: 'é漢 "\n' }],
      ],
    ],
  },
  { v: [4, 2], s: [2, 3], l: [3, []] },
];
const text = records.map(writeRecord).join('');

test('records come back as they were written, in order', () => {
  expect(readRecords('f', text)).toEqual(records);
  expect(readRecords('f', '')).toEqual([]);
});

test('the checksum is CRC-32', () => {
  expect(checksum('123456789')).toBe('cbf43926');
  expect(checksum('')).toBe('00000000');
});

test('the checksum of two texts is that of both together, whatever they hold', () => {
  const anyText = fc.string({ unit: 'binary', maxLength: 20 });
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(checksum(a, b)).toBe(bitByBit(a + b));
    }),
  );
});

/** CRC-32 as its polynomial says, with the high byte of a unit after the low one. */
function bitByBit(text: string): string {
  let crc = 0xffffffff;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    for (const byte of unit > 0xff ? [unit & 0xff, unit >>> 8] : [unit]) {
      crc ^= byte;
      for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ ((crc & 1) * 0xedb88320);
    }
  }
  return (~crc >>> 0).toString(16).padStart(8, '0');
}

test('every damaged character is noticed, and the file named', () => {
  for (let at = 0; at < text.length; at++) {
    for (const unit of [
      '\0',
      ' ',
      '0',
      '\n',
      '\u0100',
      '漢',
      String.fromCharCode(text.charCodeAt(at) ^ 1),
    ]) {
      if (unit === text[at]) continue;
      const damaged = text.slice(0, at) + unit + text.slice(at + 1);
      expect(() => readRecords('the file', damaged), `${at}: ${unit}`).toThrow(DamagedState);
      expect(() => readRecords('the file', damaged)).toThrow(/^the file: /);
    }
  }
});

test('a character that is lost or added is noticed', () => {
  for (let at = 0; at < text.length; at++) {
    const shorter = text.slice(0, at) + text.slice(at + 1);
    const longer = text.slice(0, at) + ' ' + text.slice(at);
    expect(() => readRecords('f', shorter)).toThrow(DamagedState);
    expect(() => readRecords('f', longer)).toThrow(DamagedState);
  }
});

test('a last record that is incomplete is noticed, wherever it ends', () => {
  const start = text.length - writeRecord(records[2]!).length;
  for (let end = start + 1; end < text.length; end++) {
    const cut = text.slice(0, end);
    expect(() => readRecords('f', cut)).toThrow('f: its last record is incomplete');
  }
});

test('an error says which record, and that the server does not start', () => {
  const damaged = text.replace('"x"', '"y"');
  expect(() => readRecords('f', damaged)).toThrow(
    'f: record 2 does not match its checksum; the server does not start from a damaged state',
  );
  try {
    readRecords('f', damaged);
  } catch (error) {
    expect((error as DamagedState).file).toBe('f');
  }
});
