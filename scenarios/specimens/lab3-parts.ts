import {
  raftOf,
  raftPorts,
  raftRules,
  type RaftLayers,
  type RaftPorts,
  type RaftRules,
} from '../../raft/index.ts';
import type { Specimen } from '../define/specimen.ts';

/** A specimen of lab 3. */
export type Entry = Omit<Specimen, 'lab'>;

/** Our Raft with one rule replaced. */
export const withRule = (rule: Partial<RaftRules>): Partial<RaftLayers> => ({
  makeRaft: raftOf({ rules: { ...raftRules, ...rule }, ports: raftPorts }),
});

/** Our Raft with one port replaced. */
export const withPort = (port: Partial<RaftPorts>): Partial<RaftLayers> => ({
  makeRaft: raftOf({ rules: raftRules, ports: { ...raftPorts, ...port } }),
});
