import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { summarise } from '../report/sweep-tally.ts';
import { Target } from '../runner/node-target.ts';
import { packageFile } from '../runner/node-user-code.ts';

const registry = new Registry(packs);

/** What the runs of a test must at least have seen, in total: without it a pass means little. */
interface Expected {
  /** How many seeds; default 3. */
  readonly seeds?: number;
  readonly atLeast: Readonly<Record<string, number>>;
}

const OFFICIAL: Readonly<Record<string, Expected>> = {
  'raft/initial-election': { atLeast: { messages: 120 } },
  'raft/re-election': { atLeast: { messages: 200, lost: 120 } },
  'raft/many-elections': { atLeast: { messages: 800, lost: 500 } },
  'raft/basic-agree': { atLeast: { agreements: 9, messages: 36 } },
  'raft/rpc-bytes': { atLeast: { agreements: 33, messages: 100 } },
  'raft/follower-failure': { atLeast: { agreements: 9, lost: 100 } },
  'raft/leader-failure': { atLeast: { agreements: 9, lost: 200 } },
  'raft/fail-agree': { atLeast: { agreements: 21, lost: 30 } },
  'raft/fail-no-agree': { atLeast: { agreements: 6, lost: 150 } },
  'raft/concurrent-starts': { atLeast: { messages: 20 } },
  'raft/rejoin': { atLeast: { agreements: 12, lost: 100 } },
  'raft/backup': { atLeast: { agreements: 306, messages: 2500, lost: 1500 } },
  'raft/count': { atLeast: { messages: 80 } },
  'raft/persist-1': { atLeast: { agreements: 18, crashes: 18 } },
  'raft/persist-2': { atLeast: { agreements: 48, crashes: 75, lost: 150 } },
  'raft/persist-3': { atLeast: { agreements: 12, crashes: 6, lost: 10 } },
  'raft/figure-8': { atLeast: { agreements: 6, crashes: 60, lost: 500 } },
  'raft/unreliable-agree': { atLeast: { agreements: 738, lost: 150 } },
  'raft/figure-8-unreliable': { seeds: 1, atLeast: { agreements: 2, messages: 1500, lost: 1500 } },
  'raft/reliable-churn': { seeds: 1, atLeast: { crashes: 4, lost: 80, 'seen committed': 500 } },
  'raft/unreliable-churn': { seeds: 1, atLeast: { crashes: 4, lost: 200, 'seen committed': 200 } },
  'raft/snapshot-basic': { atLeast: { agreements: 90, messages: 300 } },
  'raft/snapshot-install': {
    atLeast: { agreements: 270, lost: 500, 'snapshots installed': 40 },
  },
  'raft/snapshot-install-unreliable': {
    atLeast: { agreements: 270, lost: 1000, 'snapshots installed': 40 },
  },
  'raft/snapshot-install-crash': {
    atLeast: { agreements: 270, crashes: 90, 'snapshots installed': 40 },
  },
  'raft/snapshot-install-unreliable-crash': {
    atLeast: { agreements: 270, crashes: 90, lost: 500, 'snapshots installed': 40 },
  },
  'raft/snapshot-all-crash': { atLeast: { agreements: 100, crashes: 45, lost: 80 } },
  'raft/snapshot-init': { atLeast: { agreements: 40, crashes: 18, lost: 15 } },
};

const official = registry.scenarios.filter(({ lab, test: own }) => lab === 3 && own !== undefined);

async function results(
  scenario: string,
  impl: string | undefined,
  seeds: number,
): Promise<RunResult[]> {
  const target = await Target.open(registry, { scenario, impl, overrides: {} }, userModules);
  const done: RunResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    done.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
  }
  return done;
}

test('every official test of lab 3 has a bound on its activity here', () => {
  expect(Object.keys(OFFICIAL).toSorted()).toEqual(official.map(({ name }) => name).toSorted());
});

describe.each([
  { whose: 'our own Raft', impl: undefined },
  { whose: 'the independent implementation', impl: packageFile('examples/raft-async.ts') },
])('$whose', ({ impl }) => {
  const rows = Object.entries(OFFICIAL).map(([name, expected]) => ({ name, ...expected }));

  test.each(rows)(
    'passes $name, and much has happened',
    { timeout: 60_000 },
    async ({ name, seeds = 3, atLeast }) => {
      const done = await results(name, impl, seeds);
      const { activity } = summarise(name, done, registry.scenario(name).probes, false);
      const seen = new Map(activity.map((row) => [row.name, row.total]));

      expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      const least = Object.entries(atLeast);
      expect(least.filter(([what, count]) => (seen.get(what) ?? 0) < count)).toEqual([]);
    },
  );
});

test('each official test of lab 3 answers to its own name', () => {
  const names = official.map(({ test: own }) => own!);

  expect(names.toSorted()).toEqual([
    'TestBackup3B',
    'TestBasicAgree3B',
    'TestConcurrentStarts3B',
    'TestCount3B',
    'TestFailAgree3B',
    'TestFailNoAgree3B',
    'TestFigure83C',
    'TestFigure8Unreliable3C',
    'TestFollowerFailure3B',
    'TestInitialElection3A',
    'TestLeaderFailure3B',
    'TestManyElections3A',
    'TestPersist13C',
    'TestPersist23C',
    'TestPersist33C',
    'TestRPCBytes3B',
    'TestReElection3A',
    'TestRejoin3B',
    'TestReliableChurn3C',
    'TestSnapshotAllCrash3D',
    'TestSnapshotBasic3D',
    'TestSnapshotInit3D',
    'TestSnapshotInstall3D',
    'TestSnapshotInstallCrash3D',
    'TestSnapshotInstallUnCrash3D',
    'TestSnapshotInstallUnreliable3D',
    'TestUnreliableAgree3C',
    'TestUnreliableChurn3C',
  ]);
  for (const name of names) expect(registry.scenario(name).test).toBe(name);
});
