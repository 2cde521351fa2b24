import type { Command } from '../contract.ts';
import type { AppendEntriesArgs, AppendEntriesReply } from './messages.ts';
import { sendEntries, sendMore } from './sending.ts';
import type { Step } from './step.ts';
import { adoptTerm, progressAfter, restartTimerOn, stepDown } from './terms.ts';

/** Log replication (§5.3). */

/** "If command received from client: append entry to local log" (Figure 2, leaders). */
export function start(step: Step, command: Command): void {
  const { state } = step;
  const { currentTerm: term, log } = state;
  const isLeader = state.role === 'leader';
  const index = log.lastIndex + 1;
  step.started = { index, term, isLeader };
  if (!isLeader) return;
  log.append([{ term, command }]);
  step.logChanged(index);
  for (let to = 0; to < state.size; to++) if (to !== state.me) sendMore(step, to);
}

export function answerAppendEntries(step: Step, args: AppendEntriesArgs): void {
  const { state, rules } = step;
  adoptTerm(step, args.term, 'request');
  const term = state.currentTerm;
  if (args.term < term) {
    restartTimerOn(step, 'stale leader');
    step.reply = { term, success: false };
    return;
  }
  // A candidate recognizes the leader of its own term (§5.2).
  stepDown(step, term);
  // "So follower can redirect clients" (Figure 2).
  state.leaderId = args.leaderId;
  restartTimerOn(step, 'current leader');
  if (!rules.passesConsistencyCheck(state, args)) {
    step.reply = { term, success: false, ...rules.conflictHint(state, args) };
    return;
  }
  merge(step, args);
  // No further than the log goes, whatever the rule says: there is nothing to apply.
  state.commitIndex = Math.min(rules.followerCommitIndex(state, args), state.log.lastIndex);
  step.applyCommitted();
  step.reply = { term, success: true };
}

export function entriesAnswered(
  step: Step,
  from: number,
  args: AppendEntriesArgs,
  reply: AppendEntriesReply | undefined,
): void {
  const { state, rules } = step;
  const progress = progressAfter(step, from, args, reply);
  if (progress === undefined) return;
  if (progress.sendingTo === args.prevLogIndex + args.entries.length) {
    progress.sendingTo = undefined;
  }
  // The next heartbeat tries again.
  if (reply === undefined) return;
  if (reply.success) {
    progress.matchIndex = Math.max(progress.matchIndex, rules.matchIndexAfter(state, args));
    progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
    advanceCommitIndex(step);
    return sendMore(step, from);
  }
  // A refusal that is older than what the follower has acknowledged since says nothing.
  if (args.prevLogIndex <= progress.matchIndex) return;
  const next = rules.nextIndexAfterConflict(state, from, args, reply);
  progress.nextIndex = Math.max(progress.matchIndex + 1, next);
  // A follower that waits for a snapshot refuses every heartbeat until it has it.
  const isWaiting = progress.sendingTo !== undefined || progress.snapshotBeats !== undefined;
  if (!isWaiting) sendEntries(step, from);
}

/** The leader's own log is durable up to an index: it counts like any other server's. */
export function persisted(step: Step, lastIndex: number, term: number): void {
  const { state } = step;
  const own = state.progress[state.me];
  if (state.role !== 'leader' || term !== state.currentTerm || own === undefined) return;
  own.matchIndex = Math.max(own.matchIndex, lastIndex);
  advanceCommitIndex(step);
}

/** Receiver's steps 3 and 4: delete what conflicts, append what is new. */
function merge(step: Step, args: AppendEntriesArgs): void {
  const { log } = step.state;
  const conflict = step.rules.conflictAt(step.state, args);
  if (conflict !== undefined) {
    log.truncateFrom(conflict);
    step.logChanged(conflict);
  }
  const known = log.lastIndex - args.prevLogIndex;
  const fresh = args.entries.slice(Math.max(0, known));
  if (fresh.length === 0) return;
  step.logChanged(log.lastIndex + 1);
  log.append(fresh);
}

function advanceCommitIndex(step: Step): void {
  const { state } = step;
  state.commitIndex = step.rules.leaderCommitIndex(state);
  step.applyCommitted();
}
