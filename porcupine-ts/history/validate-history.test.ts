import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import { HistoryError } from './history-error.ts';
import { registerModel, type RegisterInput, type RegisterOutput } from '../models/register.ts';
import type { Operation } from './operation.ts';
import { done, pending } from '../testing/build-history.ts';

type Register = Operation<RegisterInput, RegisterOutput>;

const write = (value: string): RegisterInput => ({ op: 'write', value });
const read = (): RegisterInput => ({ op: 'read' });

describe('a history that cannot have happened is refused', () => {
  const refusal = (...history: readonly Register[]): unknown => {
    try {
      return checkOperations(registerModel, history).verdict;
    } catch (error) {
      expect(error).toBeInstanceOf(HistoryError);
      return (error as HistoryError).message;
    }
  };
  const fine = done(1, 0, 4, write('a'), {});

  test('return before call', () => {
    expect(refusal(fine, done(2, 7, 4, write('b'), {}))).toBe(
      'operation 1: return 4 is before call 7',
    );
  });

  test('stamps that are no numbers', () => {
    expect(refusal(done(1, Number.NaN, 4, write('b'), {}))).toContain('operation 0: call must be');
    expect(refusal(done(1, 0, Infinity, write('b'), {}))).toContain('operation 0: return must be');
  });

  test('an output without a return', () => {
    expect(refusal({ clientId: 1, call: 0, input: read(), output: { value: 'a' } })).toContain(
      'operation 0: has an output but no return',
    );
  });

  test('two operations of one client at a time', () => {
    expect(refusal(done(1, 3, 5, read(), { value: 'a' }), fine)).toBe(
      'operation 0: client 1 called at 3, before its operation (operation 1) returned at 4; ' +
        'a client calls one operation at a time',
    );
    expect(refusal(fine, pending(1, 3, read()))).toContain('operation 1: client 1 called at 3');
    expect(refusal(fine, done(1, 4, 5, read(), { value: 'a' }))).toBe('ok');
    expect(refusal(fine, done('1', 3, 5, read(), { value: 'a' }))).toBe('ok');
  });

  test('but a client may go on after a pending operation', () => {
    expect(refusal(fine, pending(1, 5, write('b')), done(1, 6, 7, read(), { value: 'b' }))).toBe(
      'ok',
    );
  });
});
