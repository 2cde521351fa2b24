import type { CourseFigure } from '../define/pack.ts';

/** The run that the course shows with lab 4, of its own solution in 2025. */
export const courseFigures: Readonly<Record<string, CourseFigure>> = {
  TestBasic4B: { seconds: 3.2, calls: 1041 },
  TestSpeed4B: { seconds: 15.9, calls: 3169 },
  TestConcurrent4B: { seconds: 3.9, calls: 3247 },
  TestUnreliable4B: { seconds: 5.3, calls: 1035 },
  // In three parts: 2.9, 1.6 and 1.3 s.
  TestOnePartition4B: { seconds: 5.8, calls: 324 },
  TestManyPartitionsOneClient4B: { seconds: 6.2, calls: 958 },
  TestManyPartitionsManyClients4B: { seconds: 6.8, calls: 3096 },
  TestPersistOneClient4B: { seconds: 6.7, calls: 311 },
  TestPersistConcurrent4B: { seconds: 7.5, calls: 1223 },
  TestPersistConcurrentUnreliable4B: { seconds: 8.4, calls: 804 },
  TestPersistPartition4B: { seconds: 10.1, calls: 1308 },
  TestPersistPartitionUnreliable4B: { seconds: 11.9, calls: 1040 },
  TestPersistPartitionUnreliableLinearizable4B: { seconds: 12.1, calls: 2801 },
  TestSnapshotRPC4C: { seconds: 4.5, calls: 241 },
  TestSnapshotSize4C: { seconds: 11.4, calls: 2526 },
  TestSpeed4C: { seconds: 14.2, calls: 3149 },
  TestSnapshotRecover4C: { seconds: 6.8, calls: 305 },
  TestSnapshotRecoverManyClients4C: { seconds: 9.0, calls: 5583 },
  TestSnapshotUnreliable4C: { seconds: 4.7, calls: 977 },
  TestSnapshotUnreliableRecover4C: { seconds: 8.6, calls: 847 },
  TestSnapshotUnreliableRecoverConcurrentPartition4C: { seconds: 11.5, calls: 841 },
  TestSnapshotUnreliableRecoverConcurrentPartitionLinearizable4C: {
    seconds: 12.8,
    calls: 2903,
  },
};
