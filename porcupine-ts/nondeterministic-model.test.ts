import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkOperations } from './check.ts';
import type { Operation } from './history/operation.ts';
import { ILLEGAL, type Model } from './model.ts';
import { ModelError } from './model-error.ts';
import { type NondeterministicModel, toModel } from './nondeterministic-model.ts';
import { closedLoop } from './testing/closed-loop.ts';
import { isLinearizable } from './testing/oracle.ts';
import { randomSource } from './testing/random-source.ts';
import { register } from './testing/workloads.ts';
import type { RegisterInput, RegisterOutput, RegisterValue } from './models/register.ts';

/** A register that may lose what is written. */
const lossy: NondeterministicModel<RegisterValue, RegisterInput, RegisterOutput> = {
  name: 'lossy-register',
  partitionKey: (input) => input.key ?? '',
  init: () => [null],
  step: (value, input, output) => {
    if (input.op === 'write') return [value, input.value];
    return output === undefined || output.value === value ? [value] : [];
  },
};

/** The same by hand: what may be in it, sorted; a read says which. */
const candidates: Model<string, RegisterInput, RegisterOutput> = {
  name: 'lossy-register-by-hand',
  partitionKey: (input) => input.key ?? '',
  init: () => JSON.stringify([null]),
  step: (state, input, output) => {
    const values = new Set(JSON.parse(state) as RegisterValue[]);
    if (input.op === 'read') {
      if (output === undefined) return state;
      return values.has(output.value!) ? JSON.stringify([output.value]) : ILLEGAL;
    }
    values.add(input.value);
    return JSON.stringify([...values].sort((a, b) => (String(a) < String(b) ? -1 : 1)));
  },
};

describe('a nondeterministic model', () => {
  const powerSet = toModel(lossy);

  test('judges like a deterministic one that was written by hand, and like the definition', () => {
    const verdicts = { ok: 0, illegal: 0, unknown: 0 };
    const workload = register({ keys: 1, values: 3 });
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const random = randomSource(seed);
        const options = { operations: 6, clients: 3, pendingPercent: 10 };
        const history = closedLoop(workload, options, random).map(
          (operation): Operation<RegisterInput, RegisterOutput> =>
            operation.return !== undefined && random.chance(30)
              ? { ...operation, output: workload.guess(random, operation.input) }
              : operation,
        );
        const { verdict } = checkOperations(powerSet, history);
        verdicts[verdict]++;
        expect(checkOperations(candidates, history).verdict).toBe(verdict);
        expect(isLinearizable(powerSet, history) ? 'ok' : 'illegal').toBe(verdict);
      }),
      { numRuns: 1000, seed: 1 },
    );
    expect(verdicts.ok).toBeGreaterThan(200);
    expect(verdicts.illegal).toBeGreaterThan(200);
  });

  test('has as its state the states that are possible, each once and in one order', () => {
    const write = (value: string): RegisterInput => ({ op: 'write', value });
    const run = (...inputs: readonly RegisterInput[]): readonly RegisterValue[] =>
      inputs.reduce(
        (states, input) => powerSet.step(states, input, {}) as readonly RegisterValue[],
        powerSet.init(),
      );
    expect(run(write('b'), write('a'))).toEqual(run(write('a'), write('b'), write('a')));
    expect(run(write('a'))).toHaveLength(2);
    expect(powerSet.step(run(write('a')), { op: 'read' }, { value: 'a' })).toEqual(['a']);
    expect(powerSet.step(run(write('a')), { op: 'read' }, { value: 'b' })).toBe(ILLEGAL);
    expect(powerSet.describeState?.(run(write('a')))).toBe('"a" or null');
  });

  test('never takes an operation for read-only, as it tells the states apart', () => {
    expect(powerSet.isReadOnly).toBeUndefined();
    expect(powerSet.partitionKey?.({ op: 'read', key: 'x' })).toBe('x');
  });

  test('must have a state to begin with, and states that can be told apart', () => {
    expect(() => checkOperations(toModel({ ...lossy, init: () => [] }), [])).not.toThrow();
    const history = [{ clientId: 1, call: 0, input: { op: 'read' } as const }];
    expect(() => checkOperations(toModel({ ...lossy, init: () => [] }), history)).toThrow(
      'init answered no state',
    );
    const opaque = { name: 'opaque', init: () => [new Set()], step: () => [new Set()] };
    expect(() => checkOperations(toModel(opaque), history)).toThrow(ModelError);
    const keyed = { ...opaque, stateKey: () => 'the only one' };
    expect(checkOperations(toModel(keyed), history).verdict).toBe('ok');
  });
});
