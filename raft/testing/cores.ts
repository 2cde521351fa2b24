import type { ApplyMessage, Command, StartResult } from '../contract.ts';
import { Core } from '../core/core.ts';
import type { Changes, Effects } from '../core/effects.ts';
import type { Input } from '../core/input.ts';
import type { Method, Request, Rpcs } from '../core/messages.ts';
import { type Rules, rules as ourRules } from '../core/rules.ts';
import { type Durable, NOTHING } from '../core/state.ts';
import { Outbox } from '../outbox.ts';
import { persisterStorage } from '../storage/persister-storage.ts';
import type { Storage } from '../storage/storage.ts';
import { MemoryPersister } from './memory-persister.ts';

export type Reply = Rpcs[Method]['reply'];

/** An RPC under way. Nothing happens to it unless somebody says so. */
export interface Message {
  /** Such as `v2`, the second RequestVote; `e` for AppendEntries, `s` for InstallSnapshot. */
  readonly name: string;
  readonly from: number;
  /** Life of the sender in which it was sent: a later one does not wait for the answer. */
  readonly life: number;
  readonly request: Request;
  /** One for each time that it has arrived. */
  readonly replies: Reply[];
  /** The sender has been told what became of it, which happens once. */
  isSettled: boolean;
}

/** What can be seen of several servers from the outside, in order. */
export type Happening =
  | { readonly type: 'restarts timer'; readonly server: number }
  | { readonly type: 'leads'; readonly server: number }
  | { readonly type: 'writes'; readonly server: number; readonly changes: Changes }
  | { readonly type: 'started'; readonly server: number; readonly result: StartResult }
  | { readonly type: 'sends'; readonly message: Message }
  | { readonly type: 'answers'; readonly message: Message; readonly reply: Reply }
  | { readonly type: 'applies'; readonly server: number; readonly message: ApplyMessage };

export interface CoresOptions {
  readonly size: number;
  readonly rules?: Rules;
  /** What the servers find of an earlier life. */
  readonly durable?: readonly Durable[];
  /** A write is durable when {@link Cores.write} says so, and not at once. */
  readonly areDisksSlow?: boolean;
  readonly see?: (happening: Happening) => void;
}

interface Member {
  core: Core;
  outbox: Outbox;
  readonly persister: MemoryPersister;
  readonly storage: Storage;
  /** Writes that a crash would lose. */
  unwritten: (() => void)[];
  life: number;
  /** What its service has been given: the command of each index, from 1. */
  service: Command[];
}

/**
 * Several cores in one process, joined by hand: every message, loss, write and crash is a call.
 * Everything else is as in the server: what a step wants done waits until its changes are durable.
 */
export class Cores {
  readonly members: readonly Member[];
  readonly messages: Map<string, Message> = new Map();
  private readonly options: CoresOptions;
  private readonly rules: Rules;
  private readonly counts = { RequestVote: 0, AppendEntries: 0, InstallSnapshot: 0 };

  constructor(options: CoresOptions) {
    this.options = options;
    this.rules = options.rules ?? ourRules;
    this.members = Array.from({ length: options.size }, (_, me) => {
      const durable = options.durable?.[me] ?? NOTHING;
      const core = new Core(this.rules, me, options.size, durable);
      const persister = new MemoryPersister();
      const storage = persisterStorage(persister);
      storage.persist(wholeChanges(durable), () => durable, ignore);
      const service = serviceOf(durable.snapshot);
      return { core, outbox: new Outbox(), persister, storage, unwritten: [], life: 1, service };
    });
  }

