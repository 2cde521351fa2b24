import type { Hint } from '../define/grading.ts';

const RECOVERY = ['TestRecoverCtrler5B', 'TestPartitionControllerJoin5C'];
const CLERKS = ['TestManyConcurrentClerkReliable5A', 'TestManyConcurrentClerkUnreliable5A'];

/** What broken guarantees of a sharded service say to those who are to find the bug. */
export const hints: readonly Hint[] = [
  {
    checks: ['one group serves a shard', 'one owner a shard and configuration'],
    guarantee: 'at any moment at most one group serves a shard',
    source: 'lab 5A: freeze, install, delete',
    tests: CLERKS,
    questions: [
      'From which moment on does the old group refuse, and who decides that moment?',
      'Where is ownership looked at: when a request arrives, or when it is carried out?',
      'What does a server know of its shards after a restart from a snapshot?',
    ],
  },
  {
    checks: ['linearizable'],
    guarantee: 'Linearizability: to clients, shards that move are one store',
    source: 'Herlihy and Wing 1990; lab 5A',
    tests: CLERKS,
    questions: [
      'In which group does each operation of the story take effect, and who owned the shard then?',
      'What does a clerk know of attempts that it made with another group before?',
    ],
  },
  {
    checks: ['numbers never go back', 'configurations go on', 'nobody goes back'],
    guarantee: 'a group obeys no older configuration than the newest that its shard has seen',
    source: 'lab 5C: fencing by the number of the configuration',
    tests: RECOVERY,
    questions: ['Which requests of a controller that was away can still arrive, and how late?'],
  },
  {
    checks: [
      'what is acknowledged is kept',
      'what is deleted is elsewhere',
      'data is intact',
      'a put moves with its shard',
      'a put of a new key succeeds',
      'what was carried out is not refused',
      'late requests change nothing',
      'a long shard is whole',
    ],
    guarantee: 'what a client was told to be written is there, wherever its shard has moved',
    source: 'lab 5A',
    tests: ['TestJoinBasic5A', 'TestJoinLeaveBasic5A', ...CLERKS],
    questions: [
      'In which order do the two groups change, and what if one of the steps comes twice?',
      'Can something arrive at a shard after it was frozen, or be installed over newer data?',
    ],
  },
  {
    checks: [
      'every number belongs to one change',
      'no change is lost',
      'every change has an author',
      'the last change is in force',
      'the configuration is what was asked for',
      'members are those that the change asked for',
      'the first configuration is the one that was given',
      'the group is a member',
      'a change that others have finished is made',
      'a change that nobody else disturbs succeeds',
    ],
    guarantee: 'each number belongs to one configuration, and one that was begun is finished',
    source: 'lab 5B, 5C',
    tests: [...RECOVERY, 'TestConcurrentReliable5C'],
    questions: [
      'Which write decides who owns a number, and what does the loser do?',
      'What does a new controller finish: what was begun, or something of its own?',
    ],
  },
  {
    checks: [
      'a new controller finishes the change',
      'a change comes to its end',
      'a change ends when the group is back',
      'every controller gets its changes in',
      'all comes to rest',
      'all is as it should be once the world has healed',
      'a group that is back answers',
      'a group that was away answers',
      'the first groups get their shards',
      'a long shard moves',
    ],
    guarantee: 'a change ends once the groups that it needs are there',
    source: 'lab 5B',
    tests: ['TestJoinLeave5B', ...RECOVERY],
    questions: [
      'What does each step answer if it was done before, or overtaken?',
      'Which loops have no way out when somebody else has gone on?',
    ],
  },
  {
    checks: [
      'whoever owns a shard serves it',
      'shards that do not move are served',
      'gets of other groups are answered',
      'gets of live groups finish in 2 s',
      'a dead group holds up nobody but its own shards',
      'a clerk finds the shard where it is now',
      'a clerk finds the servers that a gid has now',
    ],
    guarantee: 'a shard is served by its owner, whatever happens to others',
    source: 'lab 5A: "groups unaffected by a change must keep serving"',
    tests: ['TestProgressShutdown5A', 'TestProgressJoin5A'],
    questions: [
      'Which shards does a change concern, and who waits for which group?',
      'When does a clerk look for a newer configuration?',
    ],
  },
  {
    checks: ['a change waits for a group that is down', 'gets of a group that is down hang'],
    guarantee: 'what needs a group that is down waits for it: nothing is given up or made up',
    source: 'lab 5B: TestJoinLeave5B',
    tests: ['TestJoinLeave5B', 'TestJoinBasic5A'],
    questions: ['What does a step come to that nobody has answered?'],
  },
  {
    checks: ['moved shards are deleted', 'a group without shards keeps nothing'],
    guarantee: 'a shard that has moved is deleted where it was',
    source: 'lab 5A: TestDeleteBasic5A',
    tests: ['TestDeleteBasic5A'],
    questions: [
      'Who deletes, when, and what is left in the snapshot?',
      'Who deletes if the controller crashes just before it would?',
    ],
  },
];
