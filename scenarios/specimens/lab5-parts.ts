import {
  type CtrlerPorts,
  ctrlerPorts,
  type CtrlerRules,
  ctrlerRules,
  type GroupPorts,
  groupPorts,
  type GroupRules,
  groupRules,
  shardClerk,
  shardClerkPorts,
  type ShardClerkRules,
  shardClerkRules,
  shardCtrler,
  shardGroup,
  type ShardLayers,
} from '../../shardkv/index.ts';
import type { Specimen } from '../define/specimen.ts';

/** A specimen of lab 5. */
export type Entry = Omit<Specimen, 'lab'>;

type Wrong = Partial<ShardLayers>;

/** Our group server with other rules, or other ports. */
export const withGroup = (rules: Partial<GroupRules>, ports: Partial<GroupPorts> = {}): Wrong => ({
  makeShardGroup: shardGroup({ ...groupRules, ...rules }, { ...groupPorts, ...ports }),
});

/** Our controller with one rule replaced. */
export const withCtrlerRule = (rule: Partial<CtrlerRules>): Wrong => ({
  makeShardCtrler: shardCtrler({ ...ctrlerRules, ...rule }, ctrlerPorts),
});

/** Our controller with one port replaced. */
export const withCtrlerPort = (port: Partial<CtrlerPorts>): Wrong => ({
  makeShardCtrler: shardCtrler(ctrlerRules, { ...ctrlerPorts, ...port }),
});

/** Our clerk with one rule replaced. */
export const withClerkRule = (rule: Partial<ShardClerkRules>): Wrong => ({
  makeShardClerk: shardClerk({ ...shardClerkRules, ...rule }, shardClerkPorts),
});
