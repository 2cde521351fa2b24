import type { Hint } from '../define/grading.ts';

const BACKUP = ['TestBackup3B', 'TestFigure8Unreliable3C'];

/** What broken guarantees of Raft say to those who are to find the bug. */
export const hints: readonly Hint[] = [
  {
    checks: ['Election Safety', 'one leader a term'],
    guarantee: 'Election Safety: at most one leader can be elected in a given term',
    source: 'Raft §5.2, Figure 3',
    tests: ['TestInitialElection3A', 'TestReElection3A', 'TestManyElections3A'],
    questions: [
      'How often can a server vote in one term, also if it crashes in between?',
      'To which election does each vote belong that a candidate counts?',
      'What becomes of a candidate or leader that learns of a newer term?',
    ],
  },
  {
    checks: ['Elected by a Majority'],
    guarantee: 'a candidate leads only with votes of a majority of all servers, for its term',
    source: 'Raft §5.2',
    tests: ['TestReElection3A', 'TestFailNoAgree3B'],
    questions: [
      'A majority of which servers: all of them, or those that answer?',
      'Is every vote that counts for this term, and from somebody else?',
    ],
  },
  {
    checks: ['Term Adoption', 'servers agree on the term'],
    guarantee: 'whoever sees a newer term, in a request or in a reply, adopts it and follows',
    source: 'Raft §5.1, Figure 2 "Rules for Servers, All Servers"',
    tests: ['TestReElection3A', 'TestRejoin3B'],
    questions: ['In which messages can a newer term arrive? Is each of them looked at?'],
  },
  {
    checks: ['terms begin at 1'],
    guarantee: 'each election begins a new term: the first term in which somebody leads is 1',
    source: 'Raft §5.1, Figure 2 "Rules for Servers, Candidates"',
    tests: ['TestInitialElection3A'],
    questions: ['What of its state does a server change when it becomes a candidate?'],
  },
  {
    checks: ['Durable Promises'],
    guarantee: 'what a server has promised to others is still true after a crash',
    source: 'Raft §5.1, Figure 2 "Updated on stable storage before responding to RPCs"',
    tests: ['TestPersist13C', 'TestPersist23C', 'TestFigure83C'],
    questions: [
      'What of currentTerm, votedFor and log changes here, and when is it saved?',
      'Who could see the change before it is on the disk?',
    ],
  },
  {
    checks: ['Monotone State'],
    guarantee: 'a server votes once in a term; terms, commitIndex, lastApplied never go back',
    source: 'Raft §5.2, Figure 2 "State"',
    tests: ['TestReElection3A', 'TestFigure8Unreliable3C'],
    questions: [
      'How often can a server vote in one term?',
      'Can an old message, or an old snapshot, set something to an earlier value?',
      'What may change between the test of a condition and the write that rests on it?',
    ],
  },
  {
    checks: ['Leader Append-Only'],
    guarantee: 'Leader Append-Only: a leader never overwrites or deletes entries of its log',
    source: 'Raft §5.3, Figure 3',
    tests: ['TestConcurrentStarts3B', 'TestRejoin3B'],
    questions: ['Who writes to the log of a server while it leads?'],
  },
  {
    checks: ['Log Matching'],
    guarantee: 'Log Matching: logs with an entry of the same index and term are equal up to it',
    source: 'Raft §5.3, Figure 3',
    tests: ['TestRejoin3B', ...BACKUP],
    questions: [
      'What does a follower know of its log before the entries that it is sent?',
      'Is the same check made by every request, also by one without entries?',
    ],
  },
  {
    checks: ['Match Index'],
    guarantee: 'a leader counts as replicated only what a follower really has',
    source: 'Raft §5.3, Figure 2 "matchIndex"',
    tests: ['TestRejoin3B', 'TestFigure8Unreliable3C'],
    questions: [
      'Which request does a reply answer, and what was in that request?',
      'May a reply come late: after others, in another term, after a change of the log?',
    ],
  },
  {
    checks: ['Commit Rule'],
    guarantee: 'an entry is committed by counting only if it is of the leader’s current term',
    source: 'Raft §5.4.2, Figure 8',
    tests: ['TestFigure83C'],
    questions: ['Can an entry that is on a majority still be overwritten? By whom?'],
  },
  {
    checks: ['Leader Completeness', 'what was committed stays'],
    guarantee: 'Leader Completeness: what is committed is in the logs of all later leaders',
    source: 'Raft §5.4, Figure 3',
    tests: ['TestFigure83C', 'TestReliableChurn3C', 'TestUnreliableChurn3C'],
    questions: [
      'Who can become leader without an entry that is committed?',
      'Can a follower lose an entry that it has acknowledged?',
    ],
  },
  {
    checks: ['State Machine Safety', 'agreement', 'linearizable'],
    guarantee: 'State Machine Safety: no two servers apply different commands at one index',
    source: 'Raft §5.4.3, Figure 3',
    tests: ['TestRejoin3B', 'TestFigure83C', 'TestFigure8Unreliable3C'],
    questions: [
      'How does each of the two servers know that its entry is committed?',
      'What does a follower that hears of a commit index know of its own log?',
    ],
  },
  {
    checks: ['apply order', 'indices grow over a restart', 'a snapshot is a string'],
    guarantee: 'each index is applied once and in order; a snapshot only moves the service on',
    source: 'Raft §5.3, §7; Figure 2 "lastApplied"',
    tests: ['TestBasicAgree3B', 'TestSnapshotInstall3D', 'TestSnapshotAllCrash3D'],
    questions: [
      'Who hands messages to the service: one task, or several?',
      'What happens if a snapshot comes while entries are handed over?',
      'Where do commitIndex and lastApplied begin after a restart?',
    ],
  },
  {
    checks: [
      'a leader within 5 s',
      'a leader stays without failures',
      'a leader accepts commands',
      'a server is up',
    ],
    guarantee: 'a majority that can talk elects a leader within 5 s, and keeps it',
    source: 'Raft §5.2, §5.6 (timing)',
    tests: ['TestInitialElection3A', 'TestManyElections3A'],
    questions: [
      'What starts an election, and which events put it off?',
      'How far apart are the time-outs, and are they drawn anew?',
      'Does one server that does not answer hold up the requests to the others?',
    ],
  },
  {
    checks: ['a leader once the world has healed'],
    guarantee: 'once all are well again, one server leads, and all others follow it',
    source: 'Raft §5.1, §5.2, §5.6 (timing)',
    tests: ['TestReElection3A', 'TestManyElections3A'],
    questions: [
      'What starts an election, and which events put it off?',
      'Who may believe that it leads, and which messages tell it otherwise?',
      'In what state can a server be that is neither elected nor hears of anybody who is?',
    ],
  },
  {
    checks: ['agreement within 10 s', 'every command that was started appears'],
    guarantee: 'a command that a leader of a connected majority takes is soon applied by all',
    source: 'Raft §5.3',
    tests: ['TestFailAgree3B', ...BACKUP],
    questions: [
      'How does a leader learn that a follower lags, and how many round trips does it take?',
      'Who tells followers that an entry is committed, and when?',
      'After a disagreement, can leader and follower ask and refuse for ever?',
    ],
  },
  {
    checks: ['all servers agree once the world has healed', 'agreement within 31 s'],
    guarantee: 'once all is well again, every server catches up',
    source: 'Raft §5.3, §5.5, §7',
    tests: ['TestUnreliableAgree3C', 'TestSnapshotInstallCrash3D'],
    questions: [
      'What does each task do when a call fails, or the term has changed meanwhile?',
      'Can a server be left with nobody who sends it what it lacks?',
      'What does a leader send to a server that lacks what the snapshot has replaced?',
    ],
  },
  {
    checks: ['a term lasts long enough', 'a deposed leader steps down'],
    guarantee: 'terms change for a reason: a time-out, or a newer term',
    source: 'Raft §5.2',
    tests: ['TestReElection3A', 'TestCount3B'],
    questions: ['Who began the new term, and what had it not heard for how long?'],
  },
  {
    checks: [
      'no leader without a quorum',
      'nothing is committed without a quorum',
      'nothing is committed before it is started',
    ],
    guarantee: 'without a majority of all servers nobody is elected and nothing is committed',
    source: 'Raft §5.2, §5.3',
    tests: ['TestReElection3A', 'TestFailNoAgree3B'],
    questions: ['A majority of what? Which answers are counted, and which silences?'],
  },
  {
    checks: ['commands get consecutive indices', 'the new index is 2 or 3'],
    guarantee: 'the indices of commands are 1, 2, 3: nothing else takes a place in the log',
    source: 'the labs: TestBasicAgree3B',
    tests: ['TestBasicAgree3B', 'TestFailNoAgree3B'],
    questions: ['What stands in the log beside commands?'],
  },
  {
    checks: ['RPCs of an election', 'RPCs of agreement', 'RPCs of idleness', 'bytes sent'],
    guarantee: 'elections, agreement and idleness take few messages: each command goes out once',
    source: 'the labs: TestCount3B, TestRPCBytes3B; at most ten heartbeats a second',
    tests: ['TestCount3B', 'TestRPCBytes3B'],
    questions: [
      'What triggers a request, and can two triggers send the same entries?',
      'How often is an entry sent again to somebody who has just not answered yet?',
    ],
  },
  {
    checks: ['size of the persisted state', 'bound on the heap'],
    guarantee: 'what a snapshot covers leaves the log, in memory and on the disk',
    source: 'Raft §7',
    tests: ['TestSnapshotBasic3D', 'TestSnapshotAllCrash3D'],
    questions: ['Who still refers to entries that the snapshot has replaced?'],
  },
  {
    checks: ['a server finds its state undamaged'],
    guarantee: 'what a server reads after a crash is what was written, or is known not to be',
    source: 'Raft §5.1; docs/faults.md',
    tests: [],
    questions: ['In which order do bytes, file and name become durable?'],
  },
];
