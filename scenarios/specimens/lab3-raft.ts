import {
  persisterStorage,
  raftOf,
  raftPorts,
  raftRules,
  type RaftLayers,
  type RaftPorts,
  type RaftRules,
} from '../../raft/index.ts';
import type { Specimen } from '../define/specimen.ts';
import { disks } from './lab3-disks.ts';

const withRule = (rule: Partial<RaftRules>): Partial<RaftLayers> => ({
  makeRaft: raftOf({ rules: { ...raftRules, ...rule }, ports: raftPorts }),
});
const withPort = (port: Partial<RaftPorts>): Partial<RaftLayers> => ({
  makeRaft: raftOf({ rules: raftRules, ports: { ...raftPorts, ...port } }),
});

/** What one reads in the paper's section, and what happens if one reads it otherwise. */
type Entry = Omit<Specimen, 'lab'>;

const elections: readonly Entry[] = [
  {
    id: 'R3',
    title: 'All servers have the same election time-out',
    seam: 'port',
    guarantee: 'split votes are rare',
    class: 'liveness',
    lesson:
      'The time-outs are drawn anew each time so that one server runs out before the others. ' +
      'With a constant all of them ask at once, vote for themselves, and do so again.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({ electionTimeoutMs: () => 500 }),
  },
  {
    id: 'R5',
    title: 'Terms in replies are ignored',
    seam: 'rule',
    guarantee: 'a deposed leader steps down when it learns of a newer term',
    class: 'safety',
    lesson:
      'A leader that was cut off learns that it is deposed from the replies to its ' +
      'heartbeats, for nobody else writes to it. If it does not listen, it stays a leader in ' +
      'its own eyes.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      adoptsTerm: (state, term, seenIn) => seenIn === 'request' && term > state.currentTerm,
    }),
  },
  {
    id: 'R6',
    title: 'The longer log is more up-to-date',
    seam: 'rule',
    guarantee: 'Leader Completeness',
    class: 'safety',
    lesson:
      'A long log may hold many entries that nobody else has. The term of the last entry ' +
      'comes first; length decides only between equal terms (§5.4.1).',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      isUpToDate: ({ log }, { lastLogIndex }) => lastLogIndex >= log.lastIndex,
    }),
  },
  {
    id: 'R7',
    title: 'Stepping down within a term forgets the vote',
    seam: 'rule',
    guarantee: 'Election Safety',
    class: 'safety',
    lesson:
      'The vote belongs to the term. Whoever clears it when a candidate becomes a follower in ' +
      'the same term has two votes to give.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({ voteAfterSteppingDown: () => undefined }),
  },
  {
    id: 'R9',
    title: 'Votes of an earlier election are counted',
    seam: 'rule',
    guarantee: 'Election Safety',
    class: 'safety',
    lesson:
      'A reply may be as old as the network is slow. A vote for term 7 says nothing about ' +
      'term 8, in which its giver may have voted for somebody else.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      countsVote: (state, _args, reply) => reply.voteGranted && state.role === 'candidate',
    }),
  },
  {
    id: 'R11',
    title: 'The later last term decides, however short the log',
    seam: 'rule',
    guarantee: 'Leader Completeness',
    class: 'safety',
    lesson:
      'Of two logs that end in the same term the longer one has everything that was ' +
      'committed; the shorter one need not (§5.4.1).',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      isUpToDate: ({ log }, { lastLogTerm }) => lastLogTerm >= log.lastTerm,
    }),
  },
  {
    id: 'R14',
    title: 'The vote that was given is ignored',
    seam: 'rule',
    guarantee: 'Election Safety',
    class: 'safety',
    lesson: 'One vote a term is what makes two majorities in one term impossible (§5.2).',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      mayGrantVote: (state, args) =>
        args.term >= state.currentTerm && raftRules.isUpToDate(state, args),
    }),
  },
  {
    id: 'R51',
    title: 'Half of the servers are a quorum',
    seam: 'rule',
    guarantee: 'any two quorums share a server',
    class: 'safety',
    lesson: 'Two halves need not meet. With an odd number of servers rounding hides the mistake.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({ isQuorum: (state, servers) => 2 * servers >= state.size - 1 }),
  },
];

