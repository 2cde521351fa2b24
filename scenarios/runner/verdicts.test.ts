import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Env, Program } from '../../sim/index.ts';
import type { Check } from '../define/check.ts';
import { defineScenario, type Scenario, type ScenarioDefinition } from '../define/scenario.ts';
import type { RunResult } from '../define/result.ts';
import { exitCodeOf } from '../report/exit-code.ts';
import { summarise } from '../report/sweep-tally.ts';
import { makePlan } from './make-plan.ts';
import { nodeHost } from './node-host.ts';
import { runPlan, type Run } from './run-plan.ts';

const NO_PARAMS = z.object({});
type Parts = Partial<ScenarioDefinition<typeof NO_PARAMS, object>>;

/** A scenario as small as can be: one node, and a client that waits. */
function scenarioOf(program: Program, parts: Parts = {}): Scenario {
  return defineScenario({
    name: 'adhoc',
    description: 'made for a test',
    params: NO_PARAMS,
    layers: {},
    maxSimMs: 10_000,
    setup(t) {
      t.addNode('n1', program);
      t.addClient('c0', (env) => env.sleep(50));
    },
    ...parts,
  });
}

const run = (scenario: Scenario): Promise<Run> =>
  runPlan(scenario, makePlan(scenario, '1'), { host: nodeHost() });
const resultOf = async (scenario: Scenario): Promise<RunResult> => (await run(scenario)).result;

describe('node code that fails is a crash, with its place', () => {
  const crashes: readonly [name: string, program: Program, expected: Partial<RunResult>][] = [
    [
      'throws at its start',
      () => {
        throw new RangeError('out of range');
      },
      { check: 'uncaught error', where: 'n1#1 at 0.000000 s', reason: 'RangeError: out of range' },
    ],
    [
      'rejects in a spawned task',
      (env) =>
        env.spawn('task', async () => {
          await env.sleep(7);
          throw new Error('lost');
        }),
      { check: 'uncaught error', where: 'n1#1 at 0.007000 s', reason: 'lost' },
    ],
    [
      'leaves a rejection that nobody handles',
      async (env) => {
        await env.sleep(3);
        void Promise.reject(new Error('stray'));
      },
      { check: 'stray rejection', reason: 'stray' },
    ],
    [
      'throws something that is no error',
      () => {
        // oxlint-disable-next-line typescript/only-throw-error, no-throw-literal -- user code may
        throw 'a text';
      },
      {
        check: 'uncaught error',
        reason: 'a text (not an Error: it has no line)',
      },
    ],
    ['uses Math.random', async (env) => void (await env.sleep(1), Math.random()), {}],
    ['uses Date.now', async (env) => void (await env.sleep(1), Date.now()), {}],
    ['makes a new Date()', async (env) => void (await env.sleep(1), new Date()), {}],
    ['uses setTimeout', async (env) => void (await env.sleep(1), setTimeout(() => {}, 1)), {}],
    [
      'uses performance.now',
      async (env) => void (await env.sleep(1), performance.now()),
      { check: 'leak', where: 'n1#1 at 0.001000 s' },
    ],
  ];

  test.each(crashes)('a node that %s', async (name, program, expected) => {
    const result = await resultOf(scenarioOf(program));

    expect(result).toMatchObject({ verdict: 'crash', ...expected });
    expect(result.class).toBeUndefined();
    expect(exitCodeOf(result)).toBe(1);
    expect(result.event).toBeGreaterThan(0);
    if (name.startsWith('uses') || name.startsWith('makes')) {
      expect(result.check).toBe('leak');
      expect(result.where).toBe('n1#1 at 0.001000 s');
    }
    if (!name.includes('no error')) expect(result.stack).toContain('verdicts.test.ts');
  });

  test('names the incarnation of a node that fails in its second life', async () => {
    const program: Program = async (env: Env) => {
      await env.sleep(1);
      if (env.incarnation === 2) throw new Error('second life');
      await env.sleep(100);
    };
    const faults = [{ id: 'f', kind: 'crash' as const, node: 'n1', atMs: 10, untilMs: 20 }];
    const result = await resultOf(scenarioOf(program, { plan: () => ({ faults }) }));

    expect(result).toMatchObject({ verdict: 'crash', where: 'n1#2 at 0.021000 s' });
  });

  test('is told even if something that it led to has failed since', async () => {
    const program: Program = async (env: Env) => {
      await env.sleep(3);
      void Promise.reject(new Error('stray'));
    };
    const result = await resultOf(
      scenarioOf(program, {
        run: async (t) => {
          await t.sleep(20);
          t.expectInTime('an answer', false, () => 'none');
        },
      }),
    );

    expect(result).toMatchObject({ verdict: 'crash', check: 'stray rejection', reason: 'stray' });
    expect(result.where).toBe('n1#1 at 0.003000 s');
  });

  test('a client that fails, too', async () => {
    const result = await resultOf(
      scenarioOf(() => {}, {
        setup: (t) =>
          t.addClient('c0', async (env) => {
            await env.sleep(2);
            throw new Error('client');
          }),
      }),
    );

    expect(result).toMatchObject({ verdict: 'crash', where: 'c0#1 at 0.002000 s' });
  });
});

