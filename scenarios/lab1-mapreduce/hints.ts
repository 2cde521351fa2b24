import type { Hint } from '../define/grading.ts';

/** What broken guarantees of a MapReduce job say to those who are to find the bug. */
export const hints: readonly Hint[] = [
  {
    checks: [
      'the output is that of the sequential run',
      'every output has the records of each map task once',
      'the outputs one after the other are in order',
    ],
    guarantee: 'the output is that of a sequential run, whatever fails on the way',
    source: 'MapReduce §3.3 "Semantics in the Presence of Failures"',
    tests: ['TestWc', 'TestIndexer', 'TestCrashWorker'],
    questions: [
      'Which attempt of a map task does a reduce task read, and may two attempts mix?',
      'Does every pair of one key come to one reduce task?',
    ],
  },
  {
    checks: ['outputs are written once', 'outputs are final when the first one leaves'],
    guarantee: 'an output appears as a whole, and does not change any more',
    source: 'MapReduce §3.3 "atomic commits of map and reduce task outputs"',
    tests: ['TestCrashWorker', 'TestEarlyExit'],
    questions: ['What does a reader see while an attempt is half-way through, or dies there?'],
  },
  {
    checks: ['nobody leaves before the job is done'],
    guarantee: 'workers and coordinator stay until every task is completed',
    source: 'lab 1: TestEarlyExit',
    tests: ['TestEarlyExit'],
    questions: ['Idle, or done: how do the two differ to a worker that gets no task?'],
  },
  {
    checks: ['each map task is run once'],
    guarantee: 'a task is handed out again only when its worker has had its time',
    source: 'MapReduce §3.3; lab 1: ten seconds',
    tests: ['TestJobCount'],
    questions: ['To which attempt does each time-out belong?', 'Can two workers get one task?'],
  },
  {
    checks: [
      'map tasks run in parallel',
      'reduce tasks run in parallel',
      'both workers run map tasks',
    ],
    guarantee: 'idle workers get tasks while others work',
    source: 'MapReduce §3.1',
    tests: ['TestMapParallel', 'TestReduceParallel'],
    questions: ['What does a worker wait for that asks while another one works?'],
  },
  {
    checks: ['the job is done once the world has healed', 'the job is done in time'],
    guarantee: 'a job ends as long as some worker lives',
    source: 'MapReduce §3.3',
    tests: ['TestCrashWorker'],
    questions: [
      'What becomes of a task whose worker died, before or after its completion?',
      'What if a request or a reply is lost, or comes twice?',
    ],
  },
];
