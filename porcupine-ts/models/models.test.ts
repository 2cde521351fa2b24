import { describe, expect, test } from 'vitest';
import { ILLEGAL, type Model } from '../model.ts';
import { appendListModel } from './append-list.ts';
import { appendModel } from './append.ts';
import { casRegisterModel } from './cas-register.ts';
import { counterModel } from './counter.ts';
import { models } from './index.ts';
import { lockModel } from './lock.ts';
import { createLogModel, logModel } from './log.ts';
import { queueModel } from './queue.ts';
import { registerModel } from './register.ts';
import { EMPTY, push } from './sequence.ts';
import { setModel } from './set.ts';
import { writeOnceRegisterModel } from './write-once-register.ts';

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
  expect(run(casRegisterModel, [cas, {}], [write], [cas, {}])).toEqual([null, 1, 2]);
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

test('write-once-register: the first write is accepted and the others are refused', () => {
  const write = (value: string) => ({ op: 'write', value }) as const;
  const read = { op: 'read' } as const;
  expect(
    run(
      writeOnceRegisterModel,
      [read, { value: null }],
      [write('a'), { ok: true }],
      [write('a'), { ok: false }],
      [write('b')],
      [read, { value: 'a' }],
      [write('a'), { ok: true }],
    ),
  ).toEqual([null, 'a', 'a', 'a', 'a', ILLEGAL]);
  expect(run(writeOnceRegisterModel, [write('a'), { ok: false }])).toEqual([ILLEGAL]);
});

test('set: elements are there once, in no order', () => {
  const add = (value: string | number) => ({ op: 'add', value }) as const;
  const remove = { op: 'remove', value: 'b' } as const;
  const read = { op: 'read' } as const;
  expect(
    run(
      setModel,
      [add('b'), { changed: true }],
      [add(10), {}],
      [add(9), {}],
      [add('b'), { changed: false }],
      [read, { values: ['b', 9, 10] }],
      [{ op: 'contains', value: '9' }, { present: false }],
      [remove, {}],
      [remove, { changed: true }],
    ),
  ).toEqual([['b'], [10, 'b'], ...Array.from({ length: 4 }, () => [9, 10, 'b']), [9, 10], ILLEGAL]);
  expect(run(setModel, [add('a'), {}], [read, { values: ['a', 'a'] }])[1]).toBe(ILLEGAL);
});

test('queue: first in, first out', () => {
  const enqueue = (value: string) => ({ op: 'enqueue', value }) as const;
  const dequeue = { op: 'dequeue' } as const;
  expect(
    run(
      queueModel,
      [dequeue, { value: null }],
      [enqueue('a'), {}],
      [enqueue('b'), {}],
      [dequeue, { value: 'a' }],
      [dequeue],
      [dequeue, { value: 'b' }],
    ),
  ).toEqual([[], ['a'], ['a', 'b'], ['b'], [], ILLEGAL]);
});

test('counter: an addition may say what came of it', () => {
  const add = (delta: number) => ({ op: 'add', delta }) as const;
  expect(
    run(
      counterModel,
      [add(2), {}],
      [add(-3), { value: -1 }],
      [{ op: 'read' }, { value: -1 }],
      [add(0), { value: 0 }],
    ),
  ).toEqual([2, -1, -1, ILLEGAL]);
});

test('append-list: a read answers all elements in order', () => {
  const append = (value: string | number) => ({ op: 'append', value }) as const;
  const after = (values: (string | number)[]): unknown =>
    run(appendListModel, [append(1), {}], [append('1'), {}], [{ op: 'read' }, { values }])[2];
  expect(after([1, '1'])).toMatchObject({ length: 2, text: '1,"1"' });
  for (const wrong of [['1', 1], [1], [1, '1', 1]]) expect(after(wrong)).toBe(ILLEGAL);
});

test('sequences that grow out of the same one do not touch each other', () => {
  const one = push(EMPTY, 'a');
  const [two, other] = [push(one, 'b'), push(one, 'c')];
  expect([EMPTY, one, two, other, push(two, 'd')].map(({ text }) => text)).toEqual([
    '',
    '"a"',
    '"a","b"',
    '"a","c"',
    '"a","b","d"',
  ]);
  const read = (values: string[]) => [{ op: 'read' }, { values }] as const;
  expect(appendListModel.step(two, ...read(['a', 'b']))).toBe(two);
  expect(appendListModel.step(other, ...read(['a', 'c']))).toBe(other);
  expect(appendListModel.step(EMPTY, ...read([]))).toBe(EMPTY);
});

test('log: an append answers its index, from 1 on or from where the log begins', () => {
  const append = { op: 'append', value: 'a' } as const;
  const get = (index: number) => ({ op: 'get', index }) as const;
  const texts = run(logModel, [append, { index: 1 }], [append], [append, { index: 3 }]);
  expect(texts).toMatchObject([{ text: '"a"' }, { text: '"a","a"' }, { text: '"a","a","a"' }]);
  expect(run(logModel, [append, { index: 0 }])).toEqual([ILLEGAL]);
  expect(run(logModel, [append], [get(1), { value: null }])[1]).toBe(ILLEGAL);
  expect(run(logModel, [append], [get(2), { value: null }])[1]).not.toBe(ILLEGAL);
  expect(run(logModel, [append], [get(0), { value: null }])[1]).not.toBe(ILLEGAL);
  const zero = createLogModel({ firstIndex: 0 });
  expect(run(zero, [append, { index: 0 }], [get(0), { value: 'a' }])[1]).not.toBe(ILLEGAL);
});

test.each([
  [registerModel, { op: 'write', value: 1 }, {}, 'write(1)'],
  [registerModel, { op: 'read', key: 'x' }, undefined, 'read("x") -> ?'],
  [writeOnceRegisterModel, { op: 'write', value: 1 }, { ok: false }, 'write(1) -> refused'],
  [setModel, { op: 'add', key: 's', value: 1 }, {}, 'add("s", 1)'],
  [setModel, { op: 'remove', value: 1 }, { changed: true }, 'remove(1) -> true'],
  [queueModel, { op: 'dequeue' }, { value: null }, 'dequeue() -> null'],
  [counterModel, { op: 'add', delta: -1 }, undefined, 'add(-1) -> ?'],
  [appendListModel, { op: 'read' }, { values: [1] }, 'read() -> [1]'],
  [logModel, { op: 'append', value: 'a' }, { index: 3 }, 'append("a") -> 3'],
])('$name describes %j -> %j', (model, input, output, text) => {
  expect(models[model.name]!.describeOperation!(input, output)).toBe(text);
});

test.each([
  ['set', { op: 'add', value: null }, {}, 'input.value: expected a string or a finite number'],
  ['queue', { op: 'dequeue' }, {}, 'output.value: expected a string or a finite number, or null'],
  ['counter', { op: 'add', delta: 0.5 }, {}, 'input.delta: expected an integer'],
  ['append-list', { op: 'read' }, { values: [null] }, 'output.values: expected a list of strings'],
  ['log', { op: 'get', index: -1 }, {}, 'input.index: expected an integer from 0 on'],
  ['write-once-register', { op: 'write', value: 1 }, {}, 'output.ok: expected true or false'],
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
