import type { MakeRsm, StateMachine } from '../../raft/index.ts';
import { FIRST_NUM, type Gid, type GroupView, type ShardView } from '../../shardkv/index.ts';
import type { Tester } from '../define/tester.ts';

type Judge = Pick<Tester<unknown, unknown>, 'expect' | 'count' | 'probe'>;

/** Is told of every change of a shard at a group, once. */
type Told = (gid: Gid, shard: number, now: ShardView, before: ShardView | undefined) => void;

/** A group, as whichever of its servers has come farthest in the log. */
interface Group {
  lastIndex: number;
  readonly shards: ShardView[];
}

/**
 * Who owns which shard. A group's state is what its log says, so each change is judged when the
 * first of its servers carries it out; the others follow. Groups that show no view are not judged.
 */
export class Ownership {
  private readonly t: Judge;
  private readonly told: Told;
  private readonly groups = new Map<Gid, Group>();
  /** By shard and configuration number: the group that served it. */
  private readonly owners = new Map<string, Gid>();
  private readonly moved = new Set<number>();

  constructor(t: Judge, told: Told = () => {}) {
    this.t = t;
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

  /** How many of the shards have moved at least once. */
  get shardsMoved(): number {
    return this.moved.size;
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
        if (now.changes !== seen) this.look(gid, node, group, now);
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
    if (group === undefined) this.groups.set(gid, (group = { lastIndex: 0, shards: [] }));
    return group;
  }

  private look(gid: Gid, node: string, group: Group, view: GroupView): void {
    for (const [shard, { status, num }] of view.shards.entries()) {
      const before = group.shards[shard];
      if (before?.status === status && before.num === num) continue;
      const at = `${node}: shard ${shard}`;
      this.t.expect('numbers never go back', num >= (before?.num ?? 0), () => {
        return `${at} is ${status} at configuration ${num}, after ${before?.num}`;
      });
      const after = (group.shards[shard] = { status, num });
      this.told(gid, shard, after, before);
      if (status === 'serving') this.serving(gid, at, shard, num, before);
      else if (status === 'absent' && before !== undefined) this.deleted(gid, at, shard, num);
    }
  }

  private serving(
    gid: Gid,
    at: string,
    shard: number,
    num: number,
    before: ShardView | undefined,
  ): void {
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
    // What a group is born with has not moved.
    if (num === FIRST_NUM || before?.status === 'serving') return;
    this.moved.add(shard);
    t.count('shards moved');
    t.probe('a shard moved');
    if ((before?.num ?? 0) > 0) t.probe('a shard came back');
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
