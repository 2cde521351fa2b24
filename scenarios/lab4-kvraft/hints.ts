import type { Hint } from '../define/grading.ts';

const PERSIST = ['TestPersistPartitionUnreliableLinearizable4B'];

/** What broken guarantees of a replicated service say to those who are to find the bug. */
export const hints: readonly Hint[] = [
  {
    checks: [
      'an inc answers the value it has led to',
      'a request is answered when it is carried out',
      'a request that is carried out is answered',
      'every request has an answer of its own',
      'what is said not to happen does not happen',
    ],
    guarantee: 'Submit answers with the result of its own request, or that it does not lead',
    source: 'lab 4A',
    tests: ['TestBasic4A', 'TestConcurrent4A', 'TestLeaderPartition4A'],
    questions: [
      'How does the one who waits know that what was applied is its own request?',
      'Can one index come up twice, for different requests? In different terms?',
      'What may the server say that does not know what became of a request?',
    ],
  },
  {
    checks: [
      'requests are carried out in order',
      'replicas answer alike',
      'replicas come to the same value',
    ],
    guarantee: 'all replicas carry out the same requests in the same order, once each',
    source: 'Raft §2 "replicated state machines"',
    tests: ['TestConcurrent4A', 'TestRestartReplay4A', 'TestSnapshot4C'],
    questions: [
      'Who calls DoOp, and can two tasks do so at once?',
      'What does a replica know after a restart, with and without a snapshot?',
      'Does an answer depend on anything but the requests before it?',
    ],
  },
  {
    checks: [
      'what a minority was asked is not carried out',
      'no progress in a minority',
      'a minority answers nothing',
      'a deposed leader answers with an error',
    ],
    guarantee: 'a leader without a majority answers nothing, not even a read',
    source: 'lab 4A, Raft §8',
    tests: ['TestLeaderPartition4A', 'TestOnePartition4B'],
    questions: ['How does a server know that it still leads when it answers?'],
  },
  {
    checks: ['the version counts the puts', 'a get answers what was put', 'every put succeeds'],
    guarantee: 'a put that said OK happened once, and later gets see it',
    source: 'lab 4B',
    tests: ['TestBasic4B', ...PERSIST],
    questions: ['Which of the servers that a clerk asked may have carried the put out?'],
  },
  {
    checks: ['linearizable'],
    guarantee: 'Linearizability: each operation takes effect once, between its call and its return',
    source: 'Herlihy and Wing 1990; Raft §8',
    tests: PERSIST,
    questions: [
      'At which moment does each operation of the story take effect, and on which server?',
      'Can a server answer a read from a state that others have left behind?',
      'After which answers can a clerk no longer tell whether its put happened?',
    ],
  },
  {
    checks: [
      'a put that was refused has written nothing',
      'a put at the present version is not refused',
    ],
    guarantee: 'an error that is not ErrMaybe says that nothing was written',
    source: 'lab 4B',
    tests: PERSIST,
    questions: [
      'After which answers of earlier servers is the last one no longer the whole truth?',
    ],
  },
  {
    checks: [
      'all requests return within 11 s of a shutdown',
      'a deposed leader answers',
      'a deposed leader answers all requests within 1 s',
      'completion after healing',
      'late requests stop nobody',
      'a request is carried out within 10 s',
      'clients finish once the world has healed',
    ],
    guarantee: 'every Submit returns when the server can know what became of it',
    source: 'lab 4A',
    tests: ['TestShutdown4A', 'TestRestartSubmit4A', 'TestLeaderPartition4A'],
    questions: [
      'Who wakes those who wait when the leader is deposed?',
      'Which ways out of the code leave a lock behind?',
      'Can the commit be quicker than the one who is going to wait for it?',
    ],
  },
  {
    checks: ['puts are fast enough'],
    guarantee: 'a request does not wait for the next heartbeat: three in the time of one',
    source: 'lab 4B: TestSpeed4B',
    tests: ['TestSpeed4B', 'TestSpeed4C'],
    questions: ['What happens between Start and the first AppendEntries, and before the answer?'],
  },
  {
    checks: [
      'snapshots are taken when they are due',
      'size of a snapshot',
      'no snapshots unless they are asked for',
    ],
    guarantee: 'snapshots keep the log below maxraftstate, and hold the state and no more',
    source: 'Raft §7, lab 4C',
    tests: ['TestSnapshotRPC4C', 'TestSnapshotSize4C'],
    questions: ['When is the size looked at, and what of the state is in the snapshot?'],
  },
];