describe('a run that does not come to its end is a liveness violation', () => {
  test('nothing is left to happen', async () => {
    const result = await resultOf(scenarioOf(() => {}, { run: () => new Promise(() => {}) }));

    expect(result).toMatchObject({
      verdict: 'violation',
      class: 'liveness',
      check: 'the run comes to an end',
      reason: 'nothing is left to happen, and the scenario still waits; 0 operations are pending',
    });
  });

  test('it goes on for ever', async () => {
    const result = await resultOf(
      scenarioOf(
        async (env) => {
          for (;;) await env.sleep(100);
        },
        { run: () => new Promise(() => {}) },
      ),
    );

    expect(result).toMatchObject({
      verdict: 'violation',
      class: 'liveness',
      reason: 'not finished after 10000 ms of virtual time; 0 operations are pending',
      simMs: 10_000,
    });
  });

  test('it says how many operations are pending', async () => {
    const result = await resultOf(
      scenarioOf(() => {}, {
        setup: (t) =>
          t.addClient('c0', (env) => t.record(env, { op: 'wait' }, () => new Promise(() => {}))),
      }),
    );

    expect(result.reason).toMatch(/; 1 operations are pending$/);
    expect(result.signature).toBe(
      'the run comes to an end: nothing is left to happen, and the scenario still waits; ' +
        '# operations are pending',
    );
  });

  test.each([
    ['safety', 'it is right'],
    ['performance', 'the run comes to an end'],
  ] as const)(
    'a check that finds a violation of %s: the verdict is of "%s"',
    async (kind, told) => {
      const check = {
        name: 'it is right',
        description: '',
        judge: () => ({ verdict: 'violation', class: kind, message: 'it is wrong' }) as const,
      };
      const result = await resultOf(
        scenarioOf(() => {}, { checks: [check], run: () => new Promise(() => {}) }),
      );

      expect(result).toMatchObject({ verdict: 'violation', check: told });
    },
  );

  test('time stands still: too much happens at one instant', { timeout: 30_000 }, async () => {
    const again = (env: Env): void => env.spawn('again', () => again(env));
    const result = await resultOf(scenarioOf(again));

    expect(result).toMatchObject({ verdict: 'violation', check: 'time stands still' });
    expect(result.where).toMatch(/^n1#1 at 0\.000000 s/);
  });
});

describe('assertions of a scenario', () => {
  test.each([
    ['expect', 'safety'],
    ['expectInTime', 'liveness'],
    ['expectWithin', 'performance'],
  ] as const)('%s that does not hold is a violation of %s', async (method, kind) => {
    const result = await resultOf(
      scenarioOf(() => {}, {
        async run(t) {
          t[method]('holds', true, () => 'never asked');
          await t.sleep(4);
          t[method]('does not hold', false, () => 'n3 has 5 of "k"');
        },
      }),
    );

    expect(result).toMatchObject({
      verdict: 'violation',
      class: kind,
      check: 'does not hold',
      reason: 'n3 has 5 of "k"',
      signature: 'does not hold: … has # of "…"',
      where: 'tester#1 at 0.004000 s',
    });
    expect(result.stack).toBeUndefined();
  });

  test('count, whatever the node in which they fail makes of what they throw', async () => {
    const result = await resultOf(
      scenarioOf(() => {}, {
        setup(t) {
          t.addNode('n1', () => {
            try {
              t.expect('all is well', false, () => 'it is not');
            } catch {
              // A layer may turn it into an error of its own, or go on.
            }
          });
          t.addClient('c0', (env) => env.sleep(50));
        },
      }),
    );
    expect(result).toMatchObject({ verdict: 'violation', check: 'all is well' });
  });

  test('the first check that finds something is the verdict; a pass goes on', async () => {
    const check = (name: string, found: ReturnType<Check['judge']>): Check => ({
      name,
      description: name,
      judge: () => found,
    });
    const violation = { verdict: 'violation', class: 'safety', message: 'wrong' } as const;
    const checks = [
      check('quiet', undefined),
      check('cannot tell', { verdict: 'unknown', message: 'too long' }),
      check('first', violation),
      check('second', violation),
    ];

    expect(await resultOf(scenarioOf(() => {}, { checks }))).toMatchObject({
      verdict: 'violation',
      check: 'first',
    });
    expect(await resultOf(scenarioOf(() => {}, { checks: checks.slice(0, 2) }))).toMatchObject({
      verdict: 'unknown',
      check: 'cannot tell',
    });
  });
});

test('a pass where a violation was expected is not as expected', async () => {
  const result = await resultOf(scenarioOf(() => {}, { expect: 'violation' }));

  expect(result).toMatchObject({ verdict: 'pass', expected: 'violation' });
  expect(exitCodeOf(result)).toBe(1);
});

test('a probe that no seed hit makes the sweep vacuous', async () => {
  const scenario = scenarioOf(() => {}, { probes: [{ name: 'it happened', within: 2 }] });
  const results = [await resultOf(scenario), await resultOf(scenario)];

  expect(summarise('adhoc', results, scenario.probes, false)).toMatchObject({
    verdict: 'vacuous',
    exitCode: 2,
  });
  expect(summarise('adhoc', results.slice(1), scenario.probes, false)).toMatchObject({
    verdict: 'pass',
    exitCode: 0,
  });
});

test('runs wait for each other: one world at a time, and none leaks into the next', async () => {
  const log: string[] = [];
  const worldOf = (name: string): Scenario =>
    scenarioOf(async (env) => {
      log.push(`${name} begins`);
      // Longer than the step loop goes on before it yields to the host.
      for (let i = 0; i < 20_000; i++) await env.sleep(env.random.between(1, 3) / 1000);
      log.push(`${name} ends`);
    });
  const together = await Promise.all(['a', 'b', 'c'].map((name) => resultOf(worldOf(name))));
  const alone = await resultOf(worldOf('d'));

  expect(log.slice(0, 6)).toEqual(
    ['a', 'b', 'c'].flatMap((name) => [`${name} begins`, `${name} ends`]),
  );
  expect(together.map(({ digest }) => digest)).toEqual(['a', 'b', 'c'].map(() => alone.digest));
});

test('after a run the listeners of the host are as before, and were not asked', async () => {
  let asked = 0;
  const listener = (): void => void asked++;
  process.on('unhandledRejection', listener);
  try {
    const before = process.rawListeners('unhandledRejection');
    await resultOf(scenarioOf(() => void Promise.reject(new Error('stray'))));

    expect(process.rawListeners('unhandledRejection')).toEqual(before);
    expect(asked).toBe(0);
  } finally {
    process.off('unhandledRejection', listener);
  }
});
