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
    if (missing !== undefined) this.broken(this.promises.name, missing);
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
    const look = server.look(this.committed);
    const { spoken } = server;
    for (const message of spoken) {
      for (const invariant of this.ofMessages) {
        const problem = invariant.spoke(server, message);
        if (problem !== undefined) this.broken(invariant.name, problem);
      }
    }
    // Emptied and kept: this runs after every event of a server.
    spoken.length = 0;
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
      if (problem !== undefined) this.broken(invariant.name, problem);
    }
  }

  private broken(name: string, problem: string): void {
    this.t.expect(name, false, () => problem);
  }

  /** For the columns of a replay. */
  private show({ server, view }: Look): void {
    const { role, currentTerm: term, commitIndex, lastApplied, log } = view;
    const { lastIndex } = log;
    this.t.world.show(server.id, { role, term, lastIndex, commitIndex, lastApplied });
  }
}
