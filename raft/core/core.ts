import { answerRequestVote, startElection, voteAnswered, voteIsDurable } from './election.ts';
import type { Effects } from './effects.ts';
import type { Input } from './input.ts';
import { answerAppendEntries, entriesAnswered, persisted, start } from './replication.ts';
import type { Rules } from './rules.ts';
import { broadcast } from './sending.ts';
import { answerInstallSnapshot, compact, snapshotAnswered } from './snapshots.ts';
import { type Durable, State } from './state.ts';
import { Step } from './step.ts';

/**
 * Raft (Ongaro & Ousterhout, "In Search of an Understandable Consensus Algorithm", extended
 * version, 2014) as a synchronous state machine over plain data: an input comes in, effects come
 * out. It knows no clock, no network and no disk.
 */
export class Core {
  readonly state: State;
  private readonly rules: Rules;

  /**
   * @param me its place among `size` servers
   * @param durable what it finds of an earlier life
   */
  constructor(rules: Rules, me: number, size: number, durable: Durable) {
    this.rules = rules;
    this.state = new State(me, size, durable);
  }

  step(input: Input): Effects {
    const step = new Step(this.state, this.rules);
    take(step, input);
    return step.effects();
  }
}

function take(step: Step, input: Input): void {
  switch (input.type) {
    case 'ElectionTimeout':
      return startElection(step);
    case 'HeartbeatTimeout':
      return broadcast(step);
    case 'RequestVote':
      return answerRequestVote(step, input.args);
    case 'AppendEntries':
      return answerAppendEntries(step, input.args);
    case 'InstallSnapshot':
      return answerInstallSnapshot(step, input.args);
    case 'Reply':
      return takeReply(step, input);
    case 'Start':
      return start(step, input.command);
    case 'Snapshot':
      return compact(step, input.index, input.snapshot);
    case 'Persisted':
      voteIsDurable(step, input.term);
      return persisted(step, input.lastIndex, input.term);
  }
}

function takeReply(step: Step, input: Input & { readonly type: 'Reply' }): void {
  switch (input.method) {
    case 'RequestVote':
      return voteAnswered(step, input.from, input.args, input.reply);
    case 'AppendEntries':
      return entriesAnswered(step, input.from, input.args, input.reply);
    case 'InstallSnapshot':
      return snapshotAnswered(step, input.from, input.args, input.reply);
  }
}