const replication: readonly Entry[] = [
  {
    id: 'R8',
    title: 'Heartbeats skip the consistency check',
    seam: 'rule',
    guarantee: 'State Machine Safety',
    class: 'liveness',
    lesson:
      'A heartbeat is an AppendEntries like any other. Without the check a follower takes the ' +
      'leader’s commitIndex for a log that is not the leader’s.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      passesConsistencyCheck(state, args) {
        return args.entries.length === 0 || raftRules.passesConsistencyCheck(state, args);
      },
      followerCommitIndex: (state, { leaderCommit, entries, prevLogIndex }) => {
        const last = entries.length === 0 ? leaderCommit : prevLogIndex + entries.length;
        return Math.max(state.commitIndex, Math.min(leaderCommit, last));
      },
    }),
  },
  {
    id: 'R13',
    title: 'Older entries are committed by counting replicas',
    seam: 'rule',
    guarantee: 'Leader Completeness',
    class: 'safety',
    lesson:
      'Figure 8: an old entry on a majority of servers can still be overwritten by a leader ' +
      'whose last term is later. Only an entry of the current term, once it is on a majority, ' +
      'keeps such a leader from being elected; older ones are committed with it (§5.4.2).',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      leaderCommitIndex(state) {
        const matched = state.progress.map(({ matchIndex }) => matchIndex).sort((a, b) => b - a);
        const n = matched.find((_, servers) => raftRules.isQuorum(state, servers + 1)) ?? 0;
        return Math.max(state.commitIndex, n);
      },
    }),
  },
  {
    id: 'R15',
    title: 'The commitIndex of a follower may go back',
    seam: 'rule',
    guarantee: 'what is committed stays committed',
    class: 'safety',
    lesson:
      'An old request says of the log only what it covers. min(leaderCommit, last new entry) ' +
      'is a lower bound, never a correction.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      followerCommitIndex: (_state, { leaderCommit, prevLogIndex, entries }) =>
        Math.min(leaderCommit, prevLogIndex + entries.length),
    }),
  },
  {
    id: 'R17',
    title: 'AppendEntries truncates without a conflict',
    seam: 'rule',
    guarantee: 'what a follower has acknowledged stays in its log',
    class: 'safety',
    lesson:
      'Requests overtake each other. A short one that arrives late would take away the ' +
      'entries of the longer one, which the leader counts already.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      conflictAt: ({ log }, { prevLogIndex }) =>
        prevLogIndex >= log.snapshotIndex && prevLogIndex < log.lastIndex
          ? prevLogIndex + 1
          : undefined,
    }),
  },
  {
    id: 'R19',
    title: 'A reply is taken for the whole log of the leader',
    seam: 'rule',
    guarantee: 'matchIndex is what a follower has',
    class: 'safety',
    lesson:
      'While the reply was on its way the leader’s log has grown. What the follower has is ' +
      'what the request brought: prevLogIndex + entries.length.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({ matchIndexAfter: ({ log }) => log.lastIndex }),
  },
  {
    id: 'R21',
    title: 'A new leader assumes that all logs match its own',
    seam: 'rule',
    guarantee: 'matchIndex is what a follower has',
    class: 'liveness',
    lesson:
      'nextIndex is a guess, which may be wrong and is corrected. matchIndex is knowledge, ' +
      'and of that a new leader has none.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      initialProgress: ({ log }) => ({
        nextIndex: log.lastIndex + 1,
        matchIndex: log.lastIndex,
      }),
    }),
  },
  {
    id: 'R31',
    title: 'Two tasks apply entries',
    seam: 'port',
    guarantee: 'entries are applied in order',
    class: 'safety',
    lesson:
      'Two tasks that each take the next entry and then hand it over will do so in either ' +
      'order. There is one applier, or a lock over both.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      apply: (env, apply, message) =>
        void env.setTimer(env.random.below(3), () => void apply(message)),
    }),
  },
  {
    id: 'R47',
    title: 'Heartbeats do not tell what is committed',
    seam: 'rule',
    guarantee: 'a committed entry is soon applied everywhere',
    class: 'liveness',
    lesson:
      'leaderCommit travels with heartbeats, too. Otherwise the last command of a quiet hour ' +
      'is applied by the leader alone.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      followerCommitIndex: (state, args) =>
        args.entries.length === 0 ? state.commitIndex : raftRules.followerCommitIndex(state, args),
    }),
  },
];

