import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { TraceRecord } from '../../sim/index.ts';
import { tracePage } from './text-trace.ts';

let last = 0;
const record = (node: string | undefined, change: Partial<TraceRecord>): TraceRecord => {
  const event = ++last;
  return { event, cause: 0, timeUs: event * 1000, kind: 'log', node, label: '', ...change };
};
const log = (node: string, text: string): TraceRecord => record(node, { text });

function page(records: readonly TraceRecord[], width: number, isLines = false): string[] {
  return [...tracePage(records, () => true, { width, isLines })].map(stripVTControlCharacters);
}

describe('a page that is wide enough', () => {
  test('has a column for each node, by name', () => {
    const records = [log('b', 'one'), log('a10', 'two'), log('a9', 'three')];
    const [header = '', ...lines] = page(records, 80);
    const at = ['a9', 'a10', 'b'].map((id) => header.indexOf(id));
    expect(at).toEqual(at.toSorted((x, y) => x - y));
    expect(lines[0]?.indexOf('one')).toBe(at[2]);
    expect(lines[1]?.indexOf('two')).toBe(at[1]);
    expect(lines[2]?.indexOf('three')).toBe(at[0]);
  });

  test('has none for a node that has nothing to say', () => {
    const records = [log('a', 'x'), log('quiet', 'y')];
    const lines = [...tracePage(records, ({ node }) => node === 'a', { width: 80 })].map(
      stripVTControlCharacters,
    );
    expect(lines.join('\n')).not.toContain('quiet');
    expect(lines).toHaveLength(2);
  });

  test('shows a fault as a rule across all columns', () => {
    const fault = record(undefined, { kind: 'fault', label: 'f', text: 'crash a' });
    const [, first = '', second = ''] = page([log('a', 'x'), fault, log('b', 'y')], 80);
    expect(second).toMatch(/^ +\d+ +\d+\.000 {2}-- f: crash a -+$/);
    expect(second.length).toBeGreaterThanOrEqual(first.length);
    expect(second.length).toBeGreaterThan(70);
  });

  test('shows with a lifeline who is up, down or paused', () => {
    const lifeOf = (line: string | undefined): string | undefined =>
      /\.000 {2}(.)/.exec(line ?? '')?.[1];
    const life = (kind: TraceRecord['kind']): TraceRecord[] => [
      record('a', { kind, incarnation: 1 }),
      log('b', kind),
    ];
    const records = [
      log('b', '-'),
      ...(['crash', 'restart', 'pause', 'resume'] as const).flatMap(life),
    ];
    const lines = page(records, 80).filter((line) => /-|crash|restart|pause|resume/.test(line));
    expect(lines.map(lifeOf)).toEqual(['|', 'x', '|', '=', '|']);
  });

  test('knows of a crash that is not shown', () => {
    const records = [record('a', { kind: 'crash' }), log('a', 'x'), log('b', 'y')];
    const lines = [...tracePage(records, ({ kind }) => kind === 'log', { width: 80 })].map(
      stripVTControlCharacters,
    );
    expect(lines[2]).toMatch(/\.000 {2}x +\| y/);
  });

  test('says number and time of an event once, for all its notes', () => {
    const first = log('a', 'one');
    const lines = page([first, { ...first, text: 'two' }], 80);
    expect(lines[1]).toMatch(/\d\.000 {2}\| one/);
    expect(lines[2]).toMatch(/^ +\| two/);
  });

  test('breaks what is too long for its column, and stays in it', () => {
    const lines = page([log('a', 'word '.repeat(12)), log('b', 'x'), log('c', 'y')], 80);
    expect(lines.length).toBeGreaterThan(4);
    for (const line of lines.slice(1, 4)) expect(line).toMatch(/word +\| +\|/);
  });

  test('can be asked for lines', () => {
    expect(page([log('a', 'x')], 160, true)[1]).toMatch(/a +x$/);
  });
});

describe('a page that is too narrow', () => {
  const nodes = Array.from({ length: 6 }, (_, i) => `node${i}`);
  const records = nodes.map((node) => log(node, 'words'));

  test('names the node on each line', () => {
    const lines = page(records, 80).slice(1);
    expect(lines.map((line) => line.trim().split(/ +/).slice(2))).toEqual(
      nodes.map((node) => [node, 'words']),
    );
  });

  test('is wide enough at 160 columns', () => {
    const [header = ''] = page(records, 160);
    for (const node of nodes) expect(header).toContain(node);
  });

  test('shows a fault as a rule', () => {
    const fault = record(undefined, { kind: 'heal', label: 'f' });
    expect(page([...records, fault], 80).at(-1)).toMatch(/-- f ends -+$/);
  });
});

test('the header is repeated on a long page', () => {
  const records = Array.from({ length: 130 }, () => log('a', 'x'));
  expect(page(records, 80).filter((line) => line.trimStart().startsWith('event'))).toHaveLength(3);
});
