import { type Entry, kvMachineRules, type ServerRules, serverRules } from '../kvsrv/index.ts';
import { type ConfigNum, FIRST_NUM } from './config.ts';
import type { DeleteReply, FreezeReply, InstallReply, ShardView } from './contract.ts';

/** What a group keeps of a shard. */
export interface Shard extends ShardView {
  /** Its keys; none while it is absent. */
  readonly entries: Map<string, Entry>;
  /** Pieces of a state that is on its way here; absent = none. */
  readonly arriving?: Arriving;
}

/** The first pieces of a state, and the configuration that moves it. */
export interface Arriving {
  readonly num: ConfigNum;
  readonly pieces: readonly string[];
}

/** The whole state of a group, read-only. */
export type Shards = readonly Shard[];

/** The decisions of a group, each pure and replaceable (DESIGN §4, seams). */
export interface GroupRules extends ServerRules {
  /** May gets and puts of its keys be answered? */
  mayServe(shard: Shard): boolean;
  judgeFreeze(shard: Shard, num: ConfigNum, all: Shards): FreezeReply['err'];
  /** `done` = it is here already, from this very configuration. */
  judgeInstall(shard: Shard, num: ConfigNum, all: Shards): InstallReply['err'] | 'done';
  judgeDelete(shard: Shard, num: ConfigNum, all: Shards): DeleteReply['err'];
  /** A shard that was frozen, and waits to be installed elsewhere. */
  frozen(shard: Shard, num: ConfigNum): Shard;
  /** A shard that was deleted. */
  deleted(shard: Shard, num: ConfigNum): Shard;
  /** The state of a shard as it travels. */
  stateOf(shard: Shard): string;
  entriesOf(state: string): Map<string, Entry>;
  /** The state of a group as a snapshot holds it. */
  snapshotOf(all: Shards): string;
  /** @param born what the group is without any snapshot */
  shardsOf(snapshot: string, born: Shards): Shard[];
}

type Row = readonly [
  status: Shard['status'],
  num: ConfigNum,
  state: string,
  // Nothing, for most.
  ...arriving: Arriving[],
];

export const groupRules: GroupRules = {
  ...serverRules,

  // A frozen shard is on its way: what would be written here now would be lost there.
  mayServe: ({ status }) => status === 'serving',

  // Numbers are per shard: a change concerns several of a group's, one after the other. To ask
  // again is no offence: replies get lost, and controllers crash.
  judgeFreeze({ status, num: seen }, num) {
    if (num < seen) return 'ErrOldConfig';
    if (status !== 'absent') return 'OK';
    // Whoever deletes has installed it elsewhere before.
    return num === seen ? 'ErrDeleted' : 'ErrWrongGroup';
  },

  // The second install of a configuration would overwrite what was put since the first.
  judgeInstall({ num: seen }, num) {
    if (num < seen) return 'ErrOldConfig';
    return num === seen ? 'done' : 'OK';
  },

  // Only what was frozen for this very configuration may go: anything else may be the only copy.
  judgeDelete({ status, num: seen }, num) {
    if (num < seen) return 'ErrOldConfig';
    return num === seen && status !== 'serving' ? 'OK' : 'ErrWrongGroup';
  },

  // Until it is installed elsewhere nobody else has it.
  frozen: (shard, num) => ({ ...shard, status: 'frozen', num }),

  // Its number stays, against requests of controllers that were held up.
  deleted: (_shard, num) => ({ status: 'absent', num, entries: new Map() }),

  stateOf: ({ entries }) => kvMachineRules.snapshotOf(entries),
  entriesOf: (state) => kvMachineRules.entriesOf(state),

  // Ownership and numbers are part of the state: a group that forgot them would go back to those
  // that it was born with.
  snapshotOf: (all) =>
    JSON.stringify(
      all.map(({ status, num, entries, arriving }): Row => {
        const state = kvMachineRules.snapshotOf(entries);
        return arriving === undefined ? [status, num, state] : [status, num, state, arriving];
      }),
    ),
  shardsOf: (snapshot) =>
    (JSON.parse(snapshot) as Row[]).map(([status, num, state, arriving]) => ({
      status,
      num,
      entries: kvMachineRules.entriesOf(state),
      ...(arriving === undefined ? {} : { arriving }),
    })),
};

/** What a group is before it has carried anything out. */
export function bornShards(shards: number, owned: readonly number[]): Shard[] {
  return Array.from({ length: shards }, (_, i) =>
    owned.includes(i)
      ? { status: 'serving', num: FIRST_NUM, entries: new Map() }
      : { status: 'absent', num: 0, entries: new Map() },
  );
}