const persistence: readonly Entry[] = [
  {
    id: 'R2',
    title: 'The vote is not persisted',
    seam: 'port',
    guarantee: 'Election Safety',
    class: 'safety',
    lesson:
      'A server that crashes after it voted, and votes again in the same term when it is ' +
      'back, has two votes to give.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) => {
        const vote = changes.vote && { ...changes.vote, votedFor: undefined };
        storage.persist({ ...changes, vote }, whole, done);
      },
    }),
  },
  {
    id: 'R4',
    title: 'Entries that a follower takes are not persisted',
    seam: 'port',
    guarantee: 'what is acknowledged is durable',
    class: 'safety',
    lesson:
      'An acknowledged entry counts for the leader. If the follower loses it in a crash, a ' +
      'majority has it only on paper.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) =>
        storage.persist({ ...changes, log: undefined }, whole, done),
    }),
  },
  {
    id: 'R27',
    title: 'A newer term is not persisted when stepping down',
    seam: 'port',
    guarantee: 'terms only grow, also over a crash',
    class: 'safety',
    lesson:
      'A server that forgets the term it has seen may vote once more in it, or lead it again.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) => {
        const vote = changes.vote?.votedFor === undefined ? undefined : changes.vote;
        storage.persist({ ...changes, vote }, whole, done);
      },
    }),
  },
  {
    id: 'R29',
    title: 'Everything is persisted 5 ms late',
    seam: 'port',
    guarantee: 'what others can observe is durable',
    class: 'safety',
    lesson:
      'The right fields at the wrong moment. Whoever crashes in between has promised what it ' +
      'no longer knows; a tester that never crashes there never sees it.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      persist: (env, storage, changes, whole, done) => {
        const now = whole();
        env.setTimer(5, () => storage.persist(changes, () => now, nothing));
        done();
      },
    }),
  },
];

const snapshots: readonly Entry[] = [
  {
    id: 'R12',
    title: 'Stale snapshots are installed',
    seam: 'rule',
    guarantee: 'the service is never taken back',
    class: 'safety',
    lesson:
      'A snapshot that comes late, or twice, is older than what the follower has. To install ' +
      'it is to forget what was committed, and to apply it again.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({ acceptsSnapshot: () => true }),
  },
  {
    id: 'R33',
    title: 'Snapshots are handed over by a task of their own',
    seam: 'port',
    guarantee: 'entries are applied in order',
    class: 'safety',
    lesson:
      'A snapshot and the entries after it take the same way to the service, in one order. A ' +
      'second task lets the entries arrive first.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      apply: (env, apply, message) => {
        if (message.kind === 'command') void apply(message);
        else env.setTimer(1, () => void apply(message));
      },
    }),
  },
  {
    id: 'R35',
    title: 'Persisting the state drops the snapshot',
    seam: 'port',
    guarantee: 'state and snapshot stay together',
    class: 'safety',
    lesson:
      'The persister replaces both. Whoever saves the state alone, after a snapshot exists, ' +
      'saves a log whose beginning is nowhere.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      storage: (persister) =>
        persisterStorage({
          ...persister,
          append: (text) => persister.save(persister.readState() + text, undefined),
        }),
    }),
  },
  {
    id: 'R39',
    title: 'Entries that conflict with a snapshot are kept',
    seam: 'rule',
    guarantee: 'Log Matching',
    class: 'safety',
    lesson:
      'Entries after the snapshot are good only if the entry at its end is the snapshot’s ' +
      'own. Otherwise they are of another history (Figure 13, steps 6 and 7).',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      retainsSuffix: ({ log }, { lastIncludedIndex }) => log.lastIndex >= lastIncludedIndex,
    }),
  },
  {
    id: 'R41',
    title: 'A snapshot of discarded entries is accepted',
    seam: 'rule',
    guarantee: 'the log goes on where the snapshot ends',
    class: 'safety',
    lesson:
      'The service may come with a snapshot that is older than the one installed meanwhile. ' +
      'Its index is before the log, where no entry is left to cut.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({ mayCompact: ({ lastApplied }, index) => index <= lastApplied }),
  },
];

/** The bugs of lab 3, each seen in somebody's solution, or left in by its tests. */
export const lab3Specimens: readonly Specimen[] = [
  ...elections,
  ...replication,
  ...persistence,
  ...snapshots,
  ...disks,
].map((entry) => ({ lab: 3, ...entry }));

function nothing(): void {}
