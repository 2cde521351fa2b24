import { describe, expect, test } from 'vitest';
import { ILLEGAL, type Model } from '../model.ts';
import { appendModel } from './append.ts';
import { casRegisterModel } from './cas-register.ts';
import { models } from './index.ts';
import { lockModel } from './lock.ts';
import { registerModel } from './register.ts';

/** Runs operations one after another; the states after them, up to an illegal one. */
function run<S, I, O>(model: Model<S, I, O>, ...operations: readonly [I, O?][]): unknown[] {
  let state: S | typeof ILLEGAL = model.init();
  return operations.map(([input, output]) => {
    if (state !== ILLEGAL) state = model.step(state, input, output);
    return state;
  });
}

test('models are registered by name', () => {
  expect(Object.keys(models)).toEqual([
    'versioned-kv',
    'versioned-kv-lab',
    'lock',
    'register',
    'cas-register',
    'write-once-register',
    'append',
    'append-list',
    'log',
    'set',
    'queue',
    'counter',
  ]);
  for (const [name, model] of Object.entries(models)) expect(model.name).toBe(name);
});

describe('lock', () => {
  const acquire = (owner: string) => ({ op: 'acquire', name: 'l', owner }) as const;
  const release = (owner: string) => ({ op: 'release', name: 'l', owner }) as const;

  test('passes from one owner to the next', () => {
    const turns = [acquire('a'), release('a'), acquire('b')] as const;
    expect(run(lockModel, ...turns.map((input): [typeof input, object] => [input, {}]))).toEqual([
      'a',
      null,
      'b',
    ]);
  });

  test('is not taken twice, not even by its owner', () => {
    expect(run(lockModel, [acquire('a'), {}], [acquire('b'), {}])).toEqual(['a', ILLEGAL]);
    expect(run(lockModel, [acquire('a'), {}], [acquire('a'), {}])).toEqual(['a', ILLEGAL]);
  });

  test('is given back by its owner only', () => {
    expect(run(lockModel, [release('a'), {}])).toEqual([ILLEGAL]);
    expect(run(lockModel, [acquire('a'), {}], [release('b'), {}])).toEqual(['a', ILLEGAL]);
  });

  test('a pending call has no effect where it would have to wait or fail', () => {
    expect(run(lockModel, [acquire('a')], [acquire('b')], [release('b')])).toEqual(['a', 'a', 'a']);
  });
});

test('register: a read answers the value written last, null at first', () => {
  const write = { op: 'write', value: 'a' } as const;
  const read = { op: 'read' } as const;
  expect(run(registerModel, [read, { value: null }], [write, {}], [read, { value: 'a' }])).toEqual([
    null,
    'a',
    'a',
  ]);
  expect(run(registerModel, [write, {}], [read, { value: 'b' }])).toEqual(['a', ILLEGAL]);
  expect(run(registerModel, [write, {}], [read])).toEqual(['a', 'a']);
});

test('cas-register: a compare-and-set writes exactly if it says so', () => {
  const cas = { op: 'cas', from: 1, to: 2 } as const;
  const write = { op: 'write', value: 1 } as const;
  expect(run(casRegisterModel, [write, {}], [cas, { ok: true }])).toEqual([1, 2]);
  expect(run(casRegisterModel, [write, {}], [cas, { ok: false }])).toEqual([1, ILLEGAL]);
  expect(run(casRegisterModel, [cas, { ok: true }])).toEqual([ILLEGAL]);
  expect(run(casRegisterModel, [cas, { ok: false }])).toEqual([null]);
  expect(run(casRegisterModel, [cas], [write], [cas])).toEqual([null, 1, 2]);
  expect(run(casRegisterModel, [{ op: 'read' }, {}], [{ op: 'read' }, { value: 0 }])).toEqual([
    null,
    ILLEGAL,
  ]);
});

test('append: texts grow at the end, and an append may say what was there', () => {
  const append = (value: string) => ({ op: 'append', key: 'x', value }) as const;
  const get = { op: 'get', key: 'x' } as const;
  const put = { op: 'put', key: 'x', value: 'p' } as const;
  expect(
    run(appendModel, [get, { value: '' }], [append('a'), {}], [append('b'), { value: 'a' }]),
  ).toEqual(['', 'a', 'ab']);
  expect(run(appendModel, [append('a'), { value: 'z' }])).toEqual([ILLEGAL]);
  expect(run(appendModel, [append('a')], [put, {}], [get, { value: 'a' }])).toEqual([
    'a',
    'p',
    ILLEGAL,
  ]);
});

test.each([
  ['lock', { op: 'acquire', name: 'l' }, {}, 'input.owner: expected a string or a number'],
  ['lock', { op: 'steal' }, {}, 'unknown operation "steal"; expected acquire or release'],
  ['register', { op: 'write', value: {} }, {}, 'input.value: expected a string, a finite number'],
  ['register', { op: 'read' }, {}, 'output.value: expected'],
  ['cas-register', { op: 'cas', from: 1, to: 2 }, {}, 'output.ok: expected true or false'],
  [
    'append',
    { op: 'toString', key: 'x' },
    {},
    'unknown operation "toString"; expected get, put or',
  ],
])('%s: %j is malformed', (name, input, output, problem) => {
  expect(models[name]?.validate?.(input, output)).toContain(problem);
});
