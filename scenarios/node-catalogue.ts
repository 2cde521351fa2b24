import * as kvsrv from '../kvsrv/index.ts';
import * as mapreduce from '../mapreduce/index.ts';
import * as porcupine from '../porcupine-ts/index.ts';
import * as raft from '../raft/index.ts';
import * as shardkv from '../shardkv/index.ts';
import * as sim from '../sim/index.ts';
import { packs } from './catalogue.ts';
import * as scenarios from './index.ts';
import type { Catalogue } from './runner/node-worker.ts';

export { packs };

/** What `faultlab/*` means to user code: the copy that runs. */
export const userModules: Catalogue['userModules'] = {
  'faultlab/sim': sim,
  'faultlab/raft': raft,
  'faultlab/mapreduce': mapreduce,
  'faultlab/kvsrv': kvsrv,
  'faultlab/shardkv': shardkv,
  'faultlab/porcupine-ts': porcupine,
  'faultlab/scenarios': scenarios,
};