  /** Something happens to a server. */
  input(at: number, input: Input, released?: (effects: Effects) => void): Effects {
    const member = this.members[at]!;
    const effects = member.core.step(input);
    const { persist, started } = effects;
    if (effects.resetElectionTimer) this.see({ type: 'restarts timer', server: at });
    if (effects.becameLeader) this.see({ type: 'leads', server: at });
    if (started !== undefined) this.see({ type: 'started', server: at, result: started });
    const release = (): void => {
      this.release(at, effects);
      released?.(effects);
    };
    if (persist === undefined) member.outbox.add(release);
    else this.persist(at, persist, member.outbox.addUnwritten(release));
    return effects;
  }

  /** A request reaches its server: for the first time, or again. */
  arrive(message: Message): void {
    const { to, method: type, args } = message.request;
    this.input(to, { type, args } as Input, ({ reply }) => {
      message.replies.push(reply!);
      this.see({ type: 'answers', message, reply: reply! });
    });
  }

  /** The answer reaches the sender: the last one, if the request has arrived several times. */
  answer(message: Message): void {
    this.settle(message, message.replies.at(-1));
  }

  /** The sender learns that its call has failed. The request may still arrive. */
  lose(message: Message): void {
    this.settle(message, undefined);
  }

  /** The first write that waits becomes durable. */
  write(at: number): void {
    this.members[at]!.unwritten.shift()?.();
  }

  /** A crash, and a new life with what was durable. */
  crash(at: number): void {
    const member = this.members[at]!;
    const durable = member.storage.recover();
    member.core = new Core(this.rules, at, this.options.size, durable);
    member.outbox = new Outbox();
    member.unwritten = [];
    member.life++;
    member.service = serviceOf(durable.snapshot);
  }

  /** The service of a server takes a snapshot of everything up to an index. */
  snapshot(at: number, index: number): void {
    const snapshot = JSON.stringify(this.members[at]!.service.slice(0, index));
    this.input(at, { type: 'Snapshot', index, snapshot });
  }

  private settle(message: Message, reply: Reply | undefined): void {
    const { from, life, request } = message;
    if (message.isSettled || this.members[from]!.life !== life) return;
    message.isSettled = true;
    const { to, method, args } = request;
    this.input(from, { type: 'Reply', from: to, method, args, reply } as Input);
  }

  private persist(at: number, changes: Changes, durable: () => void): void {
    const { core, storage, unwritten } = this.members[at]!;
    this.see({ type: 'writes', server: at, changes });
    const whole = core.state.durable();
    unwritten.push(() => {
      storage.persist(changes, () => whole, durable);
      const { lastIndex, term } = changes;
      this.input(at, { type: 'Persisted', lastIndex, term });
    });
    if (this.options.areDisksSlow !== true) this.write(at);
  }

  private release(at: number, { requests, apply }: Effects): void {
    const { life, service } = this.members[at]!;
    for (const request of requests) {
      const letter = { RequestVote: 'v', AppendEntries: 'e', InstallSnapshot: 's' };
      const name = letter[request.method] + ++this.counts[request.method];
      const message = { name, from: at, life, request, replies: [], isSettled: false };
      this.messages.set(name, message);
      this.see({ type: 'sends', message });
    }
    for (const message of apply) {
      if (message.kind === 'command') service[message.index - 1] = message.command;
      else service.splice(0, Infinity, ...serviceOf(message.snapshot));
      this.see({ type: 'applies', server: at, message });
    }
  }

  private see(happening: Happening): void {
    this.options.see?.(happening);
  }
}

/** What a service knows from its snapshot. */
export function serviceOf(snapshot: string): Command[] {
  return snapshot === '' ? [] : (JSON.parse(snapshot) as Command[]);
}

/** What brings an empty storage to a state. */
function wholeChanges(durable: Durable): Changes {
  const { currentTerm, votedFor, snapshotIndex, entries, snapshot } = durable;
  return {
    vote: { currentTerm, votedFor },
    log: { from: snapshotIndex + 1, entries },
    snapshot: snapshotIndex === 0 ? undefined : snapshot,
    lastIndex: snapshotIndex + entries.length,
    term: currentTerm,
  };
}

function ignore(): void {}
