import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import type { RunResult } from '../define/result.ts';
import { Registry } from '../define/registry.ts';
import { summarise } from '../report/sweep-tally.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';
import { seldom } from './seldom.ts';

const registry = new Registry(packs);

/** What a run of a test must at least have seen: without it a pass means little. */
const OFFICIAL: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'shardkv/init-query': { messages: 6 },
  'shardkv/static-one-group': { 'keys checked': 120, crashes: 1, leaders: 2 },
  'shardkv/join-basic': { 'keys checked': 300, 'gets that hung': 40, 'shards moved': 6 },
  'shardkv/delete-basic': { 'keys checked': 420, crashes: 6, 'snapshots taken': 6 },
  'shardkv/join-leave-basic': {
    'keys checked': 300,
    'shards moved': 18,
    changes: 3,
    crashes: 6,
    'snapshots taken': 40,
  },
  'shardkv/many-join-leave': { changes: 16, 'shards moved': 24, 'gets that hung': 2 },
  'shardkv/many-join-leave-unreliable': { changes: 16, 'shards moved': 24, lost: 800 },
  'shardkv/shutdown': { 'keys checked': 180, crashes: 9, 'snapshots taken': 20 },
  'shardkv/progress-shutdown': { 'keys checked': 140, crashes: 6 },
  'shardkv/progress-join': { changes: 8, 'keys checked': 400, 'shards moved': 30 },
  'shardkv/one-clerk': { operations: 2000, changes: 16, 'shards used': 12 },
  'shardkv/many-clerks': { operations: 4000, changes: 16, 'shards used': 12 },
  'shardkv/one-clerk-unreliable': { operations: 300, changes: 16, 'shards used': 12 },
  'shardkv/many-clerks-unreliable': { operations: 1200, changes: 16, 'shards used': 12 },
  'shardkv/join-leave': { changes: 2, 'shards moved': 12 },
  'shardkv/recover-ctrler': { recoveries: 5, 'shards moved': 60, crashes: 15 },
  'shardkv/concurrent-ctrlers': { changes: 12, 'refused changes': 12 },
  'shardkv/concurrent-ctrlers-unreliable': { changes: 2, 'refused changes': 4 },
  'shardkv/partition-ctrler-join': { 'shards moved': 12 },
  'shardkv/partition-recovery': { recoveries: 5, 'shards moved': 60 },
  'shardkv/partition-recovery-unreliable': { recoveries: 3, 'shards moved': 12 },
  'shardkv/partition-recovery-clerks': { recoveries: 5, operations: 1500, 'shards used': 12 },
  'shardkv/partition-recovery-clerks-unreliable': {
    recoveries: 3,
    operations: 400,
    'shards used': 12,
  },
};

/** The same for what they seldom show. */
const SELDOM: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'shardkv/late-ctrler': { 'held up': 1, 'shards moved': 12, 'keys checked': 180 },
  'shardkv/dead-destination': { 'shards that went past it': 2, changes: 2, crashes: 3 },
  'shardkv/lost-reply': { ErrMaybe: 1, 'shards moved': 6 },
  'shardkv/long-shard': { 'long keys checked': 20, 'shards moved': 6, crashes: 6 },
  'shardkv/late-requests': { 'keys put again': 20, 'shards moved': 12 },
  'shardkv/slow-ctrler': { changes: 13, 'shards moved': 12, 'keys checked': 120 },
};

const official = registry.scenarios.filter(({ lab, test: own }) => lab === 5 && own !== undefined);

async function resultOf(name: string, seed: string): Promise<RunResult> {
  const scenario = registry.scenario(name);
  return (await runPlan(scenario, makePlan(scenario, seed, {}), { host: nodeHost() })).result;
}

test('every official test of lab 5 has a bound on its activity here', () => {
  expect(Object.keys(OFFICIAL)).toEqual(official.map(({ name }) => name));
});

test('each official test of lab 5 answers to its own name', () => {
  for (const { test: own } of official) expect(registry.scenario(own!).test).toBe(own);
});

test('so has every scenario for what they seldom show', () => {
  expect(Object.keys(SELDOM)).toEqual(seldom.map(({ name }) => name));
});

test.each(Object.entries({ ...OFFICIAL, ...SELDOM }))(
  'our own implementation passes %s, and much has happened',
  { timeout: 60_000 },
  async (name, atLeast) => {
    const result = await resultOf(name, '1');
    const { activity } = summarise(name, [result], [], false);
    const seen = new Map(activity.map((row) => [row.name, row.total]));

    expect([result.verdict, result.reason]).toEqual(['pass', undefined]);
    const least = Object.entries(atLeast);
    expect(least.filter(([what, count]) => (seen.get(what) ?? 0) < count)).toEqual([]);
  },
);
