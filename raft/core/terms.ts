import type { TimerCause } from './rules.ts';
import type { Progress } from './state.ts';
import type { Step } from './step.ts';

/** Terms, and what every server does about them (§5.1). */

/** "If RPC request or response contains term T > currentTerm ... convert to follower" (§5.1). */
export function adoptTerm(step: Step, term: number, seenIn: 'request' | 'reply'): void {
  if (step.rules.adoptsTerm(step.state, term, seenIn)) stepDown(step, term);
}

/** Become a follower, in this term or a newer one. */
export function stepDown(step: Step, term: number): void {
  const { state, rules } = step;
  const votedFor = rules.voteAfterSteppingDown(state, term);
  if (term !== state.currentTerm || votedFor !== state.votedFor) {
    if (term !== state.currentTerm) state.leaderId = undefined;
    state.currentTerm = term;
    state.votedFor = votedFor;
    step.voteChanged();
  }
  state.role = 'follower';
}

export function restartTimerOn(step: Step, cause: TimerCause): void {
  if (step.rules.restartsElectionTimer(step.state, cause)) step.resetElectionTimer = true;
}

/** A leader was answered: the progress of that follower, unless it is no longer its concern. */
export function progressAfter(
  step: Step,
  from: number,
  args: { readonly term: number },
  reply: { readonly term: number } | undefined,
): Progress | undefined {
  const { state, rules } = step;
  if (reply !== undefined) adoptTerm(step, reply.term, 'reply');
  if (state.role !== 'leader' || !rules.isCurrentReply(state, args.term)) return undefined;
  return state.progress[from];
}
