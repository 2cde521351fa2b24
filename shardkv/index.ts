/**
 * @module Sharded key/value service (lab 5): configurations, replica groups that own shards, the
 *   controller that moves them, and the clerk that finds them.
 */
export {
  checkConfig,
  configText,
  FIRST_NUM,
  gidsOf,
  InvalidConfig,
  ownerOf,
  parseConfig,
  shardOf,
  SHARDS,
  type ConfigNum,
  type Gid,
  type ShardConfig,
} from './config.ts';
export { joined, left, moved, movesBetween, rebalance, type Move } from './rebalance.ts';
export type {
  ChangeResult,
  DeleteArgs,
  DeleteReply,
  FreezeArgs,
  FreezeReply,
  GivesUp,
  GroupClerk,
  GroupClerks,
  GroupView,
  InstallArgs,
  InstallReply,
  MakeGroupClerk,
  MakeShardClerk,
  MakeShardCtrler,
  MakeShardGroup,
  OldConfig,
  Part,
  Refused,
  ShardCtrler,
  ShardGroup,
  ShardGroupHost,
  ShardLayers,
  ShardView,
  Tried,
  WrongGroup,
} from './contract.ts';
export { GroupMachine, type Birth, type GroupRequest } from './group-machine.ts';
export {
  bornShards,
  groupRules,
  type Arriving,
  type GroupRules,
  type Shard,
  type Shards,
} from './group-rules.ts';
export { groupPorts, makeShardGroup, shardGroup, type GroupPorts } from './group-server.ts';
export {
  groupClerk,
  groupClerkPorts,
  makeGroupClerk,
  type GroupClerkPorts,
  type GroupClerkRules,
} from './group-clerk.ts';
export {
  MAX_KEY,
  MAX_VALUE,
  makeShardClerk,
  shardClerk,
  shardClerkPorts,
  shardClerkRules,
  type ShardClerkPorts,
  type ShardClerkRules,
} from './shard-clerk.ts';
export {
  ctrlerRules,
  storedIn,
  type Both,
  type Claim,
  type CtrlerRules,
  type Stored,
} from './ctrler-rules.ts';
export {
  ctrlerPorts,
  makeShardCtrler,
  shardCtrler,
  type CtrlerPorts,
  type Steps,
} from './ctrler.ts';
