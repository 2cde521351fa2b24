import {
  makeRaft,
  makeRsm,
  type RaftLayers,
  type Rsm,
  type RsmLayers,
  type SubmitResult,
} from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';
import { Counter, type CounterRequest } from './counter.ts';
import { PerRun } from './per-run.ts';
import { type Booted, Replicas } from './replicas.ts';

/** Our implementation of 4A, and of what is below it. */
export const rsmLayers: RaftLayers & RsmLayers = { makeRaft, makeRsm };

/** A server of 4A: the replicated state machine alone, which the tester calls itself. */
interface RsmServer extends Booted {
  readonly rsm: Rsm;
  readonly counter: Counter;
}

/** How long a request may take that servers can carry out, in ms. */
const REQUEST_MS = 10_000;
/** Pause after all servers were asked in vain, in ms. */
const ROUND_PAUSE_MS = 50;

type RsmTester = Tester<unknown, RaftLayers & RsmLayers>;

/** The building blocks of the official tests of 4A, with their bounds. */
export class RsmCluster {
  readonly t: RsmTester;
  readonly replicas: Replicas<unknown, RsmServer>;
  /** Who led when a request last succeeded. */
  private leader = 0;

  constructor(t: RsmTester, maxRaftState: number, view: boolean = true) {
    this.t = t;
    this.replicas = new Replicas<unknown, RsmServer>(t, {
      servers: 3,
      maxRaftState,
      view,
      isSynchronous: true,
      boot(env, host) {
        const counter = new Counter(t, env.id);
        const rsm = host.makeRsm(env, host, counter);
        return { handlers: rsm.handlers, getState: () => rsm.getState(), rsm, counter };
      },
    });
  }

  get size(): number {
    return this.replicas.size;
  }

  /** {@link Rsm.submit} on one server; undefined if it is down, or crashes before it answers. */
  submit(i: number, op: CounterRequest['op']): Promise<SubmitResult | undefined> {
    return this.replicas.ask<SubmitResult>(i, ({ rsm }, done) => {
      if (rsm.propose === undefined) void rsm.submit({ op }).then(done);
      else rsm.propose({ op }, done);
    });
  }

  /**
   * Have a request carried out, by whoever leads, within 10 s.
   * @param among the servers that are asked; default: all
   * @returns what it answered
   */
  async one(op: CounterRequest['op'], among?: readonly number[]): Promise<unknown> {
    const { t } = this;
    const outcome: { answer?: SubmitResult | undefined } = {};
    const work = this.tryAll(op, among).then((answer) => (outcome.answer = answer));
    await t.inTime(REQUEST_MS, work);
    const { answer } = outcome;
    t.expectInTime('a request is carried out within 10 s', answer?.err === 'OK', () => {
      return `${op} has no answer after ${REQUEST_MS} ms`;
    });
    t.count('requests');
    return answer?.err === 'OK' ? answer.result : undefined;
  }

  /** An `inc`, and the value that it has led to. */
  async inc(among?: readonly number[]): Promise<number> {
    return ((await this.one('inc', among)) as { readonly value: number }).value;
  }

  /** So many replicas have come to a value, within about 20 s. */
  async checkCounter(value: number, servers: number): Promise<void> {
    const { t } = this;
    let pause = 10;
    for (let poll = 0; poll < 30 && this.replicasAt(value) < servers; poll++) {
      await t.sleep(pause);
      pause = Math.min(2 * pause, 1000);
    }
    t.expectInTime('replicas come to the same value', this.replicasAt(value) >= servers, () => {
      const values = this.replicas.ids.map((id, i) => `${id} ${this.value(i) ?? 'is down'}`);
      return `expected ${value} on ${servers} servers: ${values.join(', ')}`;
    });
  }

  /** Whoever leads, once somebody does. */
  async someLeader(): Promise<number> {
    await this.one('null');
    return (await this.replicas.leader()) ?? this.leader;
  }

  private replicasAt(value: number): number {
    return this.replicas.ids.filter((_, i) => this.value(i) === value).length;
  }

  private value(i: number): number | undefined {
    return this.replicas.server(i)?.counter.value;
  }

  /** Undefined if nobody could do it in the time that a request has. */
  private async tryAll(
    op: CounterRequest['op'],
    among: readonly number[] = [...this.replicas.ids.keys()],
  ): Promise<SubmitResult | undefined> {
    const { t } = this;
    const deadline = t.world.now() + REQUEST_MS;
    const first = Math.max(0, among.indexOf(this.leader));
    for (let tries = 1; t.world.now() < deadline; tries++) {
      const i = among[(first + tries - 1) % among.length]!;
      const answer = await this.submit(i, op);
      if (answer?.err === 'OK') {
        this.leader = i;
        return answer;
      }
      if (tries % among.length === 0) await t.sleep(ROUND_PAUSE_MS);
    }
    return undefined;
  }
}

/** The cluster of each run. */
export const rsmCluster: PerRun<RsmCluster> = new PerRun();
