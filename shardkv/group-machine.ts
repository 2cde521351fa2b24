import type { GetArgs, PutArgs } from '../kvsrv/index.ts';
import type { StateMachine } from '../raft/index.ts';
import { shardOf } from './config.ts';
import type {
  DeleteArgs,
  DeleteReply,
  FreezeArgs,
  FreezeReply,
  GroupView,
  InstallArgs,
  InstallReply,
} from './contract.ts';
import { bornShards, type GroupRules, type Shard } from './group-rules.ts';

/** A request, as it stands in the log of a group. */
export type GroupRequest =
  | ({ readonly op: 'get' } & GetArgs)
  | ({ readonly op: 'put' } & PutArgs)
  | ({ readonly op: 'freezeShard' } & FreezeArgs)
  | ({ readonly op: 'installShard' } & InstallArgs)
  | ({ readonly op: 'deleteShard' } & DeleteArgs);

/** What a group is born with. */
export interface Birth {
  readonly shards: number;
  readonly owned: readonly number[];
}

/**
 * A group as a state machine: a versioned map a shard, fenced by configuration numbers. Whether a
 * shard is served is decided here, at the request's place in the log, and nowhere before: between
 * the question and the answer the shard may have been frozen.
 */
export class GroupMachine implements StateMachine, GroupView {
  changes = 0;
  shards: Shard[];
  private readonly rules: GroupRules;
  private readonly birth: Birth;

  constructor(rules: GroupRules, birth: Birth) {
    this.rules = rules;
    this.birth = birth;
    this.shards = bornShards(birth.shards, birth.owned);
  }

  doOp(request: unknown): unknown {
    const args = request as GroupRequest;
    switch (args.op) {
      case 'get':
      case 'put':
        return this.serve(args);
      case 'freezeShard':
        return this.freeze(args);
      case 'installShard':
        return this.install(args);
      case 'deleteShard':
        return this.delete(args);
      default:
        throw new Error('expected get, put, freezeShard, installShard or deleteShard');
    }
  }

  snapshot(): string {
    return this.rules.snapshotOf(this.shards);
  }

  restore(snapshot: string): void {
    const { shards, owned } = this.birth;
    this.shards = this.rules.shardsOf(snapshot, bornShards(shards, owned));
    this.changes++;
  }

  private serve(args: Extract<GroupRequest, { op: 'get' | 'put' }>): unknown {
    const { rules } = this;
    const shard = this.at(shardOf(args.key, this.shards.length));
    if (!rules.mayServe(shard)) return { err: 'ErrWrongGroup' };
    const entry = shard.entries.get(args.key);
    if (args.op === 'get') return rules.answerGet(entry);
    const err = rules.judgePut(entry, args);
    if (err === 'OK') shard.entries.set(args.key, rules.written(entry, args));
    return { err };
  }

  private freeze({ shard: i, num }: FreezeArgs): FreezeReply {
    const { rules, shards } = this;
    const shard = this.at(i);
    const err = rules.judgeFreeze(shard, num, shards);
    if (err === 'ErrOldConfig') return { err, num: shard.num };
    if (err !== 'OK') return { err };
    this.set(i, rules.frozen(shard, num));
    return { err, state: rules.stateOf(shard) };
  }

  private install(args: InstallArgs): InstallReply {
    const { rules, shards } = this;
    const { shard: i, num } = args;
    const shard = this.at(i);
    const err = rules.judgeInstall(shard, num, shards);
    if (err === 'ErrOldConfig') return { err, num: shard.num };
    if (err === 'OK') {
      const pieces = piecesWith(shard, args);
      const isWhole = pieces.length === (args.part?.of ?? 1);
      const entries = isWhole ? rules.entriesOf(pieces.join('')) : shard.entries;
      if (isWhole) this.set(i, { status: 'serving', num, entries });
      else this.set(i, { ...shard, arriving: { num, pieces } });
    }
    return { err: 'OK' };
  }

  private delete({ shard: i, num }: DeleteArgs): DeleteReply {
    const { rules, shards } = this;
    const shard = this.at(i);
    const err = rules.judgeDelete(shard, num, shards);
    if (err === 'ErrOldConfig') return { err, num: shard.num };
    if (err === 'OK' && shard.status !== 'absent') this.set(i, rules.deleted(shard, num));
    return { err };
  }

  private at(shard: number): Shard {
    const found = this.shards[shard];
    if (found === undefined) {
      throw new Error(`expected a shard from 0 to ${this.shards.length - 1}, got ${shard}`);
    }
    return found;
  }

  private set(i: number, shard: Shard): void {
    const before = this.at(i);
    if (before.status !== shard.status || before.num !== shard.num) this.changes++;
    this.shards[i] = shard;
  }
}

/** The pieces of a state that are here, this one included. */
function piecesWith({ arriving }: Shard, { state, num, part }: InstallArgs): readonly string[] {
  const before = arriving?.num === num ? arriving.pieces : [];
  const { index } = part ?? { index: 0 };
  if (index > before.length) {
    throw new Error(`expected piece ${before.length} of a shard, got ${index}`);
  }
  // Another controller may begin again where this one has got to: what is frozen does not change.
  return index < before.length ? before : [...before, state];
}
