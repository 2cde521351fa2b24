import type { RequestVoteArgs, RequestVoteReply } from './messages.ts';
import { broadcast } from './sending.ts';
import type { Step } from './step.ts';
import { adoptTerm, restartTimerOn } from './terms.ts';

/** Leader election (§5.2). */

/** "On conversion to candidate, start election" (Figure 2, candidates). */
export function startElection(step: Step): void {
  const { state } = step;
  step.resetElectionTimer = true;
  if (state.role === 'leader') return;
  state.role = 'candidate';
  state.currentTerm++;
  state.leaderId = undefined;
  state.votedFor = state.me;
  state.votes = new Set();
  step.voteChanged();
  for (let to = 0; to < state.size; to++) if (to !== state.me) askForVote(step, to);
}

/** Its own vote counts like any other: when it is durable, and cannot be given again (Figure 2). */
export function voteIsDurable(step: Step, term: number): void {
  const { state } = step;
  if (state.role !== 'candidate' || term !== state.currentTerm) return;
  state.votes.add(state.me);
  winIfElected(step);
}

export function answerRequestVote(step: Step, args: RequestVoteArgs): void {
  const { state, rules } = step;
  adoptTerm(step, args.term, 'request');
  const voteGranted = rules.mayGrantVote(state, args);
  if (voteGranted && state.votedFor !== args.candidateId) {
    state.votedFor = args.candidateId;
    step.voteChanged();
  }
  restartTimerOn(step, voteGranted ? 'vote granted' : 'vote refused');
  step.reply = { term: state.currentTerm, voteGranted };
}

export function voteAnswered(
  step: Step,
  from: number,
  args: RequestVoteArgs,
  reply: RequestVoteReply | undefined,
): void {
  const { state, rules } = step;
  if (reply === undefined) {
    // "Servers retry RPCs if they do not receive a response in a timely manner" (§5.1).
    if (state.role === 'candidate' && args.term === state.currentTerm) askForVote(step, from);
    return;
  }
  adoptTerm(step, reply.term, 'reply');
  if (!rules.countsVote(state, args, reply)) return;
  state.votes.add(from);
  winIfElected(step);
}

function askForVote(step: Step, to: number): void {
  const { me, currentTerm, log } = step.state;
  step.send({
    to,
    method: 'RequestVote',
    args: {
      term: currentTerm,
      candidateId: me,
      lastLogIndex: log.lastIndex,
      lastLogTerm: log.lastTerm,
    },
  });
}

function winIfElected(step: Step): void {
  const { state, rules } = step;
  if (!rules.isQuorum(state, state.votes.size)) return;
  state.role = 'leader';
  state.leaderId = state.me;
  state.progress = Array.from({ length: state.size }, () => ({
    ...rules.initialProgress(state),
    sendingTo: undefined,
    snapshotBeats: undefined,
  }));
  step.becameLeader = true;
  // "Upon election: send initial empty AppendEntries RPCs (heartbeat) to each server" (Figure 2).
  broadcast(step);
}
