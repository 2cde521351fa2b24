import {
  CommandTooLarge,
  type Rsm,
  type StateMachine,
  type SubmitResult,
} from '../../raft/index.ts';
import { LaterReply } from '../../sim/index.ts';
import type { MakeReplicatedKvServer, TooLarge, WrongLeader } from './contract.ts';
import { kvMachine, type KvRequest, kvMachineRules } from './kv-machine.ts';

/** How the server uses the layers below it. */
export interface ReplicatedServerPorts {
  /** The service as a state machine. */
  machine(): StateMachine;
  /** Have a request carried out; the answer may come later. */
  submit(rsm: Rsm, request: KvRequest): unknown;
}

export const replicatedServerPorts: ReplicatedServerPorts = {
  machine: () => kvMachine(kvMachineRules),
  // Reads, too: a leader that was deposed does not know it, and one that was just elected has not
  // applied all that its predecessor had answered (labs.md §8).
  submit: (rsm, request) => throughTheLog(rsm, request),
};

/** Have a request carried out in its place in the log, and answer with what came of it. */
export function throughTheLog(rsm: Rsm, request: unknown): unknown {
  if (rsm.propose === undefined) return rsm.submit(request).then(replyOf, tooLarge);
  const reply = new LaterReply();
  try {
    rsm.propose(request, (result) => reply.answer(replyOf(result)));
  } catch (error) {
    return tooLarge(error);
  }
  return reply;
}

/** The server of lab 4B, of these parts: it hands requests to the replicated state machine. */
export function replicatedKvServer(ports: ReplicatedServerPorts): MakeReplicatedKvServer {
  const make: MakeReplicatedKvServer = (env, { makeRsm, ...host }) => {
    const rsm = makeRsm(env, host, ports.machine());
    return {
      handlers: {
        ...rsm.handlers,
        get: ({ key }) => ports.submit(rsm, { op: 'get', key }),
        put: ({ key, value, version }) => ports.submit(rsm, { op: 'put', key, value, version }),
      },
      getState: () => rsm.getState(),
    };
  };
  return Object.assign(make, { isSynchronous: true });
}

export const makeReplicatedKvServer: MakeReplicatedKvServer =
  replicatedKvServer(replicatedServerPorts);

function replyOf(result: SubmitResult): unknown {
  if (result.err === 'OK') return result.result;
  const { err, isMaybe, leader } = result;
  return {
    err,
    ...(isMaybe ? { isMaybe } : {}),
    ...(leader === undefined ? {} : { leader }),
  } satisfies WrongLeader;
}

/** What a client sends must not bring the server down. Any other error is one of ours. */
function tooLarge(error: unknown): TooLarge {
  if (!(error instanceof CommandTooLarge)) throw error;
  const { bytes, most } = error;
  return { err: 'ErrTooLarge', bytes, most };
}
