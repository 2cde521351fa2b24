import type { Command, Raft } from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import type { Chosen } from './service.ts';

/** How often a server is asked whether it leads, in ms of its own clock. */
const ASK_MS = 50;

/**
 * What can be told of servers that show no view: who says that it leads, as the official tests ask,
 * and what has become of the commands that it took.
 */
export class Outside {
  private readonly t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>;
  /** By term: who has been seen leading it. */
  private readonly leaders = new Map<number, string>();
  /** By server: the term that it led when it was last asked. */
  private readonly leading = new Map<string, number>();
  private readonly chosen: Pick<Chosen, 'isChosen' | 'is'>;
  /** The commands that servers have accepted for an index at which none is applied yet. */
  private readonly accepted = new Map<number, Command[]>();

  /** @param chosen what servers have applied */
  constructor(
    t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>,
    chosen: Pick<Chosen, 'isChosen' | 'is'>,
  ) {
    this.t = t;
    this.chosen = chosen;
  }

  /** A life of a server has begun; from now on it is asked every now and then. */
  began(env: Env, raft: Raft): void {
    const ask = (): void => {
      this.asked(env.id, raft.getState());
      env.setTimer(ASK_MS, ask);
    };
    ask();
  }

  /** Of these servers the one that says it leads, and of several the one of the latest term. */
  leader(ids: readonly string[]): string | undefined {
    const term = (id: string): number => this.leading.get(id)!;
    const leading = ids.filter((id) => this.leading.has(id));
    return leading.toSorted((a, b) => term(b) - term(a))[0];
  }

  /** A server has accepted a command. */
  started(index: number, command: Command): void {
    if (this.chosen.isChosen(index)) return this.lostPlace(index, command);
    const others = this.accepted.get(index);
    if (others === undefined) this.accepted.set(index, [command]);
    else others.push(command);
  }

  /** A command is applied: the others that were accepted there have lost their place. */
  applied(index: number): void {
    for (const command of this.accepted.get(index) ?? []) this.lostPlace(index, command);
    this.accepted.delete(index);
  }

  /** The log that holds a command with another one's index has been overwritten, or will be. */
  private lostPlace(index: number, command: Command): void {
    if (this.chosen.is(index, command)) return;
    this.t.probe('an entry was overwritten');
    this.t.count('truncations');
  }

  private asked(id: string, { term, isLeader }: ReturnType<Raft['getState']>): void {
    if (!isLeader) return void this.leading.delete(id);
    this.leading.set(id, term);
    const first = this.leaders.get(term);
    if (first === undefined) {
      this.leaders.set(term, id);
      this.t.count('leaders');
    }
    this.t.expect('one leader a term', first === undefined || first === id, () => {
      return `${first} has led term ${term}, and ${id} says that it leads it`;
    });
  }
}
