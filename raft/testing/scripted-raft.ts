import type { Apply, Command, MakeRaft, StartResult } from '../contract.ts';

/** A Raft that says and does what a test wants. It leads term 1 until it is told otherwise. */
export class ScriptedRaft {
  term = 1;
  isLeader = true;
  leader: number | undefined = 0;
  /** Index of the last command that was started, or is said to be there. */
  lastIndex = 0;
  /** What was started, by its index; a later command at an index replaces an earlier one. */
  readonly log: Command[] = [];
  readonly snapshots: { readonly index: number; readonly snapshot: string }[] = [];
  /** Thrown by the next start. */
  error: Error | undefined = undefined;
  apply!: Apply;
  readonly make: MakeRaft;

  constructor(isSynchronous = true) {
    const make: MakeRaft = (_env, _peers, _me, _persister, apply) => {
      this.apply = apply;
      return {
        start: (command) => this.start(command),
        getState: () => ({ term: this.term, isLeader: this.isLeader, leader: this.leader }),
        snapshot: (index, snapshot) => void this.snapshots.push({ index, snapshot }),
        handlers: { RequestVote: () => 'a vote' },
      };
    };
    this.make = Object.assign(make, { isSynchronous });
  }

  /** Somebody else leads a new term. */
  depose(leader?: number): void {
    this.term++;
    this.isLeader = false;
    this.leader = leader;
  }

  /** This server leads a new term. */
  elect(): void {
    this.term++;
    this.isLeader = true;
    this.leader = 0;
  }

  /** What was started at an index is committed. */
  commit(index: number): void {
    this.commitOther(index, this.log[index]);
  }

  /** Something is committed at an index. */
  commitOther(index: number, command: Command): void {
    void this.apply({ kind: 'command', index, command });
  }

  install(index: number, snapshot: string): void {
    void this.apply({ kind: 'snapshot', index, term: this.term, snapshot });
  }

  private start(command: Command): StartResult {
    if (this.error !== undefined) throw this.error;
    const { term, isLeader } = this;
    if (!isLeader) return { index: -1, term, isLeader };
    this.log[++this.lastIndex] = command;
    return { index: this.lastIndex, term, isLeader };
  }
}
