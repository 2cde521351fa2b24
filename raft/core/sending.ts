import type { Step } from './step.ts';

/** What a leader sends (§5.3, §7). */

/**
 * Most entries of one AppendEntries. More follow as soon as these are answered; without a limit a
 * follower that answers late would be sent the same long log over and over.
 */
const ENTRIES_MAX = 100;

/** A snapshot that is not answered is sent again after so many heartbeats. */
const RESEND_BEATS = 5;

/** Heartbeats, which carry whatever the followers lack (§5.2). */
export function broadcast(step: Step): void {
  const { state } = step;
  if (state.role !== 'leader') return;
  for (let to = 0; to < state.size; to++) if (to !== state.me) sendEntries(step, to);
}

/** "If last log index >= nextIndex for a follower: send AppendEntries" (Figure 2, leaders). */
export function sendEntries(step: Step, to: number): void {
  const { me, currentTerm, log, commitIndex, progress } = step.state;
  const follower = progress[to]!;
  const isBehind = follower.nextIndex <= log.snapshotIndex;
  if (isBehind) sendSnapshot(step, to);
  // While the snapshot is under way nothing but heartbeats follows it.
  const prevLogIndex = isBehind ? log.snapshotIndex : follower.nextIndex - 1;
  const entries = isBehind ? [] : log.from(prevLogIndex + 1, ENTRIES_MAX);
  follower.sendingTo = entries.length > 0 ? prevLogIndex + entries.length : undefined;
  step.send({
    to,
    method: 'AppendEntries',
    args: {
      term: currentTerm,
      leaderId: me,
      prevLogIndex,
      prevLogTerm: log.term(prevLogIndex) ?? 0,
      entries,
      leaderCommit: commitIndex,
    },
  });
}

/**
 * Send what the follower lacks, unless it is still busy with what it was sent. Were every answer,
 * those of heartbeats too, followed by more, then each heartbeat would begin a sequence of requests
 * that under load never ends.
 */
export function sendMore(step: Step, to: number): void {
  const { log, progress } = step.state;
  const { nextIndex, sendingTo, snapshotBeats } = progress[to]!;
  const isWaiting = sendingTo !== undefined || snapshotBeats !== undefined;
  if (!isWaiting && nextIndex <= log.lastIndex) sendEntries(step, to);
}

/** "Send InstallSnapshot RPC if the leader has already discarded the next entry" (§7). */
function sendSnapshot(step: Step, to: number): void {
  const { me, currentTerm, log, snapshot, progress } = step.state;
  const follower = progress[to]!;
  const waiting = follower.snapshotBeats ?? RESEND_BEATS;
  follower.snapshotBeats = waiting + 1;
  if (waiting < RESEND_BEATS) return;
  follower.snapshotBeats = 0;
  step.send({
    to,
    method: 'InstallSnapshot',
    args: {
      term: currentTerm,
      leaderId: me,
      lastIncludedIndex: log.snapshotIndex,
      lastIncludedTerm: log.snapshotTerm,
      snapshot,
    },
  });
}
