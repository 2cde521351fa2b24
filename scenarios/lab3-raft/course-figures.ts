import type { CourseCatch, CourseFigure } from '../define/pack.ts';

/** The run that the course shows with lab 3, of its own solution in 2025. */
export const courseFigures: Readonly<Record<string, CourseFigure>> = {
  TestInitialElection3A: { seconds: 3.6, calls: 106 },
  TestReElection3A: { seconds: 7.6, calls: 304 },
  TestManyElections3A: { seconds: 8.4, calls: 954 },
  TestBasicAgree3B: { seconds: 1.3, calls: 18 },
  TestRPCBytes3B: { seconds: 2.8, calls: 56 },
  TestFollowerFailure3B: { seconds: 5.3, calls: 188 },
  TestLeaderFailure3B: { seconds: 6.4, calls: 378 },
  TestFailAgree3B: { seconds: 5.9, calls: 176 },
  TestFailNoAgree3B: { seconds: 4.3, calls: 288 },
  TestConcurrentStarts3B: { seconds: 1.5, calls: 32 },
  TestRejoin3B: { seconds: 5.3, calls: 216 },
  TestBackup3B: { seconds: 12.1, calls: 1528 },
  TestCount3B: { seconds: 3.1, calls: 106 },
  TestPersist13C: { seconds: 6.6, calls: 110 },
  TestPersist23C: { seconds: 15.6, calls: 428 },
  TestPersist33C: { seconds: 3.1, calls: 50 },
  TestFigure83C: { seconds: 33.7, calls: 654 },
  TestUnreliableAgree3C: { seconds: 2.1, calls: 1076 },
  TestFigure8Unreliable3C: { seconds: 31.9, calls: 4400 },
  TestReliableChurn3C: { seconds: 16.8, calls: 4896 },
  TestUnreliableChurn3C: { seconds: 16.1, calls: 7204 },
  TestSnapshotBasic3D: { seconds: 3.3, calls: 522 },
  TestSnapshotInstall3D: { seconds: 48.4, calls: 2710 },
  TestSnapshotInstallUnreliable3D: { seconds: 56.1, calls: 3025 },
  TestSnapshotInstallCrash3D: { seconds: 33.3, calls: 1559 },
  TestSnapshotInstallUnCrash3D: { seconds: 38.1, calls: 1723 },
  TestSnapshotAllCrash3D: { seconds: 11.2, calls: 296 },
  TestSnapshotInit3D: { seconds: 4.3, calls: 84 },
};

const always = (seconds: number): CourseCatch => ({ passes: 3, caught: 3, seconds });
const never: CourseCatch = { passes: 3, caught: 0 };

/**
 * What three passes of the course's suite of lab 3, about six minutes each, came to on bugs that
 * were put into a solution which passes; each is one of our specimens.
 */
export const courseCatches: Readonly<Record<string, CourseCatch>> = {
  R6: always(38),
  R8: always(38),
  R11: always(54),
  R14: always(64),
  R4: always(85),
  R19: always(115),
  R35: always(186),
  R25: always(395),
  R17: { passes: 3, caught: 1 },
  R13: never,
  R2: never,
  R10: never,
  R12: never,
  R29: never,
  R37: never,
  R9: never,
  R1: never,
};
