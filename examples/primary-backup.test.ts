import fc from 'fast-check';
import { registerModel } from 'faultlab/porcupine-ts';
import { defineScenario, linearizable, type Plan } from 'faultlab/scenarios';
import type { Env } from 'faultlab/sim';
import { clientIntents, faultActions, plans, runScenario } from 'faultlab/testing';
import 'faultlab/testing/matchers';
import { expect, test } from 'vitest';

const ask = async (env: Env, to: string, method: string, args?: unknown): Promise<unknown> =>
  (await env.call(to, method, args)) ?? ask(env, to, method, args);

function backup(env: Env): void {
  let log = JSON.parse(String(env.disk.read('log') ?? '[]')) as string[];
  const store = (value: string): string[] => {
    if (!log.includes(value)) log = [...log, value]; // Else it was stored, and the answer lost.
    env.disk.write('log', JSON.stringify(log));
    return log;
  };
  env.serve({ store, load: () => log, read: () => ({ value: log.at(-1) ?? null }) });
}

async function primary(env: Env): Promise<void> {
  let log = (await ask(env, 'backup', 'load')) as string[]; // With all that it has acknowledged.
  const write = async (value: string): Promise<object> => {
    const stored = (await ask(env, 'backup', 'store', value)) as string[];
    if (stored.length > log.length) log = stored; // Else a later answer has overtaken this one.
    return { value };
  };
  env.serve({ write, read: () => ({ value: log.at(-1) ?? null }) });
}

const register = defineScenario({
  name: 'register/primary-backup',
  description: 'a write is acknowledged when primary and backup have it',
  checks: [linearizable(registerModel)],
  setup(t) {
    t.addNode('backup', backup);
    t.addNode('primary', primary);
    for (const { id, intents } of t.clients) {
      t.addClient(id, async (env) => {
        for (const [i, { op, at }] of intents.entries()) {
          const input = { op, value: `${id}.${i}` };
          const node = op === 'read' ? String(at) : 'primary';
          await t.record(env, input, () => ask(env, node, op, input.value));
        }
      });
    }
  },
});

const faults = faultActions({ nodes: ['primary', 'backup'], untilMs: 50, kinds: ['crash', 'cut'] });
const holds = (...from: string[]): Promise<void> => {
  const intent = fc.record({ op: fc.constantFrom('read', 'write'), at: fc.constantFrom(...from) });
  const every = plans(register, { faults, clients: clientIntents(intent, { intents: 30 }) });
  const passes = (plan: Plan): Promise<void> => expect(runScenario(register, plan)).toPass();
  return fc.assert(fc.asyncProperty(every, passes), { seed: 1, numRuns: 1000 });
};
test('it is one register, whatever goes wrong', () => holds('primary'));
test.fails('not if the backup answers, too', () => holds('primary', 'backup'));
