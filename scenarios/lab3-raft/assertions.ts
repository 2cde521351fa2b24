import type { Command } from '../../raft/index.ts';
import type { Random } from '../../sim/index.ts';
import { PREMISE } from '../define/grading.ts';
import type { Also } from './also.ts';
import type { Cluster } from './cluster.ts';

/** The building blocks of the official Raft tests, with their bounds (labs.md §1.4). */
export class Official<P> {
  readonly cluster: Cluster<P>;
  /** What the script of a test draws: whom to crash, how many commands. */
  readonly random: Random;
  private readonly also: Also;
  private nextStart = 0;
  private nextCommand = 0;

  /** @param also what goes wrong beside the script; default: nothing */
  constructor(cluster: Cluster<P>, also: Also = 'none') {
    this.cluster = cluster;
    this.also = also;
    this.random = cluster.t.world.streams.stream('script');
  }

  /** A command that no other is equal to. */
  command(): number {
    return 1000 + this.nextCommand++;
  }

  /**
   * A premise of a test: a right Raft keeps to it as long as nothing goes wrong but what the script
   * says, and then it is a guarantee like any other. If more goes wrong, nothing promises it: the
   * test cannot be carried out, and no guarantee is broken.
   */
  presume(check: string, holds: boolean, message: () => string): void {
    const { t } = this.cluster;
    if (this.also === 'none') t.expect(check, holds, message);
    else {
      t.expectInTime(`${PREMISE}${check}`, holds, () => {
        return `${message()}; a right Raft may do so with ${this.also}`;
      });
    }
  }

  /** One of the connected servers is the leader of the latest term, within about 5 s. */
  async checkOneLeader(): Promise<number> {
    const { t } = this.cluster;
    for (let round = 0; round < 10; round++) {
      await t.sleep(this.random.between(450, 549));
      const leaders = new Map<number, number[]>();
      for (const i of this.cluster.connected()) {
        const state = await this.cluster.state(i);
        if (state?.isLeader !== true) continue;
        leaders.set(state.term, [...(leaders.get(state.term) ?? []), i]);
      }
      for (const [term, servers] of leaders) {
        t.expect('one leader a term', servers.length === 1, () => {
          const names = servers.map((i) => `s${i}`).join(', ');
          return `term ${term} has ${servers.length} leaders: ${names}`;
        });
      }
      const last = Math.max(...leaders.keys());
      if (leaders.size > 0) return leaders.get(last)![0]!;
    }
    t.expectInTime('a leader within 5 s', false, () => 'no leader among the connected servers');
    return -1;
  }

  /** All connected servers agree on the term. */
  async checkTerms(): Promise<number> {
    let agreed: number | undefined;
    for (const i of this.cluster.connected()) {
      const term = (await this.cluster.state(i))?.term;
      agreed ??= term;
      this.presume('servers agree on the term', term === agreed, () => {
        return `s${i} is in term ${term}, another server in term ${agreed}`;
      });
    }
    this.presume('a server is up', agreed !== undefined, () => 'all of them are down');
    return agreed ?? 0;
  }

  /** No connected server believes itself the leader. */
  async checkNoLeader(): Promise<void> {
    for (const i of this.cluster.connected()) {
      const state = await this.cluster.state(i);
      this.presume('no leader without a quorum', state?.isLeader !== true, () => {
        return `s${i} claims to lead in term ${state?.term}`;
      });
    }
  }

  /** Nobody has applied an index. */
  checkNoAgreement(index: number): void {
    const applied = this.committed(index);
    this.presume('nothing is committed without a quorum', applied === 0, () => {
      return `${applied} servers applied index ${index}`;
    });
  }

  /** How many servers that are up have applied an index. All of them agree on what; see Service. */
  committed(index: number): number {
    const { cluster } = this;
    return [...cluster.ids.keys()].filter((i) => {
      return (cluster.server(i)?.service.lastApplied ?? 0) >= index;
    }).length;
  }

  /** Was this command chosen for the index? */
  isChosen(index: number, command: Command): boolean {
    return this.cluster.chosen.is(index, command);
  }

  /**
   * A complete agreement within 10 s: some server accepts the command, and at least `servers` apply
   * it at its index within 2 s.
   * @param retry try again if the first leader does not get it done
   */
  async one(command: Command, servers: number, retry: boolean): Promise<number> {
    const { cluster } = this;
    const { t } = cluster;
    const deadline = t.world.now() + 10_000;
    while (t.world.now() < deadline) {
      const index = await this.startAnywhere(command);
      if (index === undefined) {
        await t.sleep(50);
        continue;
      }
      const until = t.world.now() + 2000;
      while (t.world.now() < until) {
        if (this.committed(index) >= servers && this.isChosen(index, command)) {
          t.count('agreements');
          return index;
        }
        await t.sleep(20);
      }
      if (!retry) break;
    }
    t.expectInTime('agreement within 10 s', false, () => {
      return `${JSON.stringify(command)?.slice(0, 30)} was not applied by ${servers} servers`;
    });
    return -1;
  }

  /** Wait until `servers` have applied an index, for about 31 s. */
  async wait(index: number, servers: number, term: number): Promise<string | undefined> {
    const { cluster } = this;
    let pause = 10;
    for (let poll = 0; poll < 30 && this.committed(index) < servers; poll++) {
      await cluster.t.sleep(pause);
      pause = Math.min(2 * pause, 1280);
      for (const i of cluster.ids.keys()) {
        const state = await cluster.state(i);
        if (state !== undefined && state.term > term) return undefined;
      }
    }
    const count = this.committed(index);
    cluster.t.expectInTime('agreement within 31 s', count >= servers, () => {
      return `only ${count} of ${servers} servers applied index ${index}`;
    });
    return cluster.chosen.commands[index];
  }

  /** The index at which the first connected leader found accepts a command. */
  private async startAnywhere(command: Command): Promise<number | undefined> {
    const { cluster } = this;
    for (let tries = 0; tries < cluster.size; tries++) {
      this.nextStart = (this.nextStart + 1) % cluster.size;
      if (!cluster.isConnected(this.nextStart)) continue;
      const started = await cluster.start(this.nextStart, command);
      if (started?.isLeader === true) return started.index;
    }
    return undefined;
  }
}
