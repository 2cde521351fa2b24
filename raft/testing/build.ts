import { Core } from '../core/core.ts';
import type { Effects } from '../core/effects.ts';
import type {
  AppendEntriesArgs,
  InstallSnapshotArgs,
  LogEntry,
  RequestVoteArgs,
  Rpcs,
} from '../core/messages.ts';
import { rules } from '../core/rules.ts';
import { type Durable, NOTHING } from '../core/state.ts';
import { usualCommand } from './words.ts';

/** Small builders for tests of one core: server 0 of three, unless they say otherwise. */

/** A log, written as the terms of its entries from index 1. */
export function log(...terms: readonly number[]): LogEntry[] {
  return terms.map((term, place) => ({ term, command: usualCommand(place + 1, term) }));
}

export interface Given extends Partial<Durable> {
  readonly me?: number;
  readonly size?: number;
}

/** A follower; its term is that of its last entry if none is given. */
export function follower({ me = 0, size = 3, ...durable }: Given = {}): Core {
  const currentTerm = durable.entries?.at(-1)?.term ?? durable.snapshotTerm ?? 0;
  return new Core(rules, me, size, { ...NOTHING, currentTerm, ...durable });
}

/** A candidate in the term after that of {@link follower}. */
export function candidate(given: Given = {}): Core {
  const core = follower(given);
  core.step({ type: 'ElectionTimeout' });
  persisted(core);
  return core;
}

/** A leader in the term after that of {@link follower}, elected by all; its log is durable. */
export function leader(given: Given = {}): Core {
  const core = candidate(given);
  const { me, size } = core.state;
  for (let from = 0; from < size; from++) if (from !== me) voted(core, from);
  return core;
}

/** All that a core has written is durable. */
export function persisted(core: Core): Effects {
  const { log: own, currentTerm: term } = core.state;
  return core.step({ type: 'Persisted', lastIndex: own.lastIndex, term });
}

/** A leader takes a command, and its entry is durable. */
export function started(core: Core, command: string = 'x'): Effects {
  const effects = core.step({ type: 'Start', command });
  persisted(core);
  return effects;
}

/** A vote arrives, by default one that was asked for in the core's current election. */
export function voted(
  core: Core,
  from: number,
  reply: Partial<Rpcs['RequestVote']['reply']> = {},
  term: number = core.state.currentTerm,
): Effects {
  return core.step({
    type: 'Reply',
    from,
    method: 'RequestVote',
    args: voteArgs({ term, candidateId: core.state.me }),
    reply: { term, voteGranted: true, ...reply },
  });
}

export function voteArgs(args: Partial<RequestVoteArgs> = {}): RequestVoteArgs {
  return { term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0, ...args };
}

export function entriesArgs(args: Partial<AppendEntriesArgs> = {}): AppendEntriesArgs {
  const none = { prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };
  return { term: 1, leaderId: 1, ...none, ...args };
}

export function snapshotArgs(args: Partial<InstallSnapshotArgs> = {}): InstallSnapshotArgs {
  return {
    term: 1,
    leaderId: 1,
    lastIncludedIndex: 1,
    lastIncludedTerm: 1,
    snapshot: '["s"]',
    ...args,
  };
}

/** Somebody asks for a vote. */
export function asked(core: Core, args: Partial<RequestVoteArgs>): Effects {
  return core.step({ type: 'RequestVote', args: voteArgs(args) });
}

/** A leader sends entries, or a heartbeat. */
export function sent(core: Core, args: Partial<AppendEntriesArgs>): Effects {
  return core.step({ type: 'AppendEntries', args: entriesArgs(args) });
}

/** A leader sends a snapshot. */
export function installed(core: Core, args: Partial<InstallSnapshotArgs>): Effects {
  return core.step({ type: 'InstallSnapshot', args: snapshotArgs(args) });
}

/** A follower answers what this leader has sent it. */
export function answered(
  core: Core,
  from: number,
  args: Partial<AppendEntriesArgs>,
  reply: Partial<Rpcs['AppendEntries']['reply']> | undefined = {},
): Effects {
  const { currentTerm: term, me: leaderId } = core.state;
  return core.step({
    type: 'Reply',
    from,
    method: 'AppendEntries',
    args: entriesArgs({ term, leaderId, ...args }),
    reply: { term, success: true, ...reply },
  });
}

/** The terms of a core's log, from the first entry after its snapshot. */
export function termsOf({ state }: Core): number[] {
  return state.log.from(state.log.snapshotIndex + 1).map(({ term }) => term);
}
