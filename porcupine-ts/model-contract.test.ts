import { describe, expect, test } from 'vitest';
import { checkOperations } from './check.ts';
import { ModelError } from './model-error.ts';
import { ILLEGAL, type Model } from './model.ts';
import { done } from './testing/build-history.ts';

describe('a model that breaks its contract is reported', () => {
  const one = [done(1, 0, 1, 'a', 0), done(1, 2, 3, 'b', 0)];

  test('states that are mutated', () => {
    const model: Model<string[], string, number> = {
      name: 'mutating',
      init: () => [],
      step: (state, input) => {
        state.push(input);
        return state;
      },
    };
    expect(() => checkOperations(model, one)).toThrow(ModelError);
  });

  test('answers that change', () => {
    let calls = 0;
    const model: Model<number, string, number> = {
      name: 'moody',
      init: () => 0,
      step: (state) => (calls++ < 2 ? state + 1 : ILLEGAL),
    };
    expect(() => checkOperations(model, one)).toThrow('answered differently');
  });

  test('states that cannot be told apart', () => {
    const model: Model<Set<string>, string, number> = {
      name: 'opaque',
      init: () => new Set(),
      step: (state, input) => new Set([...state, input]),
    };
    expect(() => checkOperations(model, one)).toThrow('needs stateKey');
    const keyed = { ...model, stateKey: (state: Set<string>) => [...state].sort().join() };
    expect(checkOperations(keyed, one).verdict).toBe('ok');
  });
});
