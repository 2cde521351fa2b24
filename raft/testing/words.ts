import type { Changes } from '../core/effects.ts';
import type { LogEntry, Request } from '../core/messages.ts';
import type { State } from '../core/state.ts';
import type { Happening, Reply } from './cores.ts';

/** What can be seen of servers, each as a line of a transcript. */
export function inWords(happening: Happening): string {
  switch (happening.type) {
    case 'restarts timer':
      return `n${happening.server} restarts its election timer`;
    case 'leads':
      return `n${happening.server} leads`;
    case 'writes':
      return `n${happening.server} writes ${changesInWords(happening.changes)}`;
    case 'started': {
      const { isLeader, index, term } = happening.result;
      return `n${happening.server} ${isLeader ? `takes it as ${index}/${term}` : 'is no leader'}`;
    }
    case 'sends': {
      const { name, from, request } = happening.message;
      return `${name} n${from} -> n${request.to} ${requestInWords(request)}`;
    }
    case 'answers': {
      const { name, request } = happening.message;
      return `n${request.to} answers ${name}: ${replyInWords(happening.reply)}`;
    }
    case 'applies': {
      const { message, server } = happening;
      if (message.kind === 'command') {
        return `n${server} applies ${message.index}: ${String(message.command)}`;
      }
      return `n${server} restores its service to ${message.index}/${message.term}`;
    }
  }
}

/** Command of an entry of which a transcript gives the term only: `c4` at index 3 of term 4. */
export function usualCommand(index: number, term: number): string {
  return String.fromCharCode(96 + index) + term;
}

export function stateInWords(state: State): string {
  const { me, role, currentTerm, votedFor, commitIndex, lastApplied, log } = state;
  const { snapshotIndex, snapshotTerm } = log;
  return [
    `n${me} is ${role}`,
    `term ${currentTerm}`,
    ...(votedFor === undefined ? [] : [`vote n${votedFor}`]),
    ...(snapshotIndex === 0 ? [] : [`snapshot ${snapshotIndex}/${snapshotTerm}`]),
    `log ${entriesInWords(snapshotIndex + 1, log.from(snapshotIndex + 1))}`,
    `committed ${commitIndex}`,
    ...(lastApplied === commitIndex ? [] : [`applied ${lastApplied}`]),
    ...(role === 'leader' ? [`followers ${progressInWords(state)}`] : []),
  ].join(', ');
}

/** For each follower the next entry to send, and what it surely has. */
function progressInWords({ me, progress }: State): string {
  const words = progress.map(
    ({ nextIndex, matchIndex }, at) => `n${at} next ${nextIndex} match ${matchIndex}`,
  );
  return words.filter((_, at) => at !== me).join(' | ');
}

function entriesInWords(from: number, entries: readonly LogEntry[]): string {
  const words = entries.map(({ term, command }, offset) =>
    command === usualCommand(from + offset, term) ? String(term) : `${term}:${String(command)}`,
  );
  return words.length === 0 ? 'empty' : words.join(' ');
}

function changesInWords({ vote, log, snapshot, lastIndex }: Changes): string {
  return [
    ...(vote === undefined ? [] : [`term ${vote.currentTerm}`]),
    ...(vote === undefined
      ? []
      : [vote.votedFor === undefined ? 'no vote' : `vote n${vote.votedFor}`]),
    ...(log === undefined
      ? []
      : [`log from ${log.from}: ${entriesInWords(log.from, log.entries)}`]),
    ...(snapshot === undefined ? [] : [`all anew with the snapshot, last index ${lastIndex}`]),
  ].join(', ');
}

function requestInWords({ method, args }: Request): string {
  const start = `${method} term ${args.term}`;
  switch (method) {
    case 'RequestVote':
      return `${start}, last ${args.lastLogIndex}/${args.lastLogTerm}`;
    case 'AppendEntries': {
      const { prevLogIndex, prevLogTerm, entries, leaderCommit } = args;
      const brought =
        entries.length === 0 ? 'heartbeat' : `entries ${entriesInWords(prevLogIndex + 1, entries)}`;
      const previous = `previous ${prevLogIndex}/${prevLogTerm}`;
      return `${start}, ${previous}, ${brought}, commit ${leaderCommit}`;
    }
    case 'InstallSnapshot':
      return `${start}, up to ${args.lastIncludedIndex}/${args.lastIncludedTerm}`;
  }
}

function replyInWords(reply: Reply): string {
  const term = `term ${reply.term}`;
  if ('voteGranted' in reply) return `${term}, ${reply.voteGranted ? 'granted' : 'refused'}`;
  if (!('success' in reply)) return term;
  if (reply.success) return `${term}, success`;
  if (reply.conflictIndex === undefined) return `${term}, failure`;
  const conflict =
    reply.conflictTerm === 0
      ? `log ends before ${reply.conflictIndex}`
      : `term ${reply.conflictTerm} begins at ${reply.conflictIndex}`;
  return `${term}, failure: ${conflict}`;
}
