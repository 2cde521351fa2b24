import type { Env } from '../../sim/index.ts';
import { applier } from '../applier.ts';
import type { ApplyMessage, Raft } from '../contract.ts';
import type { MakeRsm, Rsm, RsmHost, StateMachine, SubmitResult } from './contract.ts';
import { Replica } from './replica.ts';
import { type RsmRules, rsmRules, type Waiting } from './rules.ts';
import { WaitingRoom } from './waiting-room.ts';

/** How often a server with requests under way looks whether it still leads, in ms. */
const LOOK_MS = 50;

/** What stands in the log: a request, and what tells it from all others. */
interface Entry {
  readonly id: string;
  readonly request: unknown;
}

/** How the replicated state machine reaches its Raft and its state machine. */
export interface RsmPorts {
  /** Start a request with Raft, and let who asked wait for it. Both in one piece. */
  start(env: Env, start: () => Waiting | undefined, wait: (waiting: Waiting) => void): void;
  /** Give Raft a snapshot of everything applied so far. */
  compact(raft: Raft, replica: Replica): void;
}

export const rsmPorts: RsmPorts = {
  start(_env, start, wait) {
    const waiting = start();
    if (waiting !== undefined) wait(waiting);
  },
  compact: (raft, replica) => raft.snapshot(replica.lastApplied, replica.snapshot()),
};

/** What it is made of; specimens replace one rule or one port. */
export interface RsmParts {
  readonly rules: RsmRules;
  readonly ports: RsmPorts;
}

/**
 * The replicated state machine of lab 4A: requests go through Raft's log, every server carries them
 * out in its order, and the one that started a request answers it.
 */
class ReplicatedMachine {
  readonly raft: Raft;
  readonly replica: Replica;
  private readonly env: Env;
  private readonly host: RsmHost;
  private readonly parts: RsmParts;
  private readonly room = new WaitingRoom();
  private started = 0;
  /** Bytes of Raft's state that the last snapshot left. */
  private sizeAfterLast = 0;
  private isLooking = false;

  constructor(env: Env, host: RsmHost, machine: StateMachine, parts: RsmParts) {
    this.env = env;
    this.host = host;
    this.parts = parts;
    this.replica = new Replica(env.id, machine);
    const { peers, me, persister, makeRaft } = host;
    const snapshot = persister.readSnapshot();
    if (snapshot !== undefined) this.replica.restore(snapshot);
    const isSynchronous = makeRaft.isSynchronous === true;
    const apply = applier(env, (message) => this.take(message), { isSynchronous });
    this.raft = makeRaft(env, peers, me, persister, apply);
  }

  propose(request: unknown, done: (result: SubmitResult) => void): void {
    const { raft, env } = this;
    const id = `${env.id}.${env.incarnation}.${this.started++}`;
    const start = (): Waiting | undefined => {
      const { index, term, isLeader } = raft.start({ id, request } satisfies Entry);
      if (isLeader) return { id, index, term };
      done(this.wrongLeader(false));
      return undefined;
    };
    this.parts.ports.start(env, start, (waiting) => {
      this.room.enter(waiting, done);
      this.lookAfterLeadership();
    });
  }

  private take(message: ApplyMessage): void {
    const { room, replica } = this;
    const { rules } = this.parts;
    if (message.kind === 'snapshot') return this.restore(message.index, message.snapshot);
    const { index } = message;
    const { id, request } = message.command as Entry;
    const result = replica.carryOut(index, request);
    room.answerAt(index, (waiting) =>
      rules.isSame(waiting, { id, index })
        ? { err: 'OK', result, index }
        : this.wrongLeader(rules.mayHappen(waiting, 'another took its place')),
    );
    this.compactIfLarge();
  }

  private restore(index: number, snapshot: string): void {
    const { rules } = this.parts;
    if (!rules.acceptsSnapshot(this.replica.lastApplied, index)) return;
    this.replica.restore(snapshot);
    // Whether they are in the snapshot nobody can tell.
    this.room.answerWhere((waiting) => {
      if (waiting.index > index) return undefined;
      return this.wrongLeader(rules.mayHappen(waiting, 'snapshot'));
    });
  }

  private compactIfLarge(): void {
    const { persister, maxRaftState } = this.host;
    const { rules, ports } = this.parts;
    if (maxRaftState < 0) return;
    const size = persister.stateSize();
    // Raft may have dropped more by itself: for a snapshot of the leader's.
    this.sizeAfterLast = Math.min(this.sizeAfterLast, size);
    if (!rules.needsSnapshot(size, maxRaftState, this.sizeAfterLast)) return;
    ports.compact(this.raft, this.replica);
    this.sizeAfterLast = persister.stateSize();
  }

  /** Nothing may ever be committed at the index that somebody waits for: look at the term, too. */
  private lookAfterLeadership(): void {
    if (this.isLooking) return;
    this.isLooking = true;
    this.env.setTimer(LOOK_MS, () => {
      this.isLooking = false;
      const { rules } = this.parts;
      const state = this.raft.getState();
      this.room.answerWhere((waiting) => {
        if (!rules.hasLostLeadership(waiting, state)) return undefined;
        return this.wrongLeader(rules.mayHappen(waiting, 'leadership lost'));
      });
      if (!this.room.isEmpty) this.lookAfterLeadership();
    });
  }

  private wrongLeader(isMaybe: boolean): SubmitResult {
    return { err: 'ErrWrongLeader', isMaybe, leader: this.raft.getState().leader };
  }
}

/** Our replicated state machine, of these parts. */
export function rsmOf(parts: RsmParts): MakeRsm {
  const make: MakeRsm = (env, host, machine): Rsm => {
    const rsm = new ReplicatedMachine(env, host, machine, parts);
    return {
      submit: (request) => new Promise((resolve) => rsm.propose(request, resolve)),
      propose: (request, done) => rsm.propose(request, done),
      readAt: (index, question, done) => rsm.replica.readAt(index, question, done),
      getState: () => rsm.raft.getState(),
      handlers: rsm.raft.handlers,
    };
  };
  return Object.assign(make, { isSynchronous: true });
}

/** Our replicated state machine. */
export const makeRsm: MakeRsm = rsmOf({ rules: rsmRules, ports: rsmPorts });
