import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { registerModel, type Operation, type RegisterInput } from '../../porcupine-ts/index.ts';
import { packs } from '../catalogue.ts';
import type { HistoryLine } from '../define/history.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { defineScenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';
import { plans, readPlan, runScenario } from './index.ts';
import './matchers.ts';

const registry = new Registry(packs);
const lock = registry.scenario('lock/chaos');
const wrong = { layers: registry.specimen('LK1').layers, code: { specimen: 'LK1' } };

/** The first seed for which the wrong variant fails. */
let failing = 0;
beforeAll(async () => {
  do failing++;
  while ((await runScenario(lock, failing, wrong)).result.verdict === 'pass');
});

/** The text with which an expectation fails. */
async function textOf(work: () => unknown): Promise<string> {
  try {
    await work();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it did not fail');
}

describe('toPass', () => {
  test('takes a run, a result, or a promise of either', async () => {
    const run = await runScenario(lock, 1);

    expect(run).toPass();
    expect(run.result).toPass();
    await expect(runScenario(lock, 1)).toPass();
    await expect(Promise.resolve(run.result)).toPass();
  });

  test('fails with verdict, check, reason, story, and the line to run the seed again', async () => {
    const text = await textOf(() => expect(runScenario(lock, failing, wrong)).toPass());

    expect(text).toContain(`VIOLATION  lock/chaos  seed ${failing}  mutual exclusion\n`);
    expect(text).toMatch(/\bfits\s+nowhere;\s+the\s+longest\s+linearization/);
    expect(text).toMatch(/^ +\d+\.\d+ s {2}c\d +acquire\("l\d"\) by "c\d" {2}<- here$/m);
    expect(text).toMatch(/^ {3}event \d+ of \d+ +digest [0-9a-f]{16}$/m);
    const again = `npx faultlab run lock/chaos --seed ${failing} --specimen LK1  # faultlab`;
    expect(text).toContain(`\n   again    ${again}`);
  });

  test('keeps a plan that came from no seed, and says how to replay it', async () => {
    const plan: Plan = { ...makePlan(lock, String(failing)), seed: 'made up' };
    const run = await runScenario(lock, plan, wrong);
    const text = await textOf(async () => expect(run).toPass());
    const file = /again +npx faultlab replay (\S+plan\.json) /.exec(text)?.[1] ?? '';

    expect(readPlan(file)).toEqual({ ...run.plan, code: { specimen: 'LK1' } });
    const again = await runScenario(lock, readPlan(file), wrong);
    expect(text).toContain(again.result.digest);
    // As the command writes it: a replay compares the two.
    const result: unknown = JSON.parse(readFileSync(file.replace('plan', 'result'), 'utf8'));
    expect(result).toMatchObject({ digest: again.result.digest, verdict: 'violation' });
  });

  test('says how to run it again in a test, where the command knows nothing of it', async () => {
    const { layers } = wrong;
    const text = await textOf(async () =>
      expect(await runScenario(lock, failing, { layers })).toPass(),
    );
    const file = /again +runScenario\(scenario, readPlan\('(.*)'\)\)$/m.exec(text)?.[1] ?? '';

    expect((await runScenario(lock, readPlan(file), { layers })).result.verdict).toBe('violation');
  });

  test('of a bare run of the runner fails as well', async () => {
    const implementation = { name: 'LK1', evaluate: () => wrong.layers ?? {} };
    const run = await runPlan(lock, makePlan(lock, String(failing)), {
      host: nodeHost(),
      implementation,
    });

    expect(await textOf(() => expect(run).toPass())).toContain('again    npx faultlab replay ');
    expect(await textOf(() => expect(run.result).toPass())).toContain(`seed ${failing}`);
  });

  test('means what the scenario expects; and can be denied', async () => {
    const broken = defineScenario({
      name: 'broken',
      description: 'a positive control',
      expect: 'violation',
      setup() {},
      run: async (t) => t.expect('a check', false, () => 'it does not hold'),
    });
    const run = await runScenario(broken, 1);

    expect(run).toPass();
    expect(await runScenario(lock, failing, wrong)).not.toPass();
    const denied = await textOf(() => expect(run.result).not.toPass());
    expect(denied).toContain('VIOLATION  broken  seed 1');
  });
});

describe('in a property', () => {
  test("the error has fast-check's seed and path, the smallest plan, and its file", async () => {
    const property = fc.asyncProperty(plans(lock), async (plan) => {
      expect(await runScenario(lock, plan, wrong)).toPass();
    });
    const error = await Promise.resolve(fc.assert(property, { seed: 5 })).then(
      () => undefined,
      (reason: unknown) => reason as Error,
    );
    const { message = '', cause } = error ?? {};
    const text = (cause as Error).message;
    const shown = JSON.parse(/^Counterexample: \[(.*)\]$/m.exec(message)?.[1] ?? '{}') as Plan;
    const file = /again +npx faultlab replay (\S+) /.exec(text)?.[1] ?? '';

    expect(message).toMatch(/\{ seed: 5, path: "[\d:]+", endOnFailure: true \}/);
    expect(text).toMatch(/^VIOLATION {2}lock\/chaos {2}seed generated-\d+ {2}mutual exclusion/);
    // The smallest plan, and not an earlier one, is what is left in the file.
    expect(readPlan(file)).toEqual({ ...shown, code: { specimen: 'LK1' } });
    expect(shown.clients.flatMap(({ intents }) => intents).length).toBeLessThan(6);
  });
});

describe('toBeLinearizable', () => {
  type Input = RegisterInput;
  const operation = (
    clientId: string,
    input: Input,
    call: number,
    value?: number,
  ): Operation<Input, { value?: number }> => ({
    clientId,
    input,
    call,
    return: call + 1,
    output: value === undefined ? {} : { value },
  });
  const good = [operation('a', { op: 'write', value: 1 }, 0), operation('b', { op: 'read' }, 2, 1)];
  const bad = [
    ...good,
    operation('b', { op: 'write', value: 2 }, 4),
    operation('a', { op: 'read' }, 6, 1),
  ];

  const line = (
    { clientId, input, call, output }: (typeof good)[number],
    id: number,
  ): HistoryLine => ({
    id,
    client: String(clientId),
    invoked: call,
    completed: call + 1,
    status: 'ok',
    input,
    output,
    invokedUs: 0,
  });

  test('takes operations as well as lines of a history', () => {
    expect(good).toBeLinearizable(registerModel);
    expect(good.map(line)).toBeLinearizable(registerModel);
    expect(bad).not.toBeLinearizable(registerModel);
    expect(bad.map(line)).not.toBeLinearizable(registerModel);
  });

  test('leaves out what is known to have failed, and keeps open what never returned', () => {
    const [write, read] = good.map(line);
    const later = { ...write!, id: 2, invoked: 4, input: { op: 'write', value: 2 } };
    const readsTwo = { ...read!, id: 3, invoked: 6, completed: 7, output: { value: 2 } };
    const pending: HistoryLine = { ...later, status: 'pending' };
    delete pending.completed;

    expect([write!, read!, pending, readsTwo]).toBeLinearizable(registerModel);
    expect([write!, read!, { ...later, status: 'failed' as const }]).toBeLinearizable(
      registerModel,
    );
    expect([write!, { ...later, status: 'failed' as const }, readsTwo]).not.toBeLinearizable(
      registerModel,
    );
  });

  /** The register without exact algorithm, and with one that has found out. */
  const { decide: _exact, ...searched } = registerModel;
  const decided: typeof registerModel = {
    ...registerModel,
    decide: () => ({
      verdict: 'illegal',
      kind: 'stale read',
      reason: 'client a read 1 after 2 had been written',
      culprit: 3,
      operations: [3, 2],
    }),
  };

  test('fails with the operation that fits nowhere, and what comes before it', async () => {
    const text = await textOf(() => expect(bad).toBeLinearizable(searched));

    expect(text).toMatchInlineSnapshot(`
      "not linearizable by the model register
         client a: read() -> 1 (called at 6, returned at 7) fits nowhere; the longest linearization
         without it has 3 of 4 operations and ends in state 2
         before it, in this order:
           client a: write(1) (called at 0, returned at 1)
           client b: read() -> 1 (called at 2, returned at 3)
           client b: write(2) (called at 4, returned at 5)
         it fits nowhere:
           client a: read() -> 1 (called at 6, returned at 7)"
    `);
  });

  test('or with the reason that an exact algorithm knows, and what it is about', async () => {
    const text = await textOf(() => expect(bad).toBeLinearizable(decided));

    expect(text).toMatchInlineSnapshot(`
      "not linearizable by the model register
         client a read 1 after 2 had been written
           client b: write(2) (called at 4, returned at 5)
           client a: read() -> 1 (called at 6, returned at 7)"
    `);
  });

  test('undecided is not linearizable', async () => {
    const text = await textOf(() => expect(good).toBeLinearizable(searched, { maxSteps: 0 }));

    expect(text).toBe('undecided after 0 steps, 2 operations');
  });
});
