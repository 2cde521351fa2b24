import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type FaultAction } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { parseParams } from '../define/params.ts';
import { parseFaults, parsePlan } from '../define/plan-file.ts';
import type { Intent, JsonObject, Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import { defineScenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import {
  bearableKinds,
  clientIntents,
  faultActions,
  paramsOf,
  plans,
  runScenario,
  thinned,
} from './index.ts';

const registry = new Registry(packs);
const names = registry.scenarios.map(({ name }) => name);
const nodes = ['server', 'c0', 'c1'];

/** The values with a property that lead to the smallest one, which is the last. */
function shrinkTo<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => boolean): T[] {
  const failed: T[] = [];
  fc.check(
    fc.property(arbitrary, (value) => {
      if (!holds(value)) return true;
      failed.push(value);
      return false;
    }),
    { seed: 7, numRuns: 1000 },
  );
  return failed;
}

describe('fault actions', () => {
  const actions = faultActions({ nodes, untilMs: 900 });

  test('end in time, have names of their own, and stand in a plan', () => {
    fc.assert(
      fc.property(actions, (list) => {
        expect(parseFaults(JSON.stringify(list), 'faults.json')).toEqual(list);
        expect(new Set(list.map(({ id }) => id)).size).toBe(list.length);
        for (const { atMs, untilMs } of list) {
          expect(atMs).toBeGreaterThanOrEqual(0);
          expect(untilMs).toBeGreaterThan(atMs);
          expect(untilMs).toBeLessThanOrEqual(900);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('can be carried out by a world with these nodes', async () => {
    const world = defineScenario({
      name: 'three nodes',
      description: 'nothing happens but faults',
      setup: (t) => nodes.forEach((id) => t.addNode(id, () => {})),
      run: (t) => t.sleep(1000),
    });
    await fc.assert(
      fc.asyncProperty(plans(world, { faults: actions }), async (plan) => {
        expect((await runScenario(world, plan)).result.verdict).toBe('pass');
      }),
    );
  });

  test('are of all bearable kinds and hit all nodes, unless some are named', () => {
    const kindsOf = (all: fc.Arbitrary<FaultAction[]>): Set<string> =>
      new Set(fc.sample(all, { seed: 1, numRuns: 500 }).flatMap((list) => list.map((a) => a.kind)));
    const only = faultActions({ nodes, untilMs: 9, kinds: ['crash'], only: { crash: ['c1'] } });
    const hit = fc.sample(only, { seed: 1, numRuns: 100 }).flat();

    expect(kindsOf(actions)).toEqual(new Set(bearableKinds));
    expect(kindsOf(only)).toEqual(new Set(['crash']));
    expect(new Set(hit.map((action) => action.kind === 'crash' && action.node))).toEqual(
      new Set(['c1']),
    );
  });

  test('shrink to the one that matters, as early and short as can be, with its own id', () => {
    const tried = shrinkTo(actions, (list) => list.some(({ kind }) => kind === 'crash'));
    const first = new Map(tried[0]!.map((action) => [action.id, action.kind]));

    expect(tried[0]!.length).toBeGreaterThan(1);
    const id = expect.stringMatching(/^crash-\d+$/);
    expect(tried.at(-1)).toEqual([{ id, kind: 'crash', atMs: 0, untilMs: 1, node: 'server' }]);
    for (const { id, kind } of tried.flat()) expect([id, first.get(id)]).toEqual([id, kind]);
  });

  test.each([
    ['no time', { nodes, untilMs: 0 }, /untilMs: expected 1 ms or more, not 0/],
    [
      'no node',
      { nodes: [], untilMs: 9, kinds: ['crash'] as const },
      /nodes: expected 1 or more .* got \[\]/,
    ],
    ['nobody to part from', { nodes: ['a'], untilMs: 9 }, /nodes: expected 2 or more .* got \[a\]/],
  ])('%s is refused', (_what, options, message) => {
    expect(() => faultActions(options)).toThrow(message);
  });
});

const intent: fc.Arbitrary<Intent> = fc.record({
  op: fc.constantFrom('get', 'put'),
  key: fc.constantFrom('k0', 'k1'),
  thinkMs: fc.nat(100),
});

describe('intents of clients', () => {
  test('shrink to the one that matters, of a client that keeps its id', () => {
    const tried = shrinkTo(clientIntents(intent), ([, , c2]) =>
      (c2?.intents ?? []).some(({ op }) => op === 'put'),
    );
    const idle = (id: string): object => ({ id, settings: {}, intents: [] });

    expect(tried[0]!.flatMap(({ intents }) => intents).length).toBeGreaterThan(3);
    expect(tried.at(-1)).toEqual([
      idle('c0'),
      idle('c1'),
      { id: 'c2', settings: {}, intents: [{ op: 'put', key: 'k0', thinkMs: 0 }] },
    ]);
  });

  test('are as many as one says', () => {
    const some = fc.sample(clientIntents(intent, { clients: 5, intents: 40 }), 200);
    const counts = some.flat().map(({ intents }) => intents.length);

    expect(some.every((clients) => clients.length === 5)).toBe(true);
    expect(Math.max(...counts)).toBeGreaterThan(30);
    expect(Math.max(...counts)).toBeLessThanOrEqual(40);
  });
});

describe('plans', () => {
  const kv = registry.scenario('kv/chaos');

  test('of any scenario, with nothing said, are complete, and the scenario would draw them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...names).chain((name) => plans(registry.scenario(name))),
        (plan) => {
          expect(parsePlan(JSON.stringify(plan), 'plan.json')).toEqual(plan);
          expect(makePlan(registry.scenario(plan.scenario), plan.seed)).toEqual(plan);
        },
      ),
    );
  });

  test('shrink what the scenario drew to what matters; its noise goes, its name stays', () => {
    const isLate = (plan: Plan): boolean =>
      plan.faults.some(({ kind }) => kind === 'delay') &&
      plan.clients.some(({ id, intents }) => id === 'c3' && intents.some(({ op }) => op === 'put'));
    const tried = shrinkTo(plans(kv), isLate);
    const [first, last] = [tried[0]!, tried.at(-1)!];

    expect(last).toMatchObject({
      ties: 'fifo',
      profile: /lab/.test(first.profile) ? 'lab-steady' : 'steady',
    });
    expect(last.faults).toEqual([first.faults.find(({ id }) => id === last.faults[0]?.id)]);
    expect(last.clients.flatMap(({ intents }) => intents)).toHaveLength(1);
    expect(new Set(tried.map(({ seed }) => seed)).size).toBe(1);
    expect([first.streamSeed, last.streamSeed]).toEqual([first.seed, '1']);
  });

  test('keep a client that a fault names, and drop the idle ones', () => {
    const faults = faultActions({ nodes: ['c1'], kinds: ['crash'], untilMs: 100 });
    const clients = clientIntents(intent);
    const all = plans(kv, { faults: faults.filter((list) => list.length > 0), clients });

    expect(shrinkTo(all, () => true).at(-1)?.clients).toEqual([
      { id: 'c1', settings: {}, intents: [] },
    ]);
    expect(shrinkTo(plans(kv, { clients }), () => true).at(-1)?.clients).toEqual([]);
  });

  test('take params, profile, ties and stream seed from their arbitraries', () => {
    const chosen = { params: { clients: 2 }, profile: 'lan', ties: 'random', streamSeed: 's' };
    const all = plans(kv, {
      params: fc.constant(chosen.params),
      profile: fc.constant(chosen.profile),
      ties: fc.constant('random'),
      streamSeed: fc.constant('s'),
    });
    for (const plan of fc.sample(all, 20)) {
      expect(plan).toMatchObject(chosen);
      expect(plan.clients).toHaveLength(2);
    }
  });
});

describe('params', () => {
  test.each(names)('of %s fit its schema', (name) => {
    const scenario = registry.scenario(name);
    fc.assert(
      fc.property(paramsOf(scenario), (params) => {
        expect(parseParams(scenario, params)).toEqual(params);
      }),
    );
  });

  const scenario = defineScenario({
    name: 'params',
    description: 'of many types',
    params: z.object({
      count: z.int().min(2).max(50).default(8),
      isFast: z.boolean().default(true),
      mode: z.enum(['a', 'b', 'c']).default('b'),
      balance: z.int().default(-3),
      label: z.string().default('x'),
    }),
    setup() {},
  });
  const defaults = { count: 8, isFast: true, mode: 'b', balance: -3, label: 'x' };
  const sample = fc.sample(paramsOf(scenario), { seed: 1, numRuns: 2000 });
  const valuesOf = (name: string): unknown[] => [...new Set(sample.map((p) => p[name]))];

  test('go from the least to twice the default; flags and words take every value', () => {
    const numbers = (name: string): number[] => valuesOf(name).map(Number);
    expect([Math.min(...numbers('count')), Math.max(...numbers('count'))]).toEqual([2, 16]);
    expect([Math.min(...numbers('balance')), Math.max(...numbers('balance'))]).toEqual([-6, 1]);
    expect(valuesOf('isFast')).toHaveLength(2);
    expect(new Set(valuesOf('mode'))).toEqual(new Set(['a', 'b', 'c']));
    expect(valuesOf('label')).toEqual(['x']);
  });

  test('shrink to the defaults, but for the one that matters', () => {
    const smallest = (holds: (params: JsonObject) => boolean): JsonObject | undefined =>
      shrinkTo(paramsOf(scenario), holds).at(-1);

    expect(smallest(() => true)).toEqual(defaults);
    expect(smallest(({ count }) => Number(count) < 5)).toEqual({ ...defaults, count: 4 });
    expect(smallest(({ isFast }) => isFast === false)).toEqual({ ...defaults, isFast: false });
  });

  test('that are not there are refused; of those that are named only these are drawn', () => {
    expect(() => paramsOf(scenario, ['cuont'])).toThrow(/no param "cuont"; there are count, /);
    expect(Object.keys(fc.sample(paramsOf(scenario, ['mode']), 1)[0]!)).toEqual(['mode']);
  });
});

test('a thinned list shrinks to exactly the items that matter, in their order', () => {
  const items = Array.from({ length: 40 }, (_, i) => i);
  fc.assert(
    fc.property(fc.subarray(items), (needed) => {
      const holds = (list: readonly number[]): boolean => needed.every((n) => list.includes(n));
      const tried = shrinkTo(thinned(items), holds);

      expect(tried[0]).toEqual(items);
      expect(tried.at(-1)).toEqual(needed);
    }),
  );
});
