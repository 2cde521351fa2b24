import type { CourseFigure } from '../define/pack.ts';

/** The run that the course shows with lab 5, of its own solution in 2025. */
export const courseFigures: Readonly<Record<string, CourseFigure>> = {
  TestInitQuery5A: { seconds: 0, calls: 3 },
  TestStaticOneShardGroup5A: { seconds: 5.1, calls: 792 },
  TestJoinBasic5A: { seconds: 12.9, calls: 6300 },
  TestDeleteBasic5A: { seconds: 8.4, calls: 1533 },
  TestJoinLeaveBasic5A: { seconds: 13.7, calls: 5676 },
  TestManyJoinLeaveReliable5A: { seconds: 22.1, calls: 3529 },
  TestManyJoinLeaveUnreliable5A: { seconds: 54.8, calls: 5055 },
  TestShutdown5A: { seconds: 11.7, calls: 2807 },
  TestProgressShutdown5A: { seconds: 8.8, calls: 974 },
  TestProgressJoin5A: { seconds: 13.9, calls: 2443 },
  TestOneConcurrentClerkReliable5A: { seconds: 20.0, calls: 5326 },
  TestManyConcurrentClerkReliable5A: { seconds: 20.4, calls: 21_688 },
  TestOneConcurrentClerkUnreliable5A: { seconds: 25.8, calls: 2654 },
  TestManyConcurrentClerkUnreliable5A: { seconds: 25.3, calls: 7553 },
  TestJoinLeave5B: { seconds: 9.2, calls: 899 },
  TestRecoverCtrler5B: { seconds: 26.4, calls: 3724 },
  TestConcurrentReliable5C: { seconds: 8.2, calls: 1753 },
  TestAcquireLockConcurrentUnreliable5C: { seconds: 23.8, calls: 1850 },
  TestPartitionControllerJoin5C: { seconds: 7.8, calls: 876 },
  TestPartitionRecoveryReliableNoClerk5C: { seconds: 36.8, calls: 3981 },
  TestPartitionRecoveryUnreliableNoClerk5C: { seconds: 52.4, calls: 2901 },
  TestPartitionRecoveryReliableClerks5C: { seconds: 60.2, calls: 27_415 },
  TestPartitionRecoveryUnreliableClerks5C: { seconds: 60.5, calls: 11_422 },
};
