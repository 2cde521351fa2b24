import { describe, expect, test } from 'vitest';
import { checkOperations } from '../check.ts';
import type { Operation } from '../history/operation.ts';
import type { Model } from '../model.ts';
import { done } from '../testing/build-history.ts';
import { closedLoop } from '../testing/closed-loop.ts';
import { randomSource } from '../testing/random-source.ts';
import { register } from '../testing/workloads.ts';
import { byKey, type Keyed } from './by-key.ts';
import { type CasRegisterInput, casRegisterModel, type CasRegisterOutput } from './cas-register.ts';
import { registerModel } from './register.ts';

// The bundled models know keys of their own; here is one that does not.
const { partitionKey: _keys, ...single } = casRegisterModel;
const many = byKey(single);

type Cas = Operation<Keyed<CasRegisterInput>, CasRegisterOutput>;

const write = (client: number, call: number, key: string, value: string): Cas =>
  done(client, call, call + 1, { op: 'write', key, value }, {});
const read = (client: number, call: number, key: string, value: string | null): Cas =>
  done(client, call, call + 1, { op: 'read', key }, { value });

describe('a model of one object, made a model of many', () => {
  test('knows as many objects as there are keys', () => {
    const history = [write(1, 0, 'x', 'a'), read(2, 2, 'y', null), read(2, 4, 'x', 'a')];
    expect(checkOperations(many, history)).toMatchObject({ verdict: 'ok', partitions: 2 });
  });

  test('finds the key that is illegal', () => {
    const history = [write(1, 0, 'x', 'a'), read(2, 2, 'x', 'a'), read(2, 4, 'y', 'a')];
    const { verdict, violation } = checkOperations(many, history);
    expect(verdict).toBe('illegal');
    expect(violation).toMatchObject({ partition: 'y', index: 2 });
    expect(violation?.reason).toContain('key "y": client 2 read "a"');
  });

  test('judges each key with the hooks of the object, its exact algorithm included', () => {
    const decided: (string | undefined)[] = [];
    const exact: Model<null, { readonly op: 'tick' }, object> = {
      name: 'tick',
      init: () => null,
      step: (state) => state,
      decide: ({ key, operations }) => {
        decided.push(key);
        return { verdict: 'ok', order: operations.map((_, index) => index) };
      },
    };
    const tick = (key: string): Operation<Keyed<{ readonly op: 'tick' }>, object> =>
      done(key, 0, 1, { op: 'tick', key }, {});
    const result = checkOperations(byKey(exact), [tick('a'), tick('b')]);
    expect(result).toMatchObject({ verdict: 'ok', steps: 0 });
    expect(decided).toEqual(['a', 'b']);
  });

  test('keeps the parts that the object has, and mixes up no two of them', () => {
    const keyOf = byKey({ ...registerModel, partitionKey: (input) => input.op }).partitionKey!;
    const keys = ['read', 'write'].flatMap((op) =>
      ['', 'r', '","'].map((key) => keyOf({ op, key } as Keyed<{ op: 'read' }>)),
    );
    expect(new Set(keys).size).toBe(6);
  });

  test('has a name, and another if it is given one', () => {
    expect(many.name).toBe('cas-register-by-key');
    expect(byKey(casRegisterModel, 'cas-registers').name).toBe('cas-registers');
  });
});

test('judges like the model that was written with keys', () => {
  const workload = register({ keys: 3, values: 2 });
  const { partitionKey: _, ...one } = registerModel;
  const verdicts = { ok: 0, illegal: 0, unknown: 0 };
  for (let seed = 0; seed < 300; seed++) {
    const random = randomSource(seed);
    const legal = closedLoop(workload, { operations: 12, clients: 3 }, random);
    const closed = legal.filter((operation) => operation.return !== undefined);
    const wrong = random.below(2 * closed.length);
    const history = closed.map(({ input, output, ...rest }, index) => ({
      ...rest,
      input: { ...input, key: input.key ?? '' },
      output: index === wrong ? workload.guess(random, input) : output,
    }));
    const { verdict } = checkOperations(registerModel, history);
    verdicts[verdict]++;
    expect(checkOperations(byKey(one), history).verdict).toBe(verdict);
  }
  expect(verdicts.ok).toBeGreaterThan(30);
  expect(verdicts.illegal).toBeGreaterThan(30);
});

test.each([
  [{ op: 'read' }, 'input.key: expected a string, got nothing'],
  [{ op: 'read', key: 7 }, 'input.key: expected a string, got 7'],
  [null, 'input.key: expected a string, got nothing'],
  [{ op: 'swap', key: 'x' }, 'unknown operation "swap"; expected read, write or cas'],
  [{ op: 'read', key: 'x' }, undefined],
])('%j: %s', (input, problem) => {
  expect(many.validate?.(input, undefined)).toBe(problem);
});
