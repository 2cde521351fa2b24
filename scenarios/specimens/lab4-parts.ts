import {
  replicatedClerkPorts,
  replicatedClerkRules,
  replicatedKvClerk,
  replicatedKvServer,
  replicatedServerPorts,
  type ReplicatedClerkPorts,
  type ReplicatedClerkRules,
  type ReplicatedKvLayers,
  type ReplicatedServerPorts,
} from '../../kvsrv/index.ts';
import { rsmOf, rsmPorts, rsmRules, type RsmPorts, type RsmRules } from '../../raft/index.ts';
import type { Specimen } from '../define/specimen.ts';

/** A specimen of lab 4. */
export type Entry = Omit<Specimen, 'lab'>;

type Wrong = Partial<ReplicatedKvLayers>;

/** Our replicated state machine with one rule replaced. */
export const withRsmRule = (rule: Partial<RsmRules>): Wrong => ({
  makeRsm: rsmOf({ rules: { ...rsmRules, ...rule }, ports: rsmPorts }),
});

/** Our replicated state machine with one port replaced. */
export const withRsmPort = (port: Partial<RsmPorts>): Wrong => ({
  makeRsm: rsmOf({ rules: rsmRules, ports: { ...rsmPorts, ...port } }),
});

/** Our server with one port replaced. */
export const withServerPort = (port: Partial<ReplicatedServerPorts>): Wrong => ({
  makeReplicatedKvServer: replicatedKvServer({ ...replicatedServerPorts, ...port }),
});

/** Our clerk with one rule replaced. */
export const withClerkRule = (rule: Partial<ReplicatedClerkRules>): Wrong => ({
  makeReplicatedKvClerk: replicatedKvClerk(
    { ...replicatedClerkRules, ...rule },
    replicatedClerkPorts,
  ),
});

/** Our clerk with one port replaced. */
export const withClerkPort = (port: Partial<ReplicatedClerkPorts>): Wrong => ({
  makeReplicatedKvClerk: replicatedKvClerk(replicatedClerkRules, {
    ...replicatedClerkPorts,
    ...port,
  }),
});
