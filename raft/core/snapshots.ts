import type { InstallSnapshotArgs, InstallSnapshotReply } from './messages.ts';
import { sendMore } from './sending.ts';
import type { Step } from './step.ts';
import { adoptTerm, progressAfter, restartTimerOn, stepDown } from './terms.ts';

/** Log compaction (§7). */

/** The service has a snapshot: the entries that it covers are no longer needed. */
export function compact(step: Step, index: number, snapshot: string): void {
  const { state, rules } = step;
  if (!rules.mayCompact(state, index)) return;
  state.log.compact(index, state.log.term(index) ?? 0);
  state.snapshot = snapshot;
  step.compacted(snapshot);
}

export function answerInstallSnapshot(step: Step, args: InstallSnapshotArgs): void {
  const { state, rules } = step;
  adoptTerm(step, args.term, 'request');
  const term = state.currentTerm;
  step.reply = { term };
  if (args.term < term) return restartTimerOn(step, 'stale leader');
  stepDown(step, term);
  state.leaderId = args.leaderId;
  restartTimerOn(step, 'current leader');
  if (!rules.acceptsSnapshot(state, args)) return;
  const { lastIncludedIndex, lastIncludedTerm, snapshot } = args;
  if (rules.retainsSuffix(state, args)) state.log.compact(lastIncludedIndex, lastIncludedTerm);
  else state.log.reset(lastIncludedIndex, lastIncludedTerm);
  state.snapshot = snapshot;
  step.compacted(snapshot);
  state.commitIndex = lastIncludedIndex;
  state.lastApplied = lastIncludedIndex;
  step.restore(lastIncludedIndex, lastIncludedTerm, snapshot);
}

export function snapshotAnswered(
  step: Step,
  from: number,
  args: InstallSnapshotArgs,
  reply: InstallSnapshotReply | undefined,
): void {
  const { state, rules } = step;
  const progress = progressAfter(step, from, args, reply);
  if (progress === undefined) return;
  progress.snapshotBeats = undefined;
  if (reply === undefined) return;
  const match = rules.matchIndexAfterSnapshot(state, args);
  progress.matchIndex = Math.max(progress.matchIndex, match);
  progress.nextIndex = Math.max(progress.nextIndex, progress.matchIndex + 1);
  sendMore(step, from);
}
