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

  test('states that are mutated, where the history is illegal or nothing is known', () => {
    const model: Model<{ count: number }, string, number> = {
      name: 'mutating',
      init: () => ({ count: 0 }),
      step: (state, _input, output) => {
        if (output === 1) return ILLEGAL;
        state.count++;
        return { count: state.count };
      },
    };
    const illegal = [...one, done(1, 4, 5, 'c', 1)];
    for (const options of [{}, { maxSteps: 1 }, { verbose: true }]) {
      expect(() => checkOperations(model, illegal, options)).toThrow(ModelError);
    }
  });

  test('answers that change, where the history is illegal or nothing is known', () => {
    // Each state is new, and legal only at first.
    const moody = (): Model<number, string, number> => {
      let calls = 0;
      return {
        name: 'moody',
        init: () => 0,
        step: (state) => (calls++ < 2 ? state + 1 : ILLEGAL),
      };
    };
    const three = [...one, done(1, 4, 5, 'c', 0)];
    for (const options of [{}, { maxSteps: 2 }, { verbose: true }]) {
      expect(() => checkOperations(moody(), three, options)).toThrow('answered differently');
    }
  });

  test('inputs and outputs that are mutated', () => {
    const model = (spoil: (input: string[], output: { value: number }) => void) => ({
      name: 'spoiling',
      init: () => 0,
      step: (state: number, input: string[], output: { value: number } | undefined) => {
        spoil(input, output!);
        return output!.value === 9 ? ILLEGAL : state + 1;
      },
    });
    const history = (...values: readonly number[]) =>
      values.map((value, index) => done(1, 2 * index, 2 * index + 1, ['a'], { value }));
    const intoInput = model((input) => input.push('b'));
    const intoOutput = model((_, output) => {
      output.value = 7;
    });
    expect(() => checkOperations(intoInput, history(1, 2))).toThrow('step changed ["a"]');
    expect(() => checkOperations(intoInput, history(1, 9))).toThrow('step changed ["a"]');
    expect(() => checkOperations(intoOutput, history(1, 2))).toThrow('step changed {"value":1}');
    expect(() => checkOperations(intoInput, history(1, 9), { verbose: true })).toThrow(ModelError);
  });

  test('an operation that is said to change no state, and changes it', () => {
    const model: Model<number, string, number> = {
      name: 'sly',
      init: () => 0,
      step: (state) => state + 1,
      isReadOnly: () => true,
    };
    expect(() => checkOperations(model, one)).toThrow('isReadOnly says that "a" changes no state');
  });

  test('a key that is not a function of the state', () => {
    let keys = 0;
    const model: Model<number, string, number> = {
      name: 'keyless',
      init: () => 0,
      step: (state, _input, output) => (output === 0 ? state + 1 : ILLEGAL),
      stateKey: () => keys++,
    };
    expect(() => checkOperations(model, one)).toThrow('stateKey answered differently');
    const illegal = [...one, done(1, 4, 5, 'c', 1)];
    expect(() => checkOperations(model, illegal)).toThrow('stateKey answered differently');
  });

  test('a state before any operation that is not always the same', () => {
    let inits = 0;
    const model: Model<number, string, number> = {
      name: 'restless',
      init: () => inits++,
      step: (state) => state,
    };
    expect(() => checkOperations(model, one)).toThrow('init answered differently');
  });
});

describe('an exact algorithm that is wrong about an ok is reported', () => {
  const decided = (order: readonly number[]): Model<number, number, number> => ({
    name: 'decided',
    init: () => 0,
    step: (sum, input, output) => (output === sum ? sum + input : ILLEGAL),
    decide: () => ({ verdict: 'ok', order }),
  });
  const history = [done(1, 0, 1, 0, 0), done(1, 2, 3, 1, 0), done(1, 4, 5, 0, 1)];

  test('the right order passes', () => {
    expect(checkOperations(decided([0, 1, 2]), history).linearization).toEqual([[0, 1, 2]]);
  });

  test.each([
    [[0, 1], 'leaves out an operation that returned'],
    [[0, 1, 2, 2], 'has an operation twice'],
    [[0, 1, 2, 3], 'or one that is not there'],
    [[1, 0, 2], 'breaks real time'],
  ])('%j %s', (order, problem) => {
    expect(() => checkOperations(decided(order), history)).toThrow(problem);
  });

  test('an answer that the state does not allow', () => {
    const wrong = [done(1, 0, 1, 1, 0), done(1, 2, 3, 0, 0)];
    expect(() => checkOperations(decided([0, 1]), wrong)).toThrow('decide answered a wrong order');
  });
});
