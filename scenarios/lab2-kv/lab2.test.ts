import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import type { SweepSummary } from '../report/sweep-summary.ts';
import { summarise } from '../report/sweep-tally.ts';
import { Target } from '../runner/node-target.ts';
import { packageFile } from '../runner/node-user-code.ts';

const registry = new Registry(packs);
const SEEDS = Array.from({ length: 20 }, (_, i) => String(i + 1));

async function results(
  scenario: string,
  impl: string | undefined,
  seeds: readonly string[],
): Promise<RunResult[]> {
  const target = await Target.open(registry, { scenario, impl, overrides: {} }, userModules);
  const done: RunResult[] = [];
  for (const seed of target.info.once ? seeds.slice(0, 1) : seeds) {
    done.push((await target.run({ from: { seed }, isTraced: false })).result);
  }
  return done;
}

/** What the sweep must at least have seen, in total: without it a pass means little. */
const ACTIVITY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'kv/reliable-put': { operations: 50, OK: 10, ErrVersion: 10, ErrNoKey: 10 },
  'kv/put-concurrent-reliable': { operations: 5000, OK: 500, ErrVersion: 500 },
  'kv/memory-many-clerks': { messages: 20_000 },
  'kv/memory-many-clerks-2025': { messages: 100_000 },
  'kv/unreliable-net': { operations: 2000, lost: 200, ErrMaybe: 40, OK: 500 },
  'lock/basic': { operations: 20, acquired: 10 },
  'lock/nested': { operations: 40, acquired: 20 },
  'lock/one-client-reliable': { acquired: 500 },
  'lock/many-clients-reliable': { acquired: 500 },
  'lock/one-client-unreliable': { acquired: 30, lost: 50 },
  'lock/many-clients-unreliable': { acquired: 80, lost: 500 },
  'kv/chaos': { operations: 1500, ErrMaybe: 20, crashes: 5, lost: 200, late: 5, OK: 200 },
  'kv/crash-points': { operations: 1500, ErrMaybe: 20, crashes: 50, OK: 200 },
  'lock/chaos': { operations: 500, acquired: 250, crashes: 5, lost: 200, late: 5 },
};

const names = registry.scenarios.filter(({ lab }) => lab === 2).map(({ name }) => name);

function total({ activity }: SweepSummary, name: string): number {
  return activity.find((row) => row.name === name)?.total ?? 0;
}

test('every scenario of lab 2 has a bound on its activity here', () => {
  expect(Object.keys(ACTIVITY).toSorted()).toEqual(names.toSorted());
});

// The memory of 100,000 clerks is looked at once; the deep tests do it for everybody.
const quick = names.filter((name) => name !== 'kv/memory-many-clerks-2025');

describe.each([
  { whose: 'our own code', impl: undefined, scenarios: names },
  {
    whose: 'the independent implementation',
    impl: packageFile('examples/kv-async.ts'),
    scenarios: quick,
  },
])('$whose', ({ impl, scenarios }) => {
  test.each(scenarios)('passes %s, and much has happened', { timeout: 60_000 }, async (name) => {
    const done = await results(name, impl, SEEDS);
    const summary = summarise(name, done, registry.scenario(name).probes, false);

    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(summary).toMatchObject({ verdict: 'pass', exitCode: 0 });
    const least = Object.entries(ACTIVITY[name] ?? {});
    const missed = least.filter(([what, count]) => total(summary, what) < count);
    expect(missed).toEqual([]);
  });
});

test('each official test of lab 2 answers to its own name', () => {
  const official = registry.scenarios.flatMap(({ lab, test: own }) =>
    lab === 2 && own !== undefined ? [own] : [],
  );

  expect(official.toSorted()).toEqual([
    'TestManyClientsReliable',
    'TestManyClientsUnreliable',
    'TestMemPutManyClientsReliable',
    'TestMemPutManyClientsReliable2025',
    'TestOneClientReliable',
    'TestOneClientUnreliable',
    'TestPutConcurrentReliable',
    'TestReliableBasic',
    'TestReliableNested',
    'TestReliablePut',
    'TestUnreliableNet',
  ]);
  for (const name of official) expect(registry.scenario(name).test).toBe(name);
});
