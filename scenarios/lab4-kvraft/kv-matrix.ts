import type { GenericTest } from './kv-generic.ts';

/** Snapshots of the tests of 4C are taken at so many bytes. */
export const SMALL_STATE = 1000;

const one = { clients: 1, servers: 5, maxRaftState: -1 };
const five = { clients: 5, servers: 5, maxRaftState: -1 };
const many = { clients: 15, servers: 7, keys: 100, maxRaftState: -1 };
const snapshots = { maxRaftState: SMALL_STATE };
const anything = { isUnreliable: true, crashes: true, partitions: true };

/** Part 4B: without snapshots. */
export const basic4B: GenericTest = {
  ...one,
  name: 'kvraft/basic',
  test: 'TestBasic4B',
  description: 'one client puts and gets',
};

export const matrix4B: readonly GenericTest[] = [
  {
    ...five,
    name: 'kvraft/concurrent',
    test: 'TestConcurrent4B',
    description: 'five clients on one key',
  },
  {
    ...five,
    name: 'kvraft/unreliable',
    test: 'TestUnreliable4B',
    description: 'the same over an unreliable network',
    isUnreliable: true,
  },
];

export const troubled4B: readonly GenericTest[] = [
  {
    ...one,
    name: 'kvraft/many-partitions-one-client',
    test: 'TestManyPartitionsOneClient4B',
    description: 'partitions come and go under one client',
    partitions: true,
  },
  {
    ...five,
    name: 'kvraft/many-partitions-many-clients',
    test: 'TestManyPartitionsManyClients4B',
    description: 'partitions come and go under five clients',
    partitions: true,
  },
  {
    ...one,
    name: 'kvraft/persist-one-client',
    test: 'TestPersistOneClient4B',
    description: 'all servers crash and restart under one client',
    crashes: true,
  },
  {
    ...five,
    name: 'kvraft/persist-concurrent',
    test: 'TestPersistConcurrent4B',
    description: 'all servers crash and restart under five clients',
    crashes: true,
  },
  {
    ...five,
    name: 'kvraft/persist-concurrent-unreliable',
    test: 'TestPersistConcurrentUnreliable4B',
    description: 'the same over an unreliable network',
    crashes: true,
    isUnreliable: true,
  },
  {
    ...five,
    name: 'kvraft/persist-partition',
    test: 'TestPersistPartition4B',
    description: 'partitions, and all servers crash and restart',
    crashes: true,
    partitions: true,
  },
  {
    ...five,
    ...anything,
    name: 'kvraft/persist-partition-unreliable',
    test: 'TestPersistPartitionUnreliable4B',
    description: 'the same over an unreliable network',
  },
  {
    ...many,
    ...anything,
    name: 'kvraft/persist-partition-unreliable-linearizable',
    test: 'TestPersistPartitionUnreliableLinearizable4B',
    description: 'the same with fifteen clients, seven servers and a hundred keys',
  },
];

/** Part 4C: with snapshots. */
export const matrix4C: readonly GenericTest[] = [
  {
    ...one,
    ...snapshots,
    name: 'kvraft/snapshot-recover',
    test: 'TestSnapshotRecover4C',
    description: 'one client; all servers crash, and go on from their snapshots',
    crashes: true,
  },
  {
    ...five,
    ...snapshots,
    clients: 20,
    name: 'kvraft/snapshot-recover-many-clients',
    test: 'TestSnapshotRecoverManyClients4C',
    description: 'the same with twenty clients',
    crashes: true,
  },
  {
    ...five,
    ...snapshots,
    name: 'kvraft/snapshot-unreliable',
    test: 'TestSnapshotUnreliable4C',
    description: 'snapshots over an unreliable network',
    isUnreliable: true,
  },
  {
    ...five,
    ...snapshots,
    name: 'kvraft/snapshot-unreliable-recover',
    test: 'TestSnapshotUnreliableRecover4C',
    description: 'the same, and all servers crash and restart',
    isUnreliable: true,
    crashes: true,
  },
  {
    ...five,
    ...snapshots,
    ...anything,
    name: 'kvraft/snapshot-unreliable-recover-partition',
    test: 'TestSnapshotUnreliableRecoverConcurrentPartition4C',
    description: 'the same, and partitions come and go',
  },
  {
    ...many,
    ...snapshots,
    ...anything,
    name: 'kvraft/snapshot-unreliable-recover-partition-linearizable',
    test: 'TestSnapshotUnreliableRecoverConcurrentPartitionLinearizable4C',
    description: 'the same with fifteen clients, seven servers and a hundred keys',
  },
];
