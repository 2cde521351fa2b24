import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import type { Operation } from '../history/operation.ts';
import { registerModel, type RegisterInput, type RegisterOutput } from '../models/register.ts';
import { done, pending } from '../testing/build-history.ts';
import { describeMinimal, type DescribeMinimalOptions } from './core-text.ts';
import { drawIntervals } from './interval-picture.ts';
import { minimise } from './minimise.ts';

type RegisterOperation = Operation<RegisterInput, RegisterOutput>;

const write = (client: string, call: number, end: number, value: string): RegisterOperation =>
  done(client, call, end, { op: 'write', value }, {});
const read = (client: string, call: number, end: number, value: string): RegisterOperation =>
  done(client, call, end, { op: 'read' }, { value });

function explained(
  history: readonly RegisterOperation[],
  options?: DescribeMinimalOptions,
): string[] {
  const { violation } = checkOperations(registerModel, history);
  const minimal = minimise(registerModel, history, violation!);
  return describeMinimal(registerModel, history, minimal, options).split('\n');
}

describe('the smallest contradiction in words', () => {
  const stale = [write('w', 0, 1, 'a'), write('w', 2, 5, 'b'), read('reader', 7, 9, 'a')];

  test('lists the answers by call with bars, stamps and clients, and counts the others', () => {
    expect(explained(stale)).toEqual([
      'These 3 answers contradict each other:',
      '               operation  client  when',
      '  |-|          0          w       [0, 1]  write("a")',
      '      |-|      1          w       [2, 5]  write("b")',
      '          |-|  2          reader  [7, 9]  read() -> "a"',
    ]);
    const more = [...stale, pending('x', 0, { op: 'write', value: 'x' } as const)];
    expect(explained(more).at(-1)).toBe(
      'no matter when 1 other operation took effect after its call, if at all',
    );
    expect(explained([...more, write('y', 0, 3, 'y')]).at(-1)).toBe(
      'no matter when 2 other operations took effect after their calls, if at all',
    );
  });

  test('says where operations are to be found, as the caller has it', () => {
    const lines = explained(stale, { placeOf: (index) => index + 10, placeName: 'line' });
    expect(lines[1]).toMatch(/^ +line {2}client {2}when$/);
    expect(lines[2]).toMatch(/ 10 {4}w {7}\[0, 1\] /);
  });

  test('of one answer says that it is impossible', () => {
    expect(explained([read('c', 0, 1, 'never')])).toEqual([
      'This answer is impossible:',
      '       operation  client  when',
      '  |-|  0          c       [0, 1]  read() -> "never"',
    ]);
  });

  test('counts large stamps from the first call shown', () => {
    const origin = 1_732_000_000_000_000;
    const late = stale.map((each) => ({
      ...each,
      call: origin + each.call,
      return: origin + each.return!,
    }));
    expect(explained(late)[4]).toContain('[+7, +9]');
  });

  test('cuts long values in the middle', () => {
    const [, , line = ''] = explained([read('c', 0, 1, 'x'.repeat(1000))]);
    expect(line).toMatch(/read\(\) -> "x+ \.\.\. x+"$/);
    expect(line.length).toBeLessThan(220);
  });

  test('of many answers lists the last, without bars', () => {
    const writes = Array.from({ length: 30 }, (_, i) => write('w', 10 * i, 10 * i + 5, 'same'));
    const history = [...writes, write('w', 1000, 1001, 'b'), read('r', 1002, 1003, 'same')];
    const lines = explained(history);
    expect(lines[0]).toBe('These 32 answers contradict each other:');
    expect(lines[2]).toMatch(/^ {2}12 /);
    expect(lines.length).toBe(23);
    expect(lines.at(-1)).toBe('  and 12 earlier ones');
  });
});

describe('bars', () => {
  const interval = (call: number, end?: number): RegisterOperation => ({
    clientId: call,
    call,
    input: { op: 'read' },
    ...(end === undefined ? {} : { return: end }),
  });

  test('overlap exactly where the intervals do, which are closed', () => {
    expect(drawIntervals([interval(0, 10), interval(5, 20), interval(20, 30)])).toEqual([
      '|---|      ',
      '  |-----|  ',
      '      |---|',
    ]);
  });

  test('go on where nothing returned', () => {
    expect(drawIntervals([interval(0), interval(1, 2)])).toEqual(['|-...', '  |-|']);
  });
});
