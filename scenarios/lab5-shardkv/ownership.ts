import type { MakeRsm, StateMachine } from '../../raft/index.ts';
import type { Gid, GroupView, ShardView } from '../../shardkv/index.ts';
import type { Tester } from '../define/tester.ts';
import type { Acknowledged } from './acknowledged.ts';

type Judge = Pick<Tester<unknown, unknown>, 'expect'>;

/** Is told of every change of a shard at a group, once. */
type Told = (gid: Gid, shard: number, now: ShardView, before: ShardView | undefined) => void;

/** A group, as whichever of its servers has come farthest in the log. */
interface Group {
  lastIndex: number;
  /** Of that server, live. */
  view: GroupView | undefined;
  /** As they were at their last change. */
  readonly shards: ShardView[];
}

/**
 * Who owns which shard. A group's state is what its log says, so each change is judged when the
 * first of its servers carries it out; the others follow. Groups that show no view are not judged.
 */
export class Ownership {
  private readonly t: Judge;
  private readonly acknowledged: Acknowledged;
  private readonly told: Told;
  private readonly groups = new Map<Gid, Group>();
  /** By shard and configuration number: the group that served it. */
  private readonly owners = new Map<string, Gid>();

  constructor(t: Judge, acknowledged: Acknowledged, told: Told = () => {}) {
    this.t = t;
    this.acknowledged = acknowledged;
    this.told = told;
  }

  /** The layer as it is, with every state machine watched. `view` = of the server that it is of. */
  judged(gid: Gid, make: MakeRsm, view: () => GroupView | undefined): MakeRsm {
    const judged: MakeRsm = (env, host, machine) =>
      make(env, host, this.watched(gid, env.id, machine, view));
    return Object.assign(judged, { isSynchronous: make.isSynchronous === true });
  }

  /** No group has shown its shards. */
  get isBlind(): boolean {
    return [...this.groups.values()].every(({ shards }) => shards.length === 0);
  }

  /** The group that serves a shard now; undefined = nobody does: it is on its way. */
  servedBy(shard: number): Gid | undefined {
    for (const [gid, { shards }] of this.groups) {
      if (shards[shard]?.status === 'serving') return gid;
    }
    return undefined;
  }

  /** A group that has frozen a shard and not deleted it; undefined = there is none. */
  frozenAt(shard: number): Gid | undefined {
    for (const [gid, { shards }] of this.groups) {
      if (shards[shard]?.status === 'frozen') return gid;
    }
    return undefined;
  }

  /** Its servers are gone, and its gid is another group's. */
  forget(gid: Gid): void {
    this.groups.delete(gid);
  }

  private watched(
    gid: Gid,
    node: string,
    machine: StateMachine,
    view: () => GroupView | undefined,
  ): StateMachine {
    // At first: whatever a server comes up with.
    let seen: number | undefined = undefined;
    const { read } = machine;
    return {
      doOp: (request, index) => {
        const answer = machine.doOp(request, index);
        const now = view();
        const group = this.group(gid);
        if (index === undefined || now === undefined || index <= group.lastIndex) return answer;
        group.lastIndex = index;
        group.view = now;
        if (now.changes !== seen) this.look(gid, node, group, now);
        if (seen === undefined) this.takesOver(node, now);
        seen = now.changes;
        return answer;
      },
      snapshot: () => machine.snapshot(),
      restore: (snapshot) => {
        seen = undefined;
        machine.restore(snapshot);
      },
      ...(read === undefined ? {} : { read: (question: unknown) => read.call(machine, question) }),
    };
  }

  private group(gid: Gid): Group {
    let group = this.groups.get(gid);
    if (group === undefined) {
      group = { lastIndex: 0, view: undefined, shards: [] };
      this.groups.set(gid, group);
    }
    return group;
  }

  private look(gid: Gid, node: string, group: Group, view: GroupView): void {
    for (const [shard, own] of view.shards.entries()) {
      const { status, num } = own;
      const before = group.shards[shard];
      if (before?.status === status && before.num === num) continue;
      const at = `${node}: shard ${shard}`;
      this.t.expect('numbers never go back', num >= (before?.num ?? 0), () => {
        return `${at} is ${status} at configuration ${num}, after ${before?.num}`;
      });
      const after = (group.shards[shard] = { status, num });
      this.told(gid, shard, after, before);
      const wasNeverHere = status === 'absent' && before === undefined;
      if (wasNeverHere) continue;
      if (status === 'serving') this.serving(gid, at, shard, num);
      else if (status === 'absent') this.deleted(gid, at, shard, num);
      this.keeps(shard, own, () => `${at} is ${status} at configuration ${num}`);
    }
  }

  /** What a server comes up with, or gets by a snapshot, is what its group has from now on. */
  private takesOver(node: string, view: GroupView): void {
    for (const [shard, own] of view.shards.entries()) {
      if (own.status === 'absent') continue;
      this.keeps(shard, own, () => `${node} takes over, and has shard ${shard} ${own.status}`);
    }
  }

  /** Whoever serves a shard must have all of it: what is written from now on is written there. */
  private keeps(shard: number, own: ShardView, what: () => string): void {
    const holders = own.status === 'serving' ? [own] : this.holders(shard);
    this.acknowledged.judge(shard, holders, what);
  }

  /** Those who serve a shard, or have frozen it. */
  private holders(shard: number): ShardView[] {
    const holders: ShardView[] = [];
    // A loop: there may be a hundred groups, and thousands of moves.
    for (const { view } of this.groups.values()) {
      const own = view?.shards[shard];
      if (own !== undefined && own.status !== 'absent') holders.push(own);
    }
    return holders;
  }

  private serving(gid: Gid, at: string, shard: number, num: number): void {
    const { t, owners } = this;
    const name = `${shard}@${num}`;
    const owner = owners.get(name) ?? gid;
    owners.set(name, gid);
    t.expect('one owner a shard and configuration', owner === gid, () => {
      return `${at} is served by group ${gid} at configuration ${num}, and by group ${owner}`;
    });
    for (const [other, { shards }] of this.groups) {
      const isServing = other !== gid && shards[shard]?.status === 'serving';
      t.expect('one group serves a shard', !isServing, () => {
        return `${at} is served by group ${gid} at configuration ${num}, while ${other} serves it`;
      });
    }
  }

  private deleted(gid: Gid, at: string, shard: number, num: number): void {
    const holders = [...this.groups].filter(([other, { shards }]) => {
      const theirs = shards[shard];
      return other !== gid && theirs !== undefined && theirs.status !== 'absent';
    });
    const isElsewhere = holders.some(([, { shards }]) => shards[shard]!.num >= num);
    this.t.expect('what is deleted is elsewhere', isElsewhere, () => {
      return `${at} is deleted at configuration ${num}, and no other group has it`;
    });
  }
}
