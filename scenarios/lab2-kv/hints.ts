import type { Hint } from '../define/grading.ts';

const UNRELIABLE = ['TestUnreliableNet'];

/** What broken guarantees of server, clerk and lock say to those who are to find the bug. */
export const hints: readonly Hint[] = [
  {
    checks: [
      'get answers as the contract says',
      'put answers as the contract says',
      'the protected key can be read',
    ],
    guarantee: 'Get and Put answer OK, ErrNoKey and ErrVersion as the lab defines them',
    source: 'lab 2: the Put and Get of the versioned server',
    tests: ['TestReliablePut'],
    questions: ['What does each of the four cases answer: key there or not, version right or not?'],
  },
  {
    checks: [
      'every put succeeds',
      'a put happens once',
      'each round adds one version',
      'every append is there once and in order',
    ],
    guarantee: 'a put happens at most once, and ErrMaybe says exactly that nobody can know',
    source: 'lab 2: "key/value server with dropped messages"',
    tests: UNRELIABLE,
    questions: [
      'What can a clerk know if a request or a reply is lost, and it asks again?',
      'After which attempts is an ErrVersion no longer an answer?',
    ],
  },
  {
    checks: ['the version counts the successful puts', 'the version counts the puts'],
    guarantee: 'of several puts to one version exactly one succeeds',
    source: 'lab 2: TestPutConcurrentReliable',
    tests: ['TestPutConcurrentReliable'],
    questions: ['What may come between the look at the version and the write?'],
  },
  {
    checks: ['linearizable'],
    guarantee: 'Linearizability: each operation takes effect once, between its call and its return',
    source: 'Herlihy and Wing 1990; lab 2',
    tests: ['TestPutConcurrentReliable', ...UNRELIABLE],
    questions: [
      'At which moment does each operation of the story take effect?',
      'What does a client know after ErrVersion, and after ErrMaybe?',
      'What of the answers must survive a crash?',
    ],
  },
  {
    checks: ['mutual exclusion', 'nobody else is inside', 'the holder can write the protected key'],
    guarantee: 'Mutual exclusion: at most one client is between Acquire and Release',
    source: 'lab 2: "implementing a lock using key/value clerk"',
    tests: ['TestManyClientsReliable', 'TestManyClientsUnreliable'],
    questions: [
      'How does a client know that it is the holder, after ErrMaybe too?',
      'How does a client tell its own name in the lock from that of another one?',
    ],
  },
  {
    checks: ['clients finish once the world has healed'],
    guarantee: 'every operation returns once the world is well again',
    source: 'lab 2: clerks retry until they know',
    tests: UNRELIABLE,
    questions: [
      'Which loops have no way out?',
      'Who lets go of a lock whose release nobody can be sure of?',
    ],
  },
  {
    checks: ['no request storm'],
    guarantee: 'who waits does so in peace: a pause between two attempts',
    source: 'lab 2: "wait 100 ms"',
    tests: [],
    questions: ['How many requests does a second of waiting cost?'],
  },
  {
    checks: ['no state per client'],
    guarantee: 'the server keeps nothing about clients',
    source: 'lab 2: TestMemPutManyClientsReliable',
    tests: ['TestMemPutManyClientsReliable'],
    questions: ['What does the server still hold when all clients are gone?'],
  },
];
