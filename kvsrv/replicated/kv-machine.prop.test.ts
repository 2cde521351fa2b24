import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Env } from '../../sim/index.ts';
import { kvServer } from '../server.ts';
import { serverRules } from '../server-rules.ts';
import { kvMachine, kvMachineRules, type KvRequest } from './kv-machine.ts';

const machine = (): ReturnType<typeof kvMachine> => kvMachine(kvMachineRules);

const key = fc.oneof(
  { weight: 5, arbitrary: fc.constantFrom('a', 'b', '__proto__', '') },
  fc.string({ unit: 'binary' }),
);
const request: fc.Arbitrary<KvRequest> = fc.oneof(
  fc.record({ op: fc.constant('get' as const), key }),
  fc.record({
    op: fc.constant('put' as const),
    key,
    value: fc.string({ unit: 'binary' }),
    version: fc.nat(3),
  }),
);
const requests = fc.array(request, { maxLength: 40 });

describe('the key/value service as a state machine', () => {
  test('answers any requests as the server of lab 2 does', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const ports = { persist() {}, recover: () => new Map<string, never>() };
        const { get, put } = kvServer(serverRules, ports)({} as Env).handlers;
        const own = machine();
        for (const [i, next] of list.entries()) {
          const { op, ...args } = next;
          const expected = op === 'get' ? get(args) : put(args as Parameters<typeof put>[0]);
          expect(own.doOp(next, i + 1)).toEqual(expected);
          expect(own.read!(next.key)).toEqual(get({ key: next.key }));
        }
      }),
    );
  });

  test('is the same after a snapshot, whatever it was before, and goes on alike', () => {
    fc.assert(
      fc.property(requests, requests, requests, (first, then, other) => {
        const [one, two] = [machine(), machine()];
        for (const each of first) one.doOp(each);
        for (const each of other) two.doOp(each);
        two.restore(one.snapshot());
        expect(two.snapshot()).toBe(one.snapshot());
        for (const each of then) expect(two.doOp(each)).toEqual(one.doOp(each));
        expect(two.snapshot()).toBe(one.snapshot());
      }),
    );
  });

  test('leaves requests and answers as they are', () => {
    fc.assert(
      fc.property(requests, (list) => {
        const own = machine();
        const before = JSON.stringify(list);
        const answers = list.map((each) => own.doOp(each));
        const then = JSON.stringify(answers);
        for (const each of list) own.doOp(each);
        expect([JSON.stringify(list), JSON.stringify(answers)]).toEqual([before, then]);
      }),
    );
  });

  test.each([{ op: 'append', key: 'a' }, { key: 'a' }])('%j is an error', (wrong) => {
    expect(() => machine().doOp(wrong)).toThrow('expected a get or a put');
  });
});
