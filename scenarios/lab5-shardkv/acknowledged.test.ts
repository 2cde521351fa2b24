import { describe, expect, test } from 'vitest';
import { groupPorts, groupRules, makeShardGroup, shardGroup } from '../../shardkv/index.ts';
import type { GroupView, ShardView } from '../../shardkv/index.ts';
import { closedGroup } from '../../shardkv/testing/closed-group.ts';
import type { MakeRsm, RsmHost, StateMachine } from '../../raft/index.ts';
import type { Env } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { Acknowledged } from './acknowledged.ts';
import { Ownership } from './ownership.ts';

const KEPT = 'what is acknowledged is kept';

/** Shards of which the first holds so many versions of a key; the other one is somebody else's. */
const having = (status: ShardView['status'], num: number, versions: number): ShardView => ({
  status,
  num,
  entries: new Map(versions === 0 ? [] : [['a', { version: versions }]]),
});

/** Groups of which the views are set by hand; a single shard, and one key. */
class ByHand {
  readonly said: string[] = [];
  readonly acknowledged: Acknowledged;
  private readonly ownership: Ownership;
  private readonly machines = new Map<string, StateMachine>();
  private readonly views = new Map<string, GroupView>();
  private changes = 0;

  constructor() {
    const t = {
      expect: (name: string, isTrue: boolean, why: () => string): void => {
        if (!isTrue && name === KEPT) this.said.push(why());
      },
    };
    this.acknowledged = new Acknowledged(t, 1);
    this.ownership = new Ownership(t, this.acknowledged);
  }

  /** A server carries out the request at an index, and from then on has this. */
  carriesOut(id: string, index: number, shard: ShardView): this {
    this.views.set(id, { changes: ++this.changes, shards: [shard] });
    this.machine(id).doOp('', index);
    return this;
  }

  /** The same, right after a snapshot. */
  restores(id: string, index: number, shard: ShardView): this {
    this.machine(id).restore('');
    return this.carriesOut(id, index, shard);
  }

  private machine(id: string): StateMachine {
    const known = this.machines.get(id);
    if (known !== undefined) return known;
    const own: StateMachine = { doOp: () => '', snapshot: () => '', restore: () => {} };
    const gid = Number(id[1]);
    const make: MakeRsm = (_env, _host, machine) => {
      this.machines.set(id, machine);
      return undefined as never;
    };
    const judged = this.ownership.judged(gid, make, () => this.views.get(id));
    judged({ id } as Env, {} as RsmHost, own);
    return this.machine(id);
  }
}

describe('what is acknowledged is kept', () => {
  /** Version 2 of a key was acknowledged, when group 1 had it. */
  const begun = (): ByHand => {
    const groups = new ByHand()
      .carriesOut('g1.s0', 1, having('serving', 1, 2))
      .carriesOut('g2.s0', 1, having('absent', 0, 0));
    groups.acknowledged.add('a', 2);
    groups.acknowledged.add('a', 1);
    return groups;
  };

  test('on its way from group to group: nothing is said', () => {
    const { said } = begun()
      .carriesOut('g1.s0', 2, having('frozen', 2, 2))
      .carriesOut('g2.s0', 2, having('serving', 2, 2))
      .carriesOut('g1.s0', 3, having('absent', 2, 0));

    expect(said).toEqual([]);
  });

  test('a freeze must keep it', () => {
    const { said } = begun().carriesOut('g1.s0', 2, having('frozen', 2, 0));

    expect(said).toEqual([
      'g1.s0: shard 0 is frozen at configuration 2: ' +
        'version 2 of a was acknowledged, and no group has it',
    ]);
  });

  test('an install must have it, though it is still where it was', () => {
    const { said } = begun()
      .carriesOut('g1.s0', 2, having('frozen', 2, 2))
      .carriesOut('g2.s0', 2, having('serving', 2, 1));

    expect(said).toEqual([expect.stringMatching(/^g2\.s0: shard 0 is serving .* version 2 of a/)]);
  });

  test('a deletion must leave it elsewhere: leftovers of a deleted shard do not count', () => {
    const { said } = begun()
      .carriesOut('g1.s0', 2, having('frozen', 2, 2))
      .carriesOut('g2.s0', 2, having('frozen', 2, 1))
      .carriesOut('g1.s0', 3, having('absent', 2, 2));

    expect(said).toEqual([expect.stringMatching(/^g1\.s0: shard 0 is absent at configuration 2/)]);
  });

  test('what a server restores must have it, once that is what its group has', () => {
    const frozen = begun().carriesOut('g1.s0', 2, having('frozen', 2, 2));

    expect(frozen.restores('g1.s1', 2, having('frozen', 2, 0)).said).toEqual([]);
    expect(frozen.restores('g1.s1', 3, having('frozen', 2, 0)).said).toEqual([
      expect.stringMatching(/^g1\.s1 takes over, and has shard 0 frozen: version 2 of a/),
    ]);
  });

  test('nothing is said of groups that show their shards, and not what is in them', () => {
    const { said } = begun().carriesOut('g1.s0', 2, { status: 'frozen', num: 2 });

    expect(said).toEqual([]);
  });
});

describe('a group that shows nothing', () => {
  const scenario = new Registry(packs).scenario('shardkv/chaos-3');
  const forgetful = shardGroup(
    {
      ...groupRules,
      frozen: (_shard, num) => ({ status: 'frozen', num, entries: new Map() }),
    },
    groupPorts,
  );

  test('is run as one whose view is withheld, and its moves are counted all the same', async () => {
    const layers = { makeShardGroup: closedGroup(makeShardGroup) };
    const [shown, ...others] = await Promise.all([
      runScenario(scenario, 7),
      runScenario(scenario, 7, { params: { view: false } }),
      runScenario(scenario, 7, { layers }),
    ]);
    const moves = shown.result.activity['shards moved'];

    expect(moves).toBeGreaterThan(20);
    for (const { result } of others) {
      expect(result).toMatchObject({ verdict: 'pass', activity: { 'shards moved': moves } });
    }
  });

  test('is judged by its answers alone', async () => {
    const layers = { makeShardGroup: forgetful };
    const [shown, hidden] = await Promise.all([
      runScenario(scenario, 1, { layers }),
      runScenario(scenario, 1, { layers: { makeShardGroup: closedGroup(forgetful) } }),
    ]);

    expect(shown.result.check).toBe(KEPT);
    expect(hidden.result.check).not.toBe(KEPT);
    expect(hidden.result.events).toBeGreaterThan(shown.result.events);
  });
});
