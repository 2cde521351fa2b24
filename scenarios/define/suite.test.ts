import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { labsAndParts, ofLab, suiteOf } from './suite.ts';

const all = suiteOf(packs);
const lab3 = ofLab(all, '3');

/** The list of the course. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  '3A': ['TestInitialElection3A', 'TestReElection3A', 'TestManyElections3A'],
  '3B': [
    'TestBasicAgree3B',
    'TestRPCBytes3B',
    'TestFollowerFailure3B',
    'TestLeaderFailure3B',
    'TestFailAgree3B',
    'TestFailNoAgree3B',
    'TestConcurrentStarts3B',
    'TestRejoin3B',
    'TestBackup3B',
    'TestCount3B',
  ],
  '3C': [
    'TestPersist13C',
    'TestPersist23C',
    'TestPersist33C',
    'TestFigure83C',
    'TestUnreliableAgree3C',
    'TestFigure8Unreliable3C',
    'TestReliableChurn3C',
    'TestUnreliableChurn3C',
  ],
  '3D': [
    'TestSnapshotBasic3D',
    'TestSnapshotInstall3D',
    'TestSnapshotInstallUnreliable3D',
    'TestSnapshotInstallCrash3D',
    'TestSnapshotInstallUnCrash3D',
    'TestSnapshotAllCrash3D',
    'TestSnapshotInit3D',
  ],
  '4A': [
    'TestBasic4A',
    'TestConcurrent4A',
    'TestLeaderFailure4A',
    'TestLeaderPartition4A',
    'TestRestartReplay4A',
    'TestShutdown4A',
    'TestRestartSubmit4A',
  ],
  '4B': [
    'TestBasic4B',
    'TestSpeed4B',
    'TestConcurrent4B',
    'TestUnreliable4B',
    'TestOnePartition4B',
    'TestManyPartitionsOneClient4B',
    'TestManyPartitionsManyClients4B',
    'TestPersistOneClient4B',
    'TestPersistConcurrent4B',
    'TestPersistConcurrentUnreliable4B',
    'TestPersistPartition4B',
    'TestPersistPartitionUnreliable4B',
    'TestPersistPartitionUnreliableLinearizable4B',
  ],
  '4C': [
    'TestSnapshot4C',
    'TestSnapshotRPC4C',
    'TestSnapshotSize4C',
    'TestSpeed4C',
    'TestSnapshotRecover4C',
    'TestSnapshotRecoverManyClients4C',
    'TestSnapshotUnreliable4C',
    'TestSnapshotUnreliableRecover4C',
    'TestSnapshotUnreliableRecoverConcurrentPartition4C',
    'TestSnapshotUnreliableRecoverConcurrentPartitionLinearizable4C',
  ],
  '5A': [
    'TestInitQuery5A',
    'TestStaticOneShardGroup5A',
    'TestJoinBasic5A',
    'TestDeleteBasic5A',
    'TestJoinLeaveBasic5A',
    'TestManyJoinLeaveReliable5A',
    'TestManyJoinLeaveUnreliable5A',
    'TestShutdown5A',
    'TestProgressShutdown5A',
    'TestProgressJoin5A',
    'TestOneConcurrentClerkReliable5A',
    'TestManyConcurrentClerkReliable5A',
    'TestOneConcurrentClerkUnreliable5A',
    'TestManyConcurrentClerkUnreliable5A',
  ],
  '5B': ['TestJoinLeave5B', 'TestRecoverCtrler5B'],
  '5C': [
    'TestConcurrentReliable5C',
    'TestAcquireLockConcurrentUnreliable5C',
    'TestPartitionControllerJoin5C',
    'TestPartitionRecoveryReliableNoClerk5C',
    'TestPartitionRecoveryUnreliableNoClerk5C',
    'TestPartitionRecoveryReliableClerks5C',
    'TestPartitionRecoveryUnreliableClerks5C',
  ],
};

describe('the official tests', () => {
  test.each(Object.entries(PARTS))('of %s are there, in the official order', (part, names) => {
    expect(ofLab(all, part).map(({ test: name }) => name)).toEqual(names);
    expect(ofLab(all, part.toLowerCase())).toEqual(ofLab(all, part));
  });

  test.each(['3', '4', '5'])('of lab %s are those of its parts', (lab) => {
    const parts = Object.entries(PARTS).filter(([part]) => part.startsWith(lab));

    expect(ofLab(all, lab).map(({ test: name }) => name)).toEqual(
      parts.flatMap(([, names]) => names),
    );
  });

  test('without a part belong to their lab; a year is none', () => {
    expect(new Set(ofLab(all, '2').map(({ part }) => part))).toEqual(new Set(['2']));
    expect(labsAndParts(all)).toEqual([
      '1',
      '2',
      ...['3', '3A', '3B', '3C', '3D'],
      ...['4', '4A', '4B', '4C'],
      ...['5', '5A', '5B', '5C'],
    ]);
    expect(ofLab(all, '9')).toEqual([]);
  });

  test('leave out what the course does not have', () => {
    const names = all.map(({ scenario }) => scenario.name);

    expect(names).toContain('kv/reliable-put');
    expect(names).not.toContain('kv/chaos');
  });
});

describe('the figures of the course', () => {
  test.each(
    packs.map(({ name, courseFigures = {} }) => [name, Object.keys(courseFigures)] as const),
  )('of %s are those of official tests', (_name, tests) => {
    expect(all.map(({ test: name }) => name)).toEqual(expect.arrayContaining([...tests]));
  });

  // The course says what a part takes as well: to within what it rounds off.
  test.each([
    ['3B', 48.4],
    ['3C', 126],
    ['3D', 195],
    ['4B', 103.8],
    ['4C', 83.5],
  ])('of %s add up to its %d s', (part, seconds) => {
    const sum = ofLab(all, part).reduce((total, { course }) => total + (course?.seconds ?? 0), 0);

    expect(Math.abs(sum - seconds)).toBeLessThan(0.5);
  });

  test('are known of every test of lab 3', () => {
    expect(lab3.filter(({ course }) => course === undefined)).toEqual([]);
  });
});
