import {
  ctrlerPorts,
  type CtrlerPorts,
  ctrlerRules,
  groupPorts,
  groupRules,
  type GroupRules,
  shardCtrler,
  shardGroup,
  type ShardLayers,
} from '../../shardkv/index.ts';
import type { Specimen } from '../define/specimen.ts';

type Wrong = Partial<ShardLayers>;

const withGroupRule = (rule: Partial<GroupRules>): Wrong => ({
  makeShardGroup: shardGroup({ ...groupRules, ...rule }, groupPorts),
});
const withCtrlerPort = (port: Partial<CtrlerPorts>): Wrong => ({
  makeShardCtrler: shardCtrler(ctrlerRules, { ...ctrlerPorts, ...port }),
});

/** The largest configuration number that a group has seen for any shard. */
const largest = (all: readonly { readonly num: number }[]): number =>
  Math.max(...all.map(({ num }) => num));

const specimens: readonly Omit<Specimen, 'lab' | 'class'>[] = [
  {
    id: 'S5',
    title: 'A deletion forgets the number of the shard',
    seam: 'rule',
    guarantee: 'numbers never go back',
    lesson:
      'The number is all that stands between an empty place and a request that was held up: an ' +
      'old install brings back what others have changed since.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withGroupRule({
      deleted: () => ({ status: 'absent', num: 0, entries: new Map() }),
    }),
  },
  {
    id: 'S7',
    title: 'The number is remembered per group, not per shard',
    seam: 'rule',
    guarantee: 'every shard of a change is moved',
    lesson:
      'A change concerns several shards of a group. When the first of them has brought its ' +
      'number, the others seem to be there already, and are not.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withGroupRule({
      judgeInstall: (_shard, num, all) => {
        const seen = largest(all);
        return num < seen ? 'ErrOldConfig' : num === seen ? 'done' : 'OK';
      },
    }),
  },
  {
    id: 'S17',
    title: 'A snapshot holds the keys, and not who owns the shards',
    seam: 'rule',
    guarantee: 'a restarted group owns what it owned before',
    lesson:
      'A group that comes up from such a snapshot believes what it was born with. The official ' +
      'tests never restart a group that has one: published solutions pass them like this.',
    scenarios: ['shardkv/join-leave-basic', 'shardkv/chaos-3'],
    layers: withGroupRule({
      shardsOf: (snapshot, born) =>
        groupRules.shardsOf(snapshot, born).map(({ entries }, i) => ({ ...born[i]!, entries })),
    }),
  },
  {
    id: 'S25',
    title: 'A shard is deleted at the source before the destination has it',
    seam: 'port',
    guarantee: 'at every moment one group at least has the data',
    lesson:
      'Between the two the only copy is in the memory of a controller, and controllers crash. ' +
      'Nothing is wrong as long as they do not.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withCtrlerPort({
      async moveOne(_env, move, steps) {
        const state = await steps.freeze(move);
        if (state === undefined) return;
        await steps.delete(move);
        await steps.install(move, state);
      },
    }),
  },
];

/** The bugs of lab 5, each seen in somebody's solution, or left in by its tests. */
export const lab5Specimens: readonly Specimen[] = specimens.map((entry) => ({
  lab: 5,
  class: 'safety',
  ...entry,
}));
