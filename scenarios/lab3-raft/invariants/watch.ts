import type { RaftView } from '../../../raft/index.ts';
import type { Tester } from '../../define/tester.ts';
import { Committed } from './committed.ts';
import { DurablePromises } from './durable-promises.ts';
import { electionSafety } from './election-safety.ts';
import type { RaftInvariant } from './invariant.ts';
import { leaderAppendOnly } from './leader-append-only.ts';
import { leaderCompleteness } from './leader-completeness.ts';
import { logMatching } from './log-matching.ts';
import { monotone } from './monotone.ts';
import { type Look, ObservedServer } from './observed-server.ts';
import { stateMachineSafety } from './state-machine-safety.ts';

/** Something that a server has let others see in the event that runs. */
interface Spoken {
  readonly method: string;
  readonly args: unknown;
  /** Undefined for a request of its own. */
  readonly reply: unknown;
}

/** Watches the servers of a run that show their state, and holds the invariants against them. */
export class Watch {
  private readonly t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe' | 'world'>;
  private readonly servers = new Map<string, ObservedServer>();
  private readonly committed = new Committed();
  private readonly promises = new DurablePromises();
  private readonly invariants: readonly RaftInvariant[];
  private readonly spoken: Spoken[] = [];

  constructor(t: Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe' | 'world'>) {
    this.t = t;
    this.invariants = [
      electionSafety(),
      leaderAppendOnly(),
      logMatching(),
      // Before Leader Completeness, which asks what is committed.
      stateMachineSafety(this.committed),
      leaderCompleteness(this.committed),
      monotone(),
    ];
  }

  /** A life of a server has begun; from now on it is looked at after each of its events. */
  began(id: string, view: RaftView): void {
    const server = new ObservedServer(id, view, this.committed.hash(view.log.snapshotIndex));
    this.servers.set(id, server);
    this.look(server);
    const missing = this.promises.missing(server);
    this.t.expect(this.promises.name, missing === undefined, () => missing ?? '');
    this.t.world.observe(id, () => this.look(server));
  }

  /** A server answers a request, or (reply undefined) sends one. */
  spoke(method: string, args: unknown, reply: unknown): void {
    this.spoken.push({ method, args, reply });
  }

  private look(server: ObservedServer): void {
    const look = server.look((index) => this.committed.hash(index));
    if (look !== undefined) this.judge(look);
    if (this.spoken.length === 0) return;
    for (const { method, args, reply } of this.spoken.splice(0)) {
      this.promises.spoke(server, method, args, reply);
    }
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
    for (const { name, look: check } of this.invariants) {
      const problem = check(look, this.servers);
      this.t.expect(name, problem === undefined, () => problem ?? '');
    }
  }

  /** For the columns of a replay. */
  private show({ server, view }: Look): void {
    const { role, currentTerm: term, commitIndex, lastApplied, log } = view;
    const { lastIndex } = log;
    this.t.world.show(server.id, { role, term, lastIndex, commitIndex, lastApplied });
  }
}
