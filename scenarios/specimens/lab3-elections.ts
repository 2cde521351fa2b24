import { raftRules } from '../../raft/index.ts';
import { type Entry, withPort, withRule } from './lab3-parts.ts';

/** Leader election (§5.2, §5.4.1). */
export const elections: readonly Entry[] = [
  {
    id: 'R1',
    title: 'Whoever asks for a vote restarts the election timer',
    seam: 'rule',
    guarantee: 'a server that can win gets to ask',
    class: 'liveness',
    lesson:
      'Only a vote that is granted restarts the timer. A server with a stale log cannot win, ' +
      'however often it asks; with this it also keeps those who could from asking.',
    scenarios: ['raft/stale-candidates'],
    layers: withRule({ restartsElectionTimer: () => true }),
  },
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
    scenarios: ['raft/deaf-leader', 'raft/chaos-5'],
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
    scenarios: ['raft/chaos-5', 'raft/hunt-5'],
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
    scenarios: ['raft/late-votes'],
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
    id: 'R69',
    title: 'The election time-out ends at a time of day',
    seam: 'port',
    guarantee: 'a leader that is gone is replaced after a time-out',
    class: 'liveness',
    lesson:
      'A time-out is a length of time. Kept as a time of day it lasts longer if the clock is set ' +
      'back: a server that was an hour ahead asks for no vote for an hour.',
    scenarios: ['raft/wrong-clocks'],
    layers: withPort({ elapsedMs: (env) => env.now() }),
  },
  {
    id: 'R18',
    title: 'Whoever answers has voted for me',
    seam: 'rule',
    guarantee: 'Election Safety',
    class: 'safety',
    lesson:
      'A server that has voted for somebody else in this term, or has a better log, answers, ' +
      'too. It says no.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      countsVote: ({ role, currentTerm }, { term }) => role === 'candidate' && term === currentTerm,
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
