import { throughTheLog } from '../../kvsrv/index.ts';
import { type GroupRequest, groupRules, shardOf, type Shards } from '../../shardkv/index.ts';
import { type Entry, withGroup } from './lab5-parts.ts';

/** The largest configuration number that a group has seen for any shard. */
const largest = (all: Shards): number => Math.max(...all.map(({ num }) => num));

/** Is the shard of this request served, as far as a server knows now? */
function isServedNow(request: GroupRequest, shards: Shards): boolean {
  if (request.op !== 'get' && request.op !== 'put') return true;
  return groupRules.mayServe(shards[shardOf(request.key, shards.length)]!);
}

/** Bugs of the servers of a group. */
export const groupEntries: readonly Entry[] = [
  {
    id: 'S1',
    title: 'A group serves a frozen shard',
    seam: 'rule',
    guarantee: 'what is written after a shard was frozen is not lost',
    class: 'safety',
    lesson:
      'From the freeze on, the state is on its way. A put that the source answers then is in no ' +
      'copy, and a get that it answers does not know of what the destination has taken since. ' +
      'In the official tests only moves of the shard of one key can show it.',
    scenarios: ['shardkv/chaos-3'],
    layers: withGroup({ mayServe: ({ status }) => status !== 'absent' }),
  },
  {
    id: 'S3',
    title: 'An install is carried out whatever its number',
    seam: 'rule',
    guarantee: 'a shard is installed once a configuration, and no older one comes back',
    class: 'safety',
    lesson:
      'Replies get lost, and controllers crash: the same state is installed again, when clients ' +
      'have long written on. The number that made the shard serve says that it is here.',
    scenarios: ['shardkv/late-requests', 'shardkv/chaos-3'],
    layers: withGroup({ judgeInstall: () => 'OK' }),
  },
  {
    id: 'S5',
    title: 'A deletion forgets the number of the shard',
    seam: 'rule',
    guarantee: 'numbers never go back',
    class: 'safety',
    lesson:
      'The number is all that stands between an empty place and a request that was held up: an ' +
      'old install brings back what others have changed since.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withGroup({ deleted: () => ({ status: 'absent', num: 0, entries: new Map() }) }),
  },
  {
    id: 'S7',
    title: 'The number is remembered per group, not per shard',
    seam: 'rule',
    guarantee: 'every shard of a change is moved',
    class: 'safety',
    lesson:
      'A change concerns several shards of a group. When the first of them has brought its ' +
      'number, the others seem to be there already, and are not.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withGroup({
      judgeInstall: (_shard, num, all) => {
        const seen = largest(all);
        return num < seen ? 'ErrOldConfig' : num === seen ? 'done' : 'OK';
      },
    }),
  },
  {
    id: 'S15',
    title: 'Whether a shard is served is asked before the log, not in it',
    seam: 'contract',
    guarantee: 'nothing is carried out after a freeze',
    class: 'safety',
    lesson:
      'Between the question and the place in the log there is time for a freeze. Only the log ' +
      'says what came first.',
    scenarios: ['shardkv/chaos-3'],
    layers: withGroup(
      { mayServe: () => true },
      {
        submit: (rsm, request, machine) =>
          isServedNow(request, machine.shards)
            ? throughTheLog(rsm, request)
            : { err: 'ErrWrongGroup' },
      },
    ),
  },
  {
    id: 'S17',
    title: 'A snapshot holds the keys, and not who owns the shards',
    seam: 'rule',
    guarantee: 'a restarted group owns what it owned before',
    class: 'safety',
    lesson:
      'A group that comes up from such a snapshot believes what it was born with. The official ' +
      'tests never restart a group that has one: published solutions pass them like this.',
    scenarios: ['shardkv/join-leave-basic', 'shardkv/chaos-3'],
    layers: withGroup({
      shardsOf: (snapshot, born) =>
        groupRules.shardsOf(snapshot, born).map(({ entries }, i) => ({ ...born[i]!, entries })),
    }),
  },
  {
    id: 'S23',
    title: 'What tells a repeated put from a new one does not move with its shard',
    seam: 'rule',
    guarantee: 'a put happens once, wherever its shard is',
    class: 'safety',
    lesson:
      'Once that was a table of duplicates; today it is the version. The official tests put each ' +
      'key that they check only once, and cannot tell version 1 from a forgotten one.',
    scenarios: ['shardkv/chaos-3'],
    layers: withGroup({
      entriesOf: (state) =>
        new Map(
          [...groupRules.entriesOf(state)].map(([key, { value }]) => [key, { value, version: 1 }]),
        ),
    }),
  },
  {
    id: 'S29',
    title: 'A frozen shard is handed over, and not kept',
    seam: 'rule',
    guarantee: 'data of an acknowledged put is on at least one group at all times',
    class: 'safety',
    lesson:
      'Until it is installed, the answer to the freeze is the only copy. If that is lost, or its ' +
      'controller crashes, the next freeze has nothing to answer. Nothing is wrong as long as ' +
      'neither happens, and whoever reads back sees nothing.',
    scenarios: ['shardkv/join-basic', 'shardkv/chaos-3'],
    layers: withGroup({ frozen: (_shard, num) => ({ status: 'frozen', num, entries: new Map() }) }),
  },
];
