import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';
import { summarise } from '../report/sweep-tally.ts';
import type { RunResult } from '../define/result.ts';
import type { JsonObject } from '../define/plan.ts';

const registry = new Registry(packs);

/** What the runs of a test must at least have seen, in total: without it a pass means little. */
interface Expected {
  /** How many seeds; default 3. */
  readonly seeds?: number;
  readonly atLeast: Readonly<Record<string, number>>;
}

const OFFICIAL: Readonly<Record<string, Expected>> = {
  'rsm/basic': { atLeast: { requests: 30, messages: 80 } },
  'rsm/concurrent': { atLeast: { requests: 150, messages: 18 } },
  'rsm/leader-failure': { atLeast: { requests: 9, lost: 30, leaders: 6 } },
  'rsm/leader-partition': { atLeast: { 'requests given up': 300, lost: 50, leaders: 6 } },
  'rsm/restart-replay': { atLeast: { requests: 303, crashes: 9, leaders: 6 } },
  'rsm/shutdown': { atLeast: { 'under way at the shutdown': 300, crashes: 9 } },
  'rsm/restart-submit': {
    atLeast: { requests: 306, 'under way at the shutdown': 300, crashes: 18, leaders: 9 },
  },
  'rsm/snapshot': { atLeast: { requests: 303, crashes: 9, leaders: 6 } },
  'kvraft/basic': { atLeast: { operations: 700, OK: 350 } },
  'kvraft/speed': { seeds: 1, atLeast: { operations: 1002, OK: 1000 } },
  'kvraft/concurrent': { atLeast: { operations: 900, OK: 120, ErrVersion: 300 } },
  'kvraft/unreliable': { atLeast: { operations: 350, lost: 350, ErrMaybe: 35 } },
  'kvraft/one-partition': { atLeast: { operations: 36, 'under faults': 20, lost: 200 } },
  'kvraft/many-partitions-one-client': {
    seeds: 1,
    atLeast: { operations: 1000, 'under faults': 500, leaders: 3 },
  },
  'kvraft/many-partitions-many-clients': {
    seeds: 1,
    atLeast: { operations: 1000, 'under faults': 500, ErrMaybe: 5, leaders: 3 },
  },
  'kvraft/persist-one-client': {
    seeds: 1,
    atLeast: { operations: 700, 'under faults': 250, crashes: 30, leaders: 4 },
  },
  'kvraft/persist-concurrent': {
    seeds: 1,
    atLeast: { operations: 900, 'under faults': 300, crashes: 30, ErrMaybe: 8 },
  },
  'kvraft/persist-concurrent-unreliable': {
    seeds: 1,
    atLeast: { operations: 300, 'under faults': 120, crashes: 30, ErrMaybe: 35, lost: 500 },
  },
  'kvraft/persist-partition': {
    seeds: 1,
    atLeast: { operations: 1500, 'under faults': 800, crashes: 30, ErrMaybe: 10 },
  },
  'kvraft/persist-partition-unreliable': {
    seeds: 1,
    atLeast: { operations: 600, 'under faults': 300, crashes: 30, ErrMaybe: 60 },
  },
  'kvraft/persist-partition-unreliable-linearizable': {
    seeds: 1,
    atLeast: { operations: 1200, 'under faults': 600, crashes: 42, ErrMaybe: 120 },
  },
  'kvraft/snapshot-rpc': { atLeast: { operations: 330, 'snapshots installed': 3 } },
  'kvraft/snapshot-size': { seeds: 1, atLeast: { operations: 800 } },
  'kvraft/snapshot-speed': { seeds: 1, atLeast: { OK: 1000 } },
  'kvraft/snapshot-recover': {
    seeds: 1,
    atLeast: { operations: 700, 'under faults': 250, crashes: 30, 'snapshots installed': 4 },
  },
  'kvraft/snapshot-recover-many-clients': {
    seeds: 1,
    atLeast: { operations: 900, 'under faults': 300, crashes: 30, 'snapshots installed': 4 },
  },
  'kvraft/snapshot-unreliable': {
    atLeast: { operations: 350, lost: 350, 'snapshots installed': 15, ErrMaybe: 35 },
  },
  'kvraft/snapshot-unreliable-recover': {
    seeds: 1,
    atLeast: { operations: 300, 'under faults': 120, crashes: 30, 'snapshots installed': 12 },
  },
  'kvraft/snapshot-unreliable-recover-partition': {
    seeds: 1,
    atLeast: { operations: 600, 'under faults': 300, crashes: 30, 'snapshots installed': 20 },
  },
  'kvraft/snapshot-unreliable-recover-partition-linearizable': {
    seeds: 1,
    atLeast: { operations: 1200, 'under faults': 600, crashes: 42, 'snapshots installed': 60 },
  },
};

const official = registry.scenarios.filter(({ lab, test: own }) => lab === 4 && own !== undefined);

async function results(name: string, seeds: number, params: JsonObject = {}): Promise<RunResult[]> {
  const scenario = registry.scenario(name);
  const done: RunResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    const plan = makePlan(scenario, String(seed), { params });
    done.push((await runPlan(scenario, plan, { host: nodeHost() })).result);
  }
  return done;
}

test('every official test of lab 4 has a bound on its activity here', () => {
  expect(Object.keys(OFFICIAL).toSorted()).toEqual(official.map(({ name }) => name).toSorted());
});

test('each official test of lab 4 answers to its own name', () => {
  for (const { test: own } of official) expect(registry.scenario(own!).test).toBe(own);
});

test.each(Object.entries(OFFICIAL).map(([name, expected]) => ({ name, ...expected })))(
  'our own implementation passes $name, and much has happened',
  { timeout: 60_000 },
  async ({ name, seeds = 3, atLeast }) => {
    const done = await results(name, seeds);
    const { activity } = summarise(name, done, [], false);
    const seen = new Map(activity.map((row) => [row.name, row.total]));

    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    const least = Object.entries(atLeast);
    expect(least.filter(([what, count]) => (seen.get(what) ?? 0) < count)).toEqual([]);
  },
);

// Each answer of a follower once began requests of its own, and that to a snapshot two: millions of
// messages in this run.
test('a leader that compacts faster than its followers keep up does not flood them', async () => {
  const [done] = await results('kvraft/snapshot-recover-many-clients', 1);
  const { messages, operations, activity } = done!;

  expect(activity['snapshots installed']).toBeGreaterThan(0);
  expect(messages / operations).toBeLessThan(12);
});

test.each<JsonObject>([
  { partitions: false, crashes: false, unreliable: false },
  { partitions: true, crashes: false, unreliable: false },
  { partitions: false, crashes: true, unreliable: false },
  { partitions: false, crashes: false, unreliable: true },
  { partitions: true, crashes: true, unreliable: true, maxRaftState: 1000 },
])('appends are all there, once and in order: %o', { timeout: 60_000 }, async (params) => {
  const done = await results('kvraft/appends', 5, params);
  const appends = done.reduce((sum, { activity }) => sum + (activity['appends'] ?? 0), 0);

  expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  expect(appends).toBeGreaterThan(30);
});
