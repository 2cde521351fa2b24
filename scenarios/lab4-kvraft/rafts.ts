import type { Apply, ApplyMessage, Command, MakeRaft, Raft } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';
import { Watch } from '../lab3-raft/invariants/watch.ts';
import { Outside } from '../lab3-raft/outside.ts';
import { shorten, textOf } from '../lab3-raft/service.ts';
import { watchedRaft, type Watchers } from '../lab3-raft/watched-raft.ts';

type Judge = Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe' | 'reveal' | 'world'>;

/** The Raft servers below a service: looked into, or judged from outside if they show no view. */
export class Rafts {
  private readonly t: Judge;
  private readonly outside: Outside;
  private readonly watchers: Watchers;
  private readonly handedOver = new HandedOver();

  /**
   * @param ids the servers, in the order in which they name each other
   * @param looksInside see {@link Watchers.looksInside}
   */
  constructor(t: Judge, ids: readonly string[], looksInside: boolean = true) {
    this.t = t;
    this.outside = new Outside(t, this.handedOver);
    this.watchers = { watch: new Watch(t, ids), outside: this.outside, looksInside };
  }

  /** The layer as it is, judged. */
  judged(make: MakeRaft): MakeRaft {
    const watched = watchedRaft(make, this.watchers);
    const judged: MakeRaft = (env, peers, me, persister, apply) => {
      const life: { raft?: Raft } = {};
      // After a snapshot any index may be the first.
      const last = persister.readSnapshot() === undefined ? 0 : undefined;
      const judgedApply = this.judgedApply(env.id, last, apply);
      life.raft = watched(env, peers, me, persister, (message) =>
        life.raft?.view === undefined ? judgedApply(message) : apply(message),
      );
      return life.raft;
    };
    return Object.assign(judged, { isSynchronous: make.isSynchronous === true });
  }

  /** Who leads the latest term, as far as servers show it, or else say so. */
  leader(present: readonly string[]): string | undefined {
    const termOf = (fields: ReadonlyMap<string, unknown>): number =>
      fields.get('role') === 'leader' ? (fields.get('term') as number) : -1;
    const views = [...this.t.world.shown].map(([id, fields]) => ({ id, term: termOf(fields) }));
    // There may be other clusters in the same world.
    const leaders = views.filter(({ id, term }) => term >= 0 && present.includes(id));
    return leaders.toSorted((a, b) => b.term - a.term)[0]?.id ?? this.outside.leader(present);
  }

  /** The official tester's applier (labs.md §1.4), over one life of a server. */
  private judgedApply(id: string, before: number | undefined, apply: Apply): Apply {
    const { t, handedOver, outside } = this;
    let last = before;
    const judge = (message: ApplyMessage): void => {
      const { kind, index } = message;
      const isInOrder =
        kind === 'command' ? index === (last ?? index - 1) + 1 : index > (last ?? 0);
      t.expect('apply order', isInOrder, () => `${id} applies ${kind} ${index} after ${last}`);
      last = index;
      if (kind === 'snapshot') return;
      const { command } = message;
      const first = handedOver.add(index, command);
      t.expect('agreement', first === textOf(command), () => {
        const mine = `${id} applies ${shorten(textOf(command))} at index ${index}`;
        return `${mine}, where another server applied ${shorten(first)}`;
      });
      outside.applied(index);
    };
    return (message) => {
      judge(message);
      return apply(message);
    };
  }
}

/** The command at each index, as the first server has handed it to its service. */
class HandedOver {
  private readonly commands = new Map<number, string>();

  isChosen(index: number): boolean {
    return this.commands.has(index);
  }

  is(index: number, command: Command): boolean {
    return this.commands.get(index) === textOf(command);
  }

  /** @returns what is there; the command itself if it is the first */
  add(index: number, command: Command): string {
    const first = this.commands.get(index) ?? textOf(command);
    this.commands.set(index, first);
    return first;
  }
}
