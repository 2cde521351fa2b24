import type { ApplyMessage, StartResult } from '../contract.ts';
import type { Changes, Effects } from './effects.ts';
import type { Method, Request, Rpcs } from './messages.ts';
import type { Rules } from './rules.ts';
import type { State } from './state.ts';

const NONE: readonly never[] = [];

/** One step of a server in the making: its state, its rules, and what is to be done. */
export class Step {
  readonly state: State;
  readonly rules: Rules;
  reply: Rpcs[Method]['reply'] | undefined = undefined;
  started: StartResult | undefined = undefined;
  resetElectionTimer = false;
  becameLeader = false;
  // Most steps neither send nor apply anything.
  private requests: Request[] | undefined = undefined;
  private apply: ApplyMessage[] | undefined = undefined;
  private isVoteChanged = false;
  private changedFrom: number | undefined = undefined;
  private snapshot: string | undefined = undefined;

  constructor(state: State, rules: Rules) {
    this.state = state;
    this.rules = rules;
  }

  send(request: Request): void {
    (this.requests ??= []).push(request);
  }

  /** The current term or the vote has changed. */
  voteChanged(): void {
    this.isVoteChanged = true;
  }

  /** The log has changed from an index on. */
  logChanged(from: number): void {
    this.changedFrom = Math.min(from, this.changedFrom ?? from);
  }

  /** A snapshot stands for the beginning of the log. */
  compacted(snapshot: string): void {
    this.snapshot = snapshot;
  }

  /** The service is to take a snapshot of the leader's. */
  restore(index: number, term: number, snapshot: string): void {
    (this.apply ??= []).push({ kind: 'snapshot', index, term, snapshot });
  }

  /** "If commitIndex > lastApplied: increment lastApplied, apply log[lastApplied]" (Figure 2). */
  applyCommitted(): void {
    const { state } = this;
    while (state.lastApplied < state.commitIndex) {
      const index = ++state.lastApplied;
      (this.apply ??= []).push({ kind: 'command', index, command: state.log.command(index) });
    }
  }

  effects(): Effects {
    const { reply, started, resetElectionTimer, becameLeader } = this;
    const { requests = NONE, apply = NONE } = this;
    const persist = this.changes();
    return { persist, reply, started, requests, apply, resetElectionTimer, becameLeader };
  }

  private changes(): Changes | undefined {
    const { currentTerm, votedFor, log } = this.state;
    const { isVoteChanged, changedFrom, snapshot } = this;
    if (!isVoteChanged && changedFrom === undefined && snapshot === undefined) return undefined;
    return {
      vote: isVoteChanged ? { currentTerm, votedFor } : undefined,
      log:
        changedFrom === undefined
          ? undefined
          : { from: changedFrom, entries: log.from(changedFrom) },
      snapshot,
      lastIndex: log.lastIndex,
      term: currentTerm,
    };
  }
}
