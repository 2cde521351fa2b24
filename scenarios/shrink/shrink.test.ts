import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { packs } from '../catalogue.ts';
import type { Implementation } from '../define/implementation.ts';
import { Registry } from '../define/registry.ts';
import { defineScenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';
import { shrink } from './shrink.ts';
import type { Plan } from '../define/plan.ts';

const host = nodeHost();
const registry = new Registry(packs);

/** Servers that clients ask in turn; a call that is lost is what it calls a failure. */
const pings = defineScenario({
  name: 'synthetic/pings',
  description: 'no call may be lost',
  params: z.object({
    servers: z.int().min(1).default(5).describe('number of servers'),
    other: z.int().min(1).default(5).describe('no number of nodes'),
  }),
  sizes: ['servers'],
  layers: {},
  plan: (stream, { servers }) => ({
    profile: 'lab-unreliable',
    ties: 'random',
    faults: [{ id: 'late', kind: 'delay', atMs: 900, between: ['c1', 's0'], extraMs: [1, 2] }],
    clients: ['c0', 'c1', 'c2'].map((id) => ({
      id,
      settings: {},
      intents: Array.from({ length: 20 }, () => {
        return { op: 'ping', to: `s${stream(id).below(servers)}` };
      }),
    })),
  }),
  setup(t) {
    for (let i = 0; i < t.params.servers; i++) {
      t.addNode(`s${i}`, (env) => env.serve({ ping: () => 'pong' }));
    }
    for (const { id, intents } of t.clients) {
      t.addClient(id, async (env) => {
        for (const { to } of intents) {
          const answer = await env.call(String(to), 'ping', id);
          t.expect('no call is lost', answer === 'pong', () => 'a call is lost');
        }
      });
    }
  },
});

describe('shrink, as a library', () => {
  test('makes of noise, nodes and intents the one message that got lost', async () => {
    const plan = makePlan(pings, '2');
    const shrunk = await shrink(pings, plan, { host });

    expect(shrunk).toMatchObject({
      verdict: 'violation',
      signature: 'no call is lost: a call is lost',
      before: { faults: 1, clients: 3, intents: 60, overrides: 0 },
      after: { faults: 0, clients: 1, intents: 1, overrides: 1 },
      isMinimal: true,
    });
    const [client] = shrunk?.plan.clients ?? [];
    const [override] = shrunk?.plan.overrides ?? [];
    expect(override).toMatchObject({ n: 0, fate: 'drop' });
    expect(override?.link.split('>')).toContain(client?.id);
    // As few servers as leave the one that is asked.
    const asked = Number(String(client?.intents[0]?.['to']).slice(1));
    expect(shrunk?.plan.params).toEqual({ servers: asked + 1, other: 5 });
    const again = await runPlan(pings, shrunk?.plan as Plan, { host });
    expect(again.result).toMatchObject({
      signature: shrunk?.signature,
      events: shrunk?.after.events,
    });
    expect(again.unmatchedOverrides).toBe(0);
  });

  test('has nothing to say of a plan that does not fail', async () => {
    const plan = makePlan(pings, '1', { profile: 'lab-reliable' });

    expect(await shrink(pings, plan, { host })).toBeUndefined();
  });

  test('refuses a plan that does not fit its scenario', async () => {
    const plan = { ...makePlan(pings, '1'), params: { servers: 0 } };

    await expect(shrink(pings, plan, { host })).rejects.toThrow(/servers/);
  });

  test('counts its runs for whoever looks on', async () => {
    const runs: number[] = [];
    const plan = makePlan(pings, '2');
    const shrunk = await shrink(pings, plan, {
      host,
      seen: (progress) => {
        runs.push(progress.runs);
        expect(progress.maxRuns).toBe(1000);
        expect(progress.size.intents).toBeLessThanOrEqual(60);
      },
    });

    expect(runs).toEqual(runs.toSorted((a, b) => a - b));
    expect(runs.at(-1)).toBe(shrunk?.runs);
  });
});

/** The first plan of a chaos scenario on which a specimen fails, and how it is run. */
async function failing(id: string, name: string): Promise<[Plan, Implementation]> {
  const scenario = registry.scenario(name);
  const { layers = {} } = registry.specimen(id);
  const implementation = { name: id, evaluate: () => layers };
  for (let seed = 1; seed <= 100; seed++) {
    const plan = makePlan(scenario, String(seed));
    const { result } = await runPlan(scenario, plan, { host, implementation });
    if (result.signature !== undefined) return [plan, implementation];
  }
  throw new Error(`${id} does not fail in ${name}`);
}

describe('a specimen of lab 2, shrunk', () => {
  test.each([
    ['KV1', 'kv/chaos'],
    ['KV9', 'lock/chaos'],
    ['LK1', 'lock/chaos'],
  ])(
    '%s in %s: few faults and overrides, the same every time',
    async (id, name) => {
      const scenario = registry.scenario(name);
      const [plan, implementation] = await failing(id, name);
      const { result } = await runPlan(scenario, plan, { host, implementation });
      const shrunk = await shrink(scenario, plan, { host, implementation });

      expect(shrunk).toMatchObject({ verdict: result.verdict, signature: result.signature });
      expect(shrunk?.after.faults).toBeLessThanOrEqual(3);
      expect(shrunk?.after.overrides).toBeLessThanOrEqual(20);
      expect(shrunk?.after.intents).toBeLessThanOrEqual(20);
      expect(await shrink(scenario, plan, { host, implementation })).toEqual(shrunk);
      // The plan shows what is wrong with the specimen, not with the plan.
      const ours = await runPlan(scenario, shrunk?.plan as Plan, { host });
      expect(ours.result.verdict).toBe('pass');
      // Hundreds of runs.
    },
    30_000,
  );
});
