import { expect, test } from 'vitest';
import type { HistoryLine } from '../../define/history.ts';
import { compareOperations } from './operations.ts';

function line(client: string, input: string, output: string, atUs: number): HistoryLine {
  const times = { invokedUs: atUs, completedUs: atUs + 10 };
  return { id: 0, client, invoked: 0, completed: 1, status: 'ok', input, output, ...times };
}

test('operations are matched by client and place, whenever they were', () => {
  const a = [line('c0', 'get', '1', 0), line('c1', 'get', '1', 50)];
  const b = [line('c1', 'get', '1', 7), line('c0', 'get', '1', 900)];
  expect(compareOperations(a, b)).toEqual({ same: 2, first: undefined, changed: 0 });
});

test('the first of those that differ is the one that is seen first', () => {
  const a = [line('c0', 'get', '1', 500), line('c1', 'get', '1', 50), line('c1', 'get', '1', 90)];
  const b = [line('c0', 'get', '2', 500), line('c1', 'get', '2', 60)];
  expect(compareOperations(a, b)).toMatchObject({
    same: 0,
    changed: 3,
    first: { client: 'c1', number: 1, a: { output: '1' }, b: { output: '2' } },
  });
});
