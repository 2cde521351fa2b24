import type { Beyond } from '../define/grading.ts';

/**
 * What a Raft that is graded has to pass beside the official tests, by the part after which it can:
 * elections need no log, a log no persistence, and persistence no snapshots.
 */
export const beyond: readonly Beyond[] = [
  { scenario: 'raft/election-chaos', part: '3A', weight: 3 },
  { scenario: 'raft/stale-candidates', part: '3B' },
  { scenario: 'raft/late-votes', part: '3B' },
  { scenario: 'raft/deaf-leader', part: '3B' },
  { scenario: 'raft/late-replies', part: '3B' },
  { scenario: 'raft/forgetful-voter', part: '3C' },
  { scenario: 'raft/forgotten-term', part: '3C' },
  { scenario: 'raft/figure-8-by-hand', part: '3C' },
  { scenario: 'raft/chaos-3', part: '3C', set: ['snapshotEvery=0'], weight: 3 },
  { scenario: 'raft/chaos-5', part: '3C', set: ['snapshotEvery=0'], weight: 3 },
  { scenario: 'raft/wrong-clocks', part: '3C' },
  { scenario: 'raft/snapshot-overtaken', part: '3D' },
  { scenario: 'raft/slow-service', part: '3D' },
  { scenario: 'raft/chaos-3', part: '3D', weight: 3 },
  { scenario: 'raft/chaos-5', part: '3D', weight: 3 },
];
