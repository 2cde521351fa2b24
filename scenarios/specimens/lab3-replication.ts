import { raftRules } from '../../raft/index.ts';
import { type Entry, withPort, withRule } from './lab3-parts.ts';

/** Log replication and commitment (§5.3, §5.4.2). */
export const replication: readonly Entry[] = [
  {
    id: 'R10',
    title: 'Replies of an earlier term of leadership are taken',
    seam: 'rule',
    guarantee: 'matchIndex is what a follower has',
    class: 'safety',
    lesson:
      'Who is elected again may get answers to what it sent when it was a leader before. ' +
      'Meanwhile another leader may have overwritten what they acknowledge.',
    scenarios: ['raft/late-replies'],
    layers: withRule({ isCurrentReply: () => true }),
  },
  {
    id: 'R8',
    title: 'Heartbeats skip the consistency check',
    seam: 'rule',
    guarantee: 'State Machine Safety',
    class: 'safety',
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
    scenarios: ['raft/figure-8-by-hand', 'raft/chaos-5', 'raft/hunt-5'],
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
    class: 'safety',
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
    id: 'R20',
    title: 'The leader puts a command after what is committed',
    seam: 'contract',
    guarantee: 'Leader Append-Only',
    class: 'safety',
    lesson:
      'Commands that are under way have their place in the log already. A leader adds to the ' +
      'end of its log, and does nothing else to it (§5.3).',
    scenarios: ['raft/concurrent-starts', 'raft/chaos-5'],
    edit: {
      file: 'examples/raft-async.ts',
      find: 'isLeader: false };\n    const index = log.lastIndex + 1;\n',
      replace: 'isLeader: false };\n    const index = this.commitIndex + 1;\n',
    },
  },
  {
    id: 'R25',
    title: 'The leader backs up one entry at a time',
    seam: 'rule',
    guarantee: 'a follower with a long wrong log catches up soon',
    class: 'liveness',
    lesson:
      'Every step costs a round trip, and a log may be wrong for thousands of entries. With ' +
      'the term of the conflict the leader passes over all of them at once (§5.3).',
    scenarios: ['raft/backup-unreliable'],
    layers: withRule({ nextIndexAfterConflict: (_state, _to, { prevLogIndex }) => prevLogIndex }),
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
