import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { ILLEGAL, type Model } from '../../porcupine-ts/index.ts';
import type { RunResult } from '../define/result.ts';
import { defineScenario } from '../define/scenario.ts';
import { exitCodeOf } from '../report/exit-code.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';
import { linearizable, type LinearizableOptions } from './linearizable.ts';

/** The order of the writes is the state: the more of them at a time, the longer the search. */
const orders: Model<string, { op: string; value: string }, string> = {
  name: 'orders',
  init: () => '',
  step: (state, { op, value }, output) => {
    if (op === 'write') return state + value;
    return output === undefined || output === state ? state : ILLEGAL;
  },
  describeOperation: ({ op, value }, output) => `${op}(${value}) -> ${output ?? '?'}`,
};

/** Writers that all write at once, and a reader that reads afterwards. */
async function judged(
  writers: string,
  read: string,
  options: Partial<LinearizableOptions<{ op: string; value: string }, string>> = {},
  model: typeof orders = orders,
): Promise<RunResult> {
  const scenario = defineScenario({
    name: 'adhoc',
    description: 'made for a test',
    params: z.object({}),
    layers: {},
    checks: [linearizable(model, { name: 'lin', description: 'of all orders', ...options })],
    setup(t) {
      for (const value of writers) {
        t.addClient(value, (env) => t.record(env, { op: 'write', value }, () => env.sleep(10)));
      }
      t.addClient('reader', async (env) => {
        await env.sleep(20);
        await t.record(env, { op: 'read', value: '' }, () => Promise.resolve(read));
      });
    },
  });
  return (await runPlan(scenario, makePlan(scenario, '1'), { host: nodeHost() })).result;
}

describe('the check of linearizability', () => {
  test('a history that some order explains passes', async () => {
    expect((await judged('abc', 'cab')).verdict).toBe('pass');
  });

  test('one that none explains is a violation: operation, event, and what led to it', async () => {
    const result = await judged('abc', 'aab');

    expect(result).toMatchObject({
      verdict: 'violation',
      class: 'safety',
      check: 'lin',
      signature: 'lin: read fits nowhere',
      event: expect.any(Number),
    });
    expect(result.reason).toContain('read() -> aab');
    expect(result.story?.map(({ who }) => who)).toEqual(['a', 'b', 'c', 'reader']);
    expect(result.story?.map(({ isCulprit = false }) => isCulprit)).toEqual([
      false,
      false,
      false,
      true,
    ]);
    expect(exitCodeOf(result)).toBe(1);
  });

  test('of one refuted by an exact algorithm, the story is what its reason is about', async () => {
    const decide: (typeof orders)['decide'] = ({ operations }) => ({
      verdict: 'illegal',
      kind: 'a letter twice',
      reason: 'a is read twice',
      culprit: operations.length - 1,
      operations: [0, operations.length - 1],
    });
    const result = await judged('abc', 'aab', {}, { ...orders, decide });

    expect(result).toMatchObject({ signature: 'lin: a letter twice', reason: 'a is read twice' });
    const story = result.story?.map(({ who, isCulprit }) => [who, isCulprit]);
    expect(story).toEqual([
      ['a', false],
      ['reader', true],
    ]);
  });

  test('one that takes too many steps is unknown, never a pass', async () => {
    const result = await judged('abcdefghijkl', 'nonsense', { maxSteps: 10_000 });

    expect(result).toMatchObject({
      verdict: 'unknown',
      check: 'lin',
      signature: 'lin: undecided after # steps',
    });
    expect(exitCodeOf(result)).toBe(2);
  });

  test('the scenario says how an operation is to be read', async () => {
    const reading: LinearizableOptions<{ op: string; value: string }, string>['reading'] =
      ({ history }) =>
      (operation) =>
        operation.input.op === 'read' && history.length === 4
          ? { ...operation, output: 'abc' }
          : operation;

    expect((await judged('abc', 'nonsense', { reading })).verdict).toBe('pass');
  });
});
