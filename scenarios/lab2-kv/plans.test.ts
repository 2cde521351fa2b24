import { describe, expect, test } from 'vitest';
import type { FaultAction } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { parsePlan } from '../define/plan-file.ts';
import type { Plan } from '../define/plan.ts';
import { Registry } from '../define/registry.ts';
import type { Scenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run } from '../runner/run-plan.ts';

const registry = new Registry(packs);
/** They measure the heap, and take long. */
const MEASURED = ['kv/memory-many-clerks', 'kv/memory-many-clerks-2025', 'raft/hour'];
const names = registry.scenarios.map(({ name }) => name).filter((name) => !MEASURED.includes(name));

const run = (scenario: Scenario, plan: Plan): Promise<Run> =>
  runPlan(scenario, plan, { host: nodeHost() });
const digestOf = async (name: string, seed: string): Promise<string> => {
  const scenario = registry.scenario(name);
  return (await run(scenario, makePlan(scenario, seed))).result.digest;
};

describe('a plan is complete', () => {
  test.each(names)('%s runs from its text alone, without its generator', async (name) => {
    const scenario = registry.scenario(name);
    const plan = makePlan(scenario, '5');
    const bare: Scenario = {
      ...scenario,
      plan() {
        throw new Error('the generator was asked');
      },
    };
    // Not even the seed it came from decides anything: a plan only carries it as a name.
    const stored = { ...parsePlan(JSON.stringify(plan), 'plan.json'), seed: 'forgotten' };

    const original = await run(scenario, plan);
    const again = await run(bare, stored);
    expect(again.result.digest).toBe(original.result.digest);
    expect(again.history).toEqual(original.history);
    expect(again.unmatchedOverrides).toBe(0);
  });

  test('the stream seed is what decides', async () => {
    const scenario = registry.scenario('kv/chaos');
    const plan = makePlan(scenario, '5');
    const other = await run(scenario, { ...plan, streamSeed: '6' });

    expect(other.result.digest).not.toBe((await run(scenario, plan)).result.digest);
  });
});

describe('what overrides of a plan do', () => {
  const scenario = registry.scenario('kv/reliable-put');
  const withOverrides = (overrides: Plan['overrides']): Promise<Run> =>
    run(scenario, { ...makePlan(scenario, '1'), overrides });

  test('a dropped request is lost, and the run goes another way', async () => {
    const { result, unmatchedOverrides } = await withOverrides([
      { link: 'c0>server', type: 'get', n: 0, fate: 'drop' },
    ]);

    expect(result.activity['lost']).toBe(1);
    expect(unmatchedOverrides).toBe(0);
  });

  test('those that find no message are counted', async () => {
    const { unmatchedOverrides } = await withOverrides([
      { link: 'c0>server', type: 'get', n: 0, fate: { delayUs: 50 } },
      { link: 'c0>server', type: 'get', n: 99, fate: 'drop' },
      { link: 'c7>server', type: 'get', n: 0, fate: 'drop' },
    ]);

    expect(unmatchedOverrides).toBe(2);
  });
});

