import type { RaftView } from '../../../raft/index.ts';
import type { Tester } from '../../define/tester.ts';
import { commitRule } from './commit-rule.ts';
import { Committed } from './committed.ts';
import { DurablePromises } from './durable-promises.ts';
import { ElectedByMajority } from './elected-by-majority.ts';
import { electionSafety } from './election-safety.ts';
import type { RaftInvariant } from './invariant.ts';
import { leaderAppendOnly } from './leader-append-only.ts';
import { leaderCompleteness } from './leader-completeness.ts';
import { logMatching } from './log-matching.ts';
import { monotone } from './monotone.ts';
import { type Look, ObservedServer } from './observed-server.ts';
import type { MessageInvariant, Spoken } from './spoken.ts';
import { stateMachineSafety } from './state-machine-safety.ts';
import { termAdoption } from './term-adoption.ts';

/** Watches the servers of a run that show their state, and holds the invariants against them. */
export class Watch {
  private readonly t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe' | 'world'>;
  private readonly servers = new Map<string, ObservedServer>();
  private readonly committed = new Committed();
  private readonly promises = new DurablePromises();
  private readonly elected: ElectedByMajority;
  private readonly invariants: readonly RaftInvariant[];
  private readonly ofMessages: readonly MessageInvariant[];

  /** @param ids the servers, in the order in which they name each other */
  constructor(
    t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe' | 'world'>,
    ids: readonly string[],
  ) {
    this.t = t;
    this.elected = new ElectedByMajority(ids);
    this.ofMessages = [termAdoption, this.promises];
    this.invariants = [
      electionSafety(),
      this.elected,
      leaderAppendOnly(),
      logMatching(),
      // Before Leader Completeness, which asks what is committed.
      stateMachineSafety(this.committed),
      leaderCompleteness(this.committed),
      commitRule(ids.length),
      monotone(),
    ];
  }

  /** A life of a server has begun; from now on it is looked at after each of its events. */
  began(id: string, view: RaftView): void {
    const machine = this.t.world.machine(id);
    const { life } = machine;
    const server = new ObservedServer({
      id,
      view,
      hashOfSnapshot: this.committed.hash(view.log.snapshotIndex),
      isUp: () => life !== undefined && machine.life === life,
    });
    this.servers.set(id, server);
    this.look(server);
    const missing = this.promises.missing(server);
    this.t.expect(this.promises.name, missing === undefined, () => missing ?? '');
    this.t.world.observe(id, () => this.look(server));
  }

  /** A server sends or takes a message in the event that runs. */
  spoke(id: string, message: Spoken): void {
    const server = this.servers.get(id);
    if (server === undefined) return;
    // At once: a vote counts though its giver crashes before anybody can look at it.
    this.elected.spoke(server, message);
    server.spoken.push(message);
  }

  private look(server: ObservedServer): void {
    const look = server.look((index) => this.committed.hash(index));
    for (const message of server.spoken.splice(0)) {
      for (const invariant of this.ofMessages) {
        const problem = invariant.spoke(server, message);
        this.t.expect(invariant.name, problem === undefined, () => problem ?? '');
      }
    }
    if (look !== undefined) this.judge(look);
  }

  private judge(look: Look): void {
    const { server, view, before, newFrom } = look;
    if (before !== undefined && view.log.truncations !== before.truncations) {
      this.t.probe('an entry was overwritten');
      this.t.count('truncations', view.log.truncations - before.truncations);
      this.promises.truncated(server, newFrom);
    }
    if (view.role === 'leader' && before?.role !== 'leader') this.t.count('leaders');
    this.show(look);
    for (const invariant of this.invariants) {
      const problem = invariant.look(look, this.servers);
      this.t.expect(invariant.name, problem === undefined, () => problem ?? '');
    }
  }

  /** For the columns of a replay. */
  private show({ server, view }: Look): void {
    const { role, currentTerm: term, commitIndex, lastApplied, log } = view;
    const { lastIndex } = log;
    this.t.world.show(server.id, { role, term, lastIndex, commitIndex, lastApplied });
  }
}
