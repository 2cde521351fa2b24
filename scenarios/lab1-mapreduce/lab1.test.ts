import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { JsonObject } from '../define/plan.ts';
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
  params: JsonObject = {},
): Promise<RunResult[]> {
  const target = await Target.open(
    registry,
    { scenario, impl, overrides: { params } },
    userModules,
  );
  const done: RunResult[] = [];
  for (const seed of SEEDS) {
    done.push((await target.run({ from: { seed }, isTraced: false })).result);
  }
  return done;
}

/** What the sweep must at least have seen, in total: without it a pass means little. */
const ACTIVITY: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'mapreduce/wc': { 'map attempts': 160, outputs: 200 },
  'mapreduce/indexer': { 'map attempts': 160, outputs: 200 },
  'mapreduce/map-parallelism': { 'map attempts': 160, outputs: 200 },
  'mapreduce/reduce-parallelism': { 'map attempts': 160, outputs: 200 },
  'mapreduce/job-count': { 'map attempts': 160, outputs: 200 },
  'mapreduce/early-exit': { 'map attempts': 160, outputs: 200 },
  'mapreduce/crash': { crashes: 60, 'maps done again': 40, outputs: 200 },
  'mapreduce/long-job': { 'map attempts': 600, outputs: 200 },
  'mapreduce/chaos-shared': { crashes: 60, 'maps done again': 40, 'outputs refused': 3, lost: 200 },
  'mapreduce/chaos-local': { crashes: 60, 'maps done again': 80, 'outputs refused': 8, lost: 400 },
  'mapreduce/power-cuts': { crashes: 25, 'maps done again': 15, outputs: 95 },
  // One who dies between a commit and its answer is not counted.
  'mapreduce/word-count': { crashes: 30, 'map attempts': 500, outputs: 190 },
  'mapreduce/inverted-index': { crashes: 30, 'map attempts': 500, outputs: 190 },
  'mapreduce/grep': { crashes: 30, 'map attempts': 500, outputs: 190, lines: 1000 },
  'mapreduce/sort': { crashes: 30, 'map attempts': 500, outputs: 190, lines: 15_000 },
  'mapreduce/cluster-sort': { crashes: 80, 'map attempts': 6200, outputs: 2000 },
};

/** The same of what only our coordinator tells. */
const OURS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'mapreduce/crash': { 'done again': 60 },
  'mapreduce/chaos-shared': { 'done again': 40, backups: 40, 'late completions': 15 },
  'mapreduce/chaos-local': {
    'done again': 120,
    backups: 40,
    'late completions': 40,
    'map outputs lost': 20,
  },
  'mapreduce/cluster-sort': { backups: 100, 'map outputs lost': 200 },
};

const names = registry.scenarios.filter(({ lab }) => lab === 1).map(({ name }) => name);

function missed(
  { activity }: SweepSummary,
  least: Readonly<Record<string, number>> = {},
): [string, number][] {
  return Object.entries(least).flatMap(([what, count]): [string, number][] => {
    const total = activity.find((row) => row.name === what)?.total ?? 0;
    return total < count ? [[what, total]] : [];
  });
}

test('every scenario of lab 1 has a bound on its activity here', () => {
  expect(Object.keys(ACTIVITY)).toEqual(names);
});

describe.each([
  { whose: 'our own code', impl: undefined },
  { whose: 'the independent implementation', impl: packageFile('examples/mapreduce-async.ts') },
])('$whose', ({ impl }) => {
  const able = names.filter((name) => {
    return impl === undefined || registry.scenario(name).onlyOurs === undefined;
  });

  test.each(able)('passes %s, and much has happened', { timeout: 60_000 }, async (name) => {
    const done = await results(name, impl);
    const summary = summarise(name, done, registry.scenario(name).probes, false);

    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(summary).toMatchObject({ verdict: 'pass', exitCode: 0 });
    expect(missed(summary, ACTIVITY[name])).toEqual([]);
    if (impl === undefined) expect(missed(summary, OURS[name])).toEqual([]);
  });

  test.each(names.slice(0, 8))('passes %s as in 2025', { timeout: 60_000 }, async (name) => {
    const done = await results(name, impl, { edition: 2025 });

    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });
});

test('power cuts can be drawn for the shortest of phases', async () => {
  const done = await results('mapreduce/power-cuts', undefined, { chaosMs: 1 });

  expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
});

test('two workers may die in one instant', async () => {
  const target = await Target.open(
    registry,
    { scenario: 'mapreduce/crash', overrides: {} },
    userModules,
  );

  expect((await target.run({ from: { seed: '1582' }, isTraced: false })).result.verdict).toBe(
    'pass',
  );
});

test('nobody waits for a worker that limps long after its task was done by others', async () => {
  const target = await Target.open(
    registry,
    { scenario: 'mapreduce/chaos-shared', overrides: {} },
    userModules,
  );

  // Two limps meet on one worker: a map of its takes 323 times as long.
  expect((await target.run({ from: { seed: '1237' }, isTraced: false })).result.verdict).toBe(
    'pass',
  );
});

test('the inverted index comes through chaos, too', { timeout: 60_000 }, async () => {
  const done = await results('mapreduce/chaos-local', undefined, { app: 'inverted-index' });

  expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
});

test('each official test of lab 1 answers to its own name', () => {
  const official = registry.scenarios.flatMap(({ lab, test: own, name }) =>
    lab === 1 && own !== undefined ? [[own, name]] : [],
  );

  expect(official).toEqual([
    ['TestWc', 'mapreduce/wc'],
    ['TestIndexer', 'mapreduce/indexer'],
    ['TestMapParallel', 'mapreduce/map-parallelism'],
    ['TestReduceParallel', 'mapreduce/reduce-parallelism'],
    ['TestJobCount', 'mapreduce/job-count'],
    ['TestEarlyExit', 'mapreduce/early-exit'],
    ['TestCrashWorker', 'mapreduce/crash'],
  ]);
  for (const [own, name] of official) expect(registry.scenario(own!).name).toBe(name);
});