describe('a plan that does not fit is refused before it runs', () => {
  const scenario = registry.scenario('kv/chaos');
  const plan = makePlan(scenario, '1', { faults: [] });
  const crash: FaultAction = { id: 'f', kind: 'crash', node: 'server', atMs: 5, untilMs: 9 };
  const cases: readonly [string, Partial<Plan>, RegExp][] = [
    ['an unknown node', { faults: [{ ...crash, node: 's1' }] }, /faults\[0\].*no node "s1"; there/],
    ['an end before the start', { faults: [{ ...crash, untilMs: 5 }] }, /faults\[0\].*untilMs/],
    ['an action twice', { faults: [crash, crash] }, /faults\[1\]\.id \(f\)/],
    ['the tester as a target', { faults: [{ ...crash, node: 'tester' }] }, /faults\[0\].*tester/],
    ['an unknown profile', { profile: 'moon' }, /no network profile "moon"; there are /],
    ['an unknown hardware profile', { hardware: 'fast' }, /no hardware profile "fast"; there are /],
    ['an unknown disk profile', { disk: 'tape' }, /no disk profile "tape"; there are /],
    ['wrong params', { params: { clients: 'x' } }, /clients/],
    ['params that are missing', { params: { nope: 1 } }, /nope/],
    ['two clients of one name', { clients: [plan.clients[0]!, plan.clients[0]!] }, /"c0"/],
    [
      'an intent that the scenario does not know',
      { clients: [{ ...plan.clients[0]!, intents: [{ op: 'gett', key: 'k', thinkMs: 1 }] }] },
      /clients\[0\]\.intents\[0\]\.op: /,
    ],
    [
      'a setting of the wrong type',
      { clients: [{ ...plan.clients[0]!, settings: { patienceMs: 'long' } }] },
      /clients\[0\]\.settings\.patienceMs: /,
    ],
    ['a client called server', { clients: [{ ...plan.clients[0]!, id: 'server' }] }, /"server"/],
    [
      'a delay from more to less',
      {
        faults: [
          {
            id: 'd',
            kind: 'delay',
            atMs: 1,
            untilMs: 9,
            between: ['c0', 'server'],
            extraMs: [9, 2],
          },
        ],
      },
      /faults\[0\].*extraMs/,
    ],
  ];

  test.each(cases)('%s', async (_what, change, message) => {
    await expect(run(scenario, { ...plan, ...change })).rejects.toThrow(message);
  });
});

describe('after the chaos the world heals, so that faults without an end do end', () => {
  const endless: FaultAction[] = [
    { id: 'c', kind: 'crash', node: 'server', atMs: 700 },
    { id: 'p', kind: 'partition', atMs: 900, groups: [['server'], ['c0', 'c1']] },
    { id: 'd', kind: 'delay', atMs: 100, between: ['c2', 'server'], extraMs: [100, 300] },
  ];

  test.each(['kv/chaos', 'lock/chaos'])('%s passes with them', async (name) => {
    const scenario = registry.scenario(name);
    const { result } = await run(scenario, makePlan(scenario, '1', { faults: endless }));

    expect(result).toMatchObject({ verdict: 'pass', activity: { crashes: 1 } });
    expect(result.simMs).toBeGreaterThan(1500);
  });
});

/** If one of these changes, seeds mean something else than they did: say so in the changelog. */
describe('no regression: the same seeds are the same runs', () => {
  test('official tests', async () => {
    expect({
      'kv/reliable-put 1': await digestOf('kv/reliable-put', '1'),
      'kv/unreliable-net 1': await digestOf('kv/unreliable-net', '1'),
      'kv/unreliable-net x/2': await digestOf('kv/unreliable-net', 'x/2'),
      'lock/many-clients-unreliable 1': await digestOf('lock/many-clients-unreliable', '1'),
    }).toMatchInlineSnapshot(`
      {
        "kv/reliable-put 1": "0c19948e3e9c1caa",
        "kv/unreliable-net 1": "16235035a7e4e006",
        "kv/unreliable-net x/2": "178750d4a5becb80",
        "lock/many-clients-unreliable 1": "682a90519159e78d",
      }
    `);
  });

  test('chaos', async () => {
    expect({
      'kv/chaos 1': await digestOf('kv/chaos', '1'),
      'kv/chaos 2': await digestOf('kv/chaos', '2'),
      'lock/chaos 1': await digestOf('lock/chaos', '1'),
      'lock/chaos 2': await digestOf('lock/chaos', '2'),
    }).toMatchInlineSnapshot(`
      {
        "kv/chaos 1": "25e5b8be981f6590",
        "kv/chaos 2": "e37dd12c199ddfe8",
        "lock/chaos 1": "e097b6f4521ae8e4",
        "lock/chaos 2": "6a17a0fb9e94889d",
      }
    `);
  });
});

test('seeds differ: a hundred of them are a hundred runs', async () => {
  const scenario = registry.scenario('kv/reliable-put');
  const digests = new Set<string>();
  for (let seed = 1; seed <= 100; seed++) {
    digests.add((await run(scenario, makePlan(scenario, String(seed)))).result.digest);
  }

  expect(digests.size).toBe(100);
});
