import type { RaftView } from '../../../raft/index.ts';
import type { Tester } from '../../define/tester.ts';
import type { LogChange } from '../../define/view.ts';
import { compact } from '../../report/compact.ts';
import { commitRule } from './commit-rule.ts';
import { Committed } from './committed.ts';
import { DurablePromises } from './durable-promises.ts';
import { ElectedByMajority } from './elected-by-majority.ts';
import { electionSafety } from './election-safety.ts';
import type { RaftInvariant } from './invariant.ts';
import { leaderAppendOnly } from './leader-append-only.ts';
import { leaderCompleteness } from './leader-completeness.ts';
import { logMatching } from './log-matching.ts';
import { MatchIndex } from './match-index.ts';
import { monotone } from './monotone.ts';
import { type Look, ObservedServer } from './observed-server.ts';
import type { MessageInvariant, Spoken } from './spoken.ts';
import { stateMachineSafety } from './state-machine-safety.ts';
import { termAdoption } from './term-adoption.ts';

type Judge = Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe' | 'reveal' | 'world'>;

/** Longest command that a picture of a log says, in characters. */
const COMMAND_ROOM = 80;

/** Watches the servers of a run that show their state, and holds the invariants against them. */
export class Watch {
  private readonly t: Judge;
  private readonly ids: readonly string[];
  private readonly servers = new Map<string, ObservedServer>();
  private readonly committed = new Committed();
  private readonly promises = new DurablePromises();
  private readonly elected: ElectedByMajority;
  private readonly invariants: readonly RaftInvariant[];
  private readonly ofMessages: readonly MessageInvariant[];

  /** @param ids the servers, in the order in which they name each other */
  constructor(t: Judge, ids: readonly string[]) {
    this.t = t;
    this.ids = ids;
    const matchIndex = new MatchIndex(ids);
    this.elected = new ElectedByMajority(ids);
    this.ofMessages = [termAdoption, matchIndex, this.promises];
    this.invariants = [
      electionSafety(),
      this.elected,
      matchIndex,
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
    // A leader may have had entries removed in the event in which the server crashed.
    const former = this.servers.get(id);
    const cutFrom = former?.cutFrom();
    if (former !== undefined && cutFrom !== undefined) this.promises.truncated(former, cutFrom);
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
    // At once: who crashes with its vote on the way has voted, and will not be looked at again.
    if (this.servers.has(id)) this.elected.spoke(id, message);
    this.servers.get(id)?.spoken.push(message);
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
  private show({ server, view, before, newFrom }: Look): void {
    const { role, currentTerm: term, votedFor, commitIndex, lastApplied, log } = view;
    const { lastIndex, snapshotIndex } = log;
    const { id } = server;
    this.t.world.show(id, { role, term, lastIndex, commitIndex, lastApplied });
    if (before?.votedFor !== votedFor || before?.snapshotIndex !== snapshotIndex) {
      const vote = votedFor === undefined ? 'none' : (this.ids[votedFor] ?? String(votedFor));
      this.t.reveal('fields', id, () => ({ vote, snapshotIndex }));
    }
    const isSameLog =
      before?.lastIndex === lastIndex &&
      before.snapshotIndex === snapshotIndex &&
      before.truncations === log.truncations;
    if (!isSameLog) this.t.reveal('log', id, () => logChange(view, newFrom));
  }
}

/** The entries of a log from an index on, for those who draw it. */
function logChange({ log }: RaftView, newFrom: number): LogChange {
  const from = Math.max(newFrom, log.snapshotIndex + 1);
  const entries = Array.from({ length: Math.max(0, log.lastIndex - from + 1) }, (_, i) => {
    const text = compact(log.command(from + i), COMMAND_ROOM);
    return [log.term(from + i) ?? 0, text] as const;
  });
  return { base: log.snapshotIndex, from, entries };
}
