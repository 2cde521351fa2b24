import type { ApplyMessage, Command } from '../../raft/index.ts';
import { hashString } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';

/** What has been applied at each index, by whichever server was first: all others must agree. */
export class Chosen {
  /** The commands by index, as text; the first index is 1. */
  readonly commands: string[] = [''];
  /** A hash of all commands up to each index. */
  readonly hashes: string[] = ['0'];

  /** Has any server applied the index? */
  isChosen(index: number): boolean {
    return index < this.commands.length;
  }

  /** Is this command the one that was applied at the index? */
  is(index: number, command: Command): boolean {
    return this.commands[index] === textOf(command);
  }

  /** Record or compare the command at an index; undefined = it agrees. */
  disagreement(server: string, index: number, command: Command): string | undefined {
    const text = textOf(command);
    if (this.isChosen(index)) {
      const chosen = this.commands[index]!;
      if (chosen === text) return undefined;
      const other = `where another server applied ${shorten(chosen)}`;
      return `${server} applies ${shorten(text)} at index ${index}, ${other}`;
    }
    this.commands.push(text);
    const before = this.hashes.at(-1)!;
    this.hashes.push(hashString(`${before}/${text}`).toString(16));
    return undefined;
  }
}

/** A command, as it is compared. */
export function textOf(command: Command): string {
  return JSON.stringify(command) ?? 'nothing';
}

/** The same for messages. */
export function shorten(text: string): string {
  return text.length <= 30 ? text : `${text.slice(0, 30)}...`;
}

/** What a snapshot of the service says: how far it goes, and what is in it. */
interface SnapshotContent {
  readonly index: number;
  readonly hash: string;
}

/**
 * The service over one life of a server: it takes what Raft applies, in order, and checks it (the
 * official tester's applier, labs.md §1.4). Its snapshots hold a hash of what was applied.
 */
export class Service {
  lastApplied = 0;
  private readonly t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>;
  private readonly id: string;
  private readonly chosen: Chosen;

  constructor(
    t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>,
    id: string,
    chosen: Chosen,
    snapshot: string | undefined,
  ) {
    this.t = t;
    this.id = id;
    this.chosen = chosen;
    if (snapshot !== undefined) this.restore(snapshot);
  }

  take(message: ApplyMessage): void {
    if (message.kind === 'snapshot') return this.takeSnapshot(message);
    const { t, id, chosen, lastApplied } = this;
    const { index, command } = message;
    t.expect('apply order', index === lastApplied + 1, () => {
      return `${id} applies index ${index} after ${lastApplied}`;
    });
    const problem = chosen.disagreement(id, index, command);
    t.expect('agreement', problem === undefined, () => problem ?? '');
    this.lastApplied = index;
  }

  /** A snapshot of everything applied so far. */
  snapshot(): string {
    const index = this.lastApplied;
    return JSON.stringify({ index, hash: this.chosen.hashes[index]! });
  }

  private takeSnapshot({ index, snapshot }: ApplyMessage & { readonly kind: 'snapshot' }): void {
    const { t, id, lastApplied } = this;
    t.expect('apply order', index > lastApplied, () => {
      return `${id} is taken back from index ${lastApplied} to a snapshot of ${index}`;
    });
    this.restore(snapshot);
    t.expect('agreement', this.lastApplied === index, () => {
      return `${id} is given a snapshot of ${this.lastApplied} as one of ${index}`;
    });
    t.count('snapshots installed');
    t.probe('a snapshot was installed');
  }

  private restore(snapshot: string): void {
    const { index, hash } = JSON.parse(snapshot) as SnapshotContent;
    const { t, id, chosen } = this;
    t.expect('agreement', chosen.hashes[index] === hash, () => {
      return `${id} restores a snapshot of ${index} that differs from what was applied`;
    });
    this.lastApplied = index;
  }
}
