import type { RaftLayers } from '../../raft/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import type { Tester } from '../define/tester.ts';
import { startUnasked } from './chaos.ts';
import { type Cluster, clusterOf } from './cluster.ts';
import { ADVERSARY, type Round } from './hunt-plan.ts';

/** How often servers are asked whether they lead, and how long at most, in ms. */
const ASK_MS = 5;
const PATIENCE_MS = 2000;

/** Who crashes comes back after so long, in ms: before anybody asks for a vote. */
const DOWN_MS = 1;

type Body = FaultAction extends infer A
  ? A extends FaultAction
    ? Omit<A, 'id' | 'atMs'>
    : never
  : never;

/**
 * What Raft rests on is that any two majorities share a server. The adversary leads the cluster
 * from one bare majority to another which shares just one server with it, and crashes that one in
 * between; it decides who hears of the last commands, and brings deposed leaders back. It uses
 * nothing but what the official tests use: who says that it leads.
 */
export class Adversary {
  private readonly t: Tester<unknown, RaftLayers>;
  private readonly cluster: Cluster<unknown>;
  private readonly endMs: number;
  /** The faults of the present round. */
  private inForce: string[] = [];
  private begun = 0;
  private commands = 0;
  private company: readonly number[] = [];
  /** Who leads the company, and who led the one before. */
  private leader: number | undefined = undefined;
  private deposed: number | undefined = undefined;

  /** @param endMs when it has to leave the cluster alone, in ms of virtual time */
  constructor(t: Tester<unknown, RaftLayers>, endMs: number) {
    this.t = t;
    this.cluster = clusterOf(t);
    this.endMs = endMs;
  }

  async carryOut(rounds: readonly Round[]): Promise<void> {
    for (const round of rounds) {
      if (this.isOver) break;
      await this.go(round);
    }
  }

  private get isOver(): boolean {
    return this.t.world.now() >= this.endMs;
  }

  private async go(round: Round): Promise<void> {
    const { t } = this;
    const before = this.company;
    const [last, company] = [this.leader, this.next(round)];
    const hinges = company.filter((i) => i !== last && before.includes(i));
    this.company = company;
    this.isolate(company, round);
    if (round.crashes) await this.crash(hinges);
    const leader = await this.leaderOf(company);
    if (leader === undefined) return;
    if (leader !== last) this.deposed = last;
    this.leader = leader;
    t.count('rounds');
    await this.sleep(round.beforeMs);
    const heard = company.filter((i) => i !== leader).slice(0, round.audience);
    this.isolate([leader, ...heard], round);
    for (let n = 0; n < round.commands && !this.isOver; n++) {
      await startUnasked(t, ADVERSARY, leader, `${ADVERSARY}.${this.commands++}`);
      await this.sleep(round.paceMs);
    }
    await this.sleep(round.afterMs);
  }

  /** The next company. */
  private next({ move, order }: Round): readonly number[] {
    const { leader, deposed, company } = this;
    const size = (this.cluster.size >> 1) + 1;
    const all = order.filter((i) => i < this.cluster.size);
    const strangers = all.filter((i) => !company.includes(i));
    const known = all.filter((i) => company.includes(i) && i !== leader);
    if (move === 'all') return all;
    // Who comes first is in it. A leader gathers one around it who has not heard of it yet.
    const [guest, ...others] = strangers.filter((i) => i !== deposed);
    const around = guest === undefined ? all : [guest, ...known, ...others];
    const wanted = move === 'around' ? around : [...strangers, ...known];
    const first = move === 'around' ? leader : move === 'back' ? deposed : undefined;
    const rest = wanted.filter((i) => i !== first);
    return (first === undefined ? rest : [first, ...rest]).slice(0, size);
  }

  /** Nobody but these can talk to each other, and they are up. */
  private isolate(company: readonly number[], { others, lateMs }: Round): void {
    const { ids } = this.cluster;
    for (const id of this.inForce) this.t.world.lift(id);
    this.inForce = [];
    const named = (servers: readonly number[]): string[] => servers.map((i) => ids[i]!);
    const out = [...ids.keys()].filter((i) => !company.includes(i));
    const groups = [named(company), ...out.map((i) => named([i]))];
    if (out.length > 0) this.begin({ kind: 'partition', groups });
    // A leader that comes back as a follower has nothing to say.
    const down = named(out.filter((i) => i !== this.leader && i !== this.deposed));
    if (down.length > 0 && others === 'down') this.begin({ kind: 'crash', node: down });
    if (lateMs > 0) this.begin({ kind: 'delay', between: [ids, ids], extraMs: [0, lateMs] });
  }

  private async crash(servers: readonly number[]): Promise<void> {
    if (servers.length === 0) return;
    const { ids } = this.cluster;
    const id = this.begin({ kind: 'crash', node: servers.map((i) => ids[i]!) });
    if (id === undefined) return;
    await this.t.sleep(DOWN_MS);
    this.t.world.lift(id);
    this.t.count('hinges crashed');
  }

  /** Until the world heals. @returns the id of the fault; undefined = it is too late */
  private begin(body: Body): string | undefined {
    if (this.isOver) return undefined;
    const id = `${ADVERSARY} ${++this.begun}: ${body.kind}`;
    this.t.world.begin({ id, atMs: this.t.world.now(), ...body });
    this.inForce.push(id);
    return id;
  }

  /** Of these servers the one that says that it leads the latest term, once one does. */
  private async leaderOf(company: readonly number[]): Promise<number | undefined> {
    const { cluster } = this;
    for (let waited = 0; waited < PATIENCE_MS && !this.isOver; waited += ASK_MS) {
      let latest: { readonly i: number; readonly term: number } | undefined;
      for (const i of company) {
        const state = await cluster.state(i);
        if (state?.isLeader === true && state.term > (latest?.term ?? -1)) {
          latest = { i, term: state.term };
        }
      }
      if (latest !== undefined) return latest.i;
      await this.sleep(ASK_MS);
    }
    return undefined;
  }

  private sleep(ms: number): Promise<void> {
    return this.t.sleep(Math.max(0, Math.min(ms, this.endMs - this.t.world.now())));
  }
}
