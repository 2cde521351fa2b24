import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Operation } from '../porcupine-ts/index.ts';
import { faultsBeside } from './history-faults.ts';

const folder = mkdtempSync(join(tmpdir(), 'faultlab-faults-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Operations with their stamps, and the times of those in µs. */
const history = [
  [0, 100, 3, 300],
  [1, 200, 2, 250],
].map(([call, invokedUs, end, completedUs], line): Operation<unknown, unknown> => {
  const metadata = { line, invokedUs, completedUs };
  return { clientId: 'c', input: 0, output: 0, call: call!, return: end!, metadata };
});

const fault = (event: number, timeUs: number, label: string, text: string): object => {
  return { event, cause: 0, timeUs, kind: text === '' ? 'heal' : 'fault', label, text };
};

let count = 0;
/** A folder in which a history lies beside a trace. */
function kept(seed: string, lines: readonly (object | string)[], name = 'history.jsonl'): string {
  const own = join(folder, String(count++));
  mkdirSync(own);
  const head = { format: 1, scenario: 'a/b', seed: '7' };
  writeFileSync(join(own, name), `${JSON.stringify({ ...head, kind: 'history' })}\n`);
  const trace = [{ ...head, kind: 'trace', level: 'full', seed }, ...lines];
  const text = trace.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
  writeFileSync(join(own, 'trace.ndjson'), `${text.join('\n')}\n`);
  return join(own, name);
}

describe('the faults of a run are told of the history beside its trace', () => {
  test('between the stamps of the calls and returns around them', () => {
    const file = kept('7', [
      fault(1, 50, 'early', 'cut a > b'),
      fault(2, 125, 'f0', 'crash a'),
      fault(3, 275, 'f0', ''),
      fault(4, 300, 'open', 'pause b'),
    ]);
    expect(faultsBeside(file, history)).toEqual([
      { tag: 'faults', start: -1, end: 4, description: 'cut a > b', details: 'early' },
      { tag: 'faults', start: 0.25, end: 2.5, description: 'crash a', details: 'f0' },
      { tag: 'faults', start: 3, end: 4, description: 'pause b', details: 'open' },
    ]);
  });

  test('and of no other: not without a trace, without times, or by another name', () => {
    const faults = [fault(1, 125, 'f0', 'crash a')];
    expect(faultsBeside(join(folder, 'history.jsonl'), history)).toEqual([]);
    expect(faultsBeside(kept('7', faults, 'mine.jsonl'), history)).toEqual([]);
    expect(faultsBeside(kept('7', faults), [])).toEqual([]);
  });

  test('that it is of another run, or damaged, is said', () => {
    expect(() => faultsBeside(kept('8', []), history)).toThrow(/of another run than the history/);
    expect(() => faultsBeside(kept('7', ['{"event":']), history)).toThrow(/trace\.ndjson/);
  });
});
