import { describe, expect, test } from 'vitest';
import { CrashSignal } from '../../sim/index.ts';
import type { StateMachine } from './contract.ts';
import { Replica, StateMachineError } from './replica.ts';
import { ListMachine } from '../testing/list-machine.ts';

const failing = (error: unknown): StateMachine => ({
  doOp() {
    throw error;
  },
  snapshot: () => '',
  restore() {},
});

describe('a replica', () => {
  test('knows how far it has come, and tells the machine the index', () => {
    const replica = new Replica('s0', new ListMachine());
    expect(replica.lastApplied).toBe(0);
    expect(replica.carryOut(1, 'a')).toBe('1: a');
    expect(replica.carryOut(2, 'b')).toBe('2: a b');
    expect(replica.lastApplied).toBe(2);
  });

  test.each(['', ' ', '12 34', 'ä\n\u{1f600}', 'x'.repeat(1_000_000)])(
    'is again what its snapshot says, whatever the machine writes',
    (text) => {
      const machine = new ListMachine();
      const replica = new Replica('s0', machine);
      replica.carryOut(7, text);
      const other = new ListMachine();
      const restored = new Replica('s1', other);
      restored.restore(replica.snapshot());
      expect(other.items).toEqual([text]);
      expect(restored.lastApplied).toBe(7);
      expect(restored.snapshot()).toBe(replica.snapshot());
    },
  );

  test('a machine that fails is an error that names server, index and request', () => {
    const cause = new TypeError('no such thing');
    const replica = new Replica('s2', failing(cause));
    const fail = (): unknown => replica.carryOut(12, { op: 'frob', n: 1 });
    expect(fail).toThrow(StateMachineError);
    expect(fail).toThrow(
      'the state machine of s2 fails at index 12 on {"op":"frob","n":1}: no such thing',
    );
    expect(fail).toThrow(expect.objectContaining({ cause }));
    expect(replica.lastApplied).toBe(0);
  });

  test.each([
    ['a request that cannot be written down', 10n, 'on 10: gone'],
    ['a request that is nothing', undefined, 'on nothing: gone'],
    ['a request that is long', 'x'.repeat(1000), `on "${'x'.repeat(199)}: gone`],
  ])('%s is named as well as can be', (_what, request, words) => {
    const replica = new Replica('s0', failing('gone'));
    expect(() => replica.carryOut(1, request)).toThrow(words);
  });

  test('a promise is no answer', () => {
    const machine: StateMachine = { ...failing(0), doOp: async () => 'later' };
    const replica = new Replica('s0', machine);
    expect(() => replica.carryOut(3, 'x')).toThrow(
      'the state machine of s0 fails at index 3 on "x": it answers with a promise',
    );
  });

  test('a crash is no failure of the machine', () => {
    const crash = new CrashSignal();
    expect(() => new Replica('s0', failing(crash)).carryOut(1, 'x')).toThrow(crash);
  });
});

describe('a local read', () => {
  const read = (replica: Replica, index: number, answers: unknown[]): void =>
    replica.readAt(index, 'how many', (answer) => answers.push([index, answer]));

  test('waits for the index, and for nothing else', () => {
    const replica = new Replica('s0', new ListMachine());
    const answers: unknown[] = [];
    for (const index of [3, 0, 1, 3]) read(replica, index, answers);
    expect(answers).toEqual([[0, 0]]);
    replica.carryOut(1, 'a');
    expect(answers.slice(1)).toEqual([[1, 1]]);
    replica.carryOut(2, 'b');
    expect(answers.slice(2)).toEqual([]);
    replica.carryOut(3, 'c');
    expect(answers.slice(2)).toEqual([
      [3, 3],
      [3, 3],
    ]);
    replica.carryOut(4, 'd');
    expect(answers).toHaveLength(4);
  });

  test('is answered from a snapshot beyond its index, in the order of the indices', () => {
    const replica = new Replica('s0', new ListMachine());
    const answers: unknown[] = [];
    for (const index of [5, 4, 9]) read(replica, index, answers);
    replica.restore('7 ["a","b"]');
    expect(answers).toEqual([
      [4, 2],
      [5, 2],
    ]);
    read(replica, 7, answers);
    expect(answers.at(-1)).toEqual([7, 2]);
  });

  test('may ask again while it is answered', () => {
    const replica = new Replica('s0', new ListMachine());
    const answers: unknown[] = [];
    replica.readAt(1, 'how many', () => {
      for (const index of [1, 2]) read(replica, index, answers);
    });
    replica.carryOut(1, 'a');
    expect(answers).toEqual([[1, 1]]);
    replica.carryOut(2, 'b');
    expect(answers.slice(1)).toEqual([[2, 2]]);
  });
});
