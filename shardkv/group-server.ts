import { throughTheLog } from '../kvsrv/index.ts';
import type { Rsm, StateMachine } from '../raft/index.ts';
import type { Env } from '../sim/index.ts';
import type { GroupView, MakeShardGroup, ShardGroupHost } from './contract.ts';
import { GroupMachine, type GroupRequest } from './group-machine.ts';
import { groupRules, type GroupRules } from './group-rules.ts';

/** How a server uses the layers below it. */
export interface GroupPorts {
  /** Have a request carried out; the answer may come later. */
  submit(rsm: Rsm, request: GroupRequest, machine: GroupMachine): unknown;
}

export const groupPorts: GroupPorts = {
  // Everything, reads as well as moves: only the log says what came before what.
  submit: (rsm, request) => throughTheLog(rsm, request),
};

/** A server of lab 5's groups, of these parts. */
export function shardGroup(rules: GroupRules, ports: GroupPorts): MakeShardGroup {
  const make: MakeShardGroup = (env, host: ShardGroupHost) => {
    const { makeRsm, gid, shards, owned, ...below } = host;
    const machine = new GroupMachine(rules, { shards, owned });
    const rsm = makeRsm(env, below, shown(env, gid, machine));
    const submit = (request: GroupRequest): unknown => ports.submit(rsm, request, machine);
    return {
      handlers: {
        ...rsm.handlers,
        get: ({ key }) => submit({ op: 'get', key }),
        put: ({ key, value, version }) => submit({ op: 'put', key, value, version }),
        freezeShard: ({ shard, num }) => submit({ op: 'freezeShard', shard, num }),
        installShard: (args) => submit({ op: 'installShard', ...args }),
        deleteShard: ({ shard, num }) => submit({ op: 'deleteShard', shard, num }),
      },
      getState: () => rsm.getState(),
      view: () => machine,
    };
  };
  return Object.assign(make, { isSynchronous: true });
}

export const makeShardGroup: MakeShardGroup = shardGroup(groupRules, groupPorts);

/** The machine, whose shards are told whenever they change: who owns what is in the trace. */
function shown(env: Env, gid: number, machine: GroupMachine): StateMachine {
  let told = -1;
  const tell = (): void => {
    if (machine.changes === told) return;
    told = machine.changes;
    env.show({ gid, ...ownership(machine) });
  };
  tell();
  return {
    doOp(request) {
      const answer = machine.doOp(request);
      tell();
      return answer;
    },
    snapshot: () => machine.snapshot(),
    restore(snapshot) {
      machine.restore(snapshot);
      tell();
    },
  };
}

/**
 * Shards that a group serves, and those that it has frozen, as lists; and the latest number. In one
 * go: with a thousand shards, a list for each question was a fifth of a run's time.
 */
function ownership({ shards }: GroupView): Readonly<Record<string, unknown>> {
  let serves = '';
  let frozen = '';
  let config = 0;
  for (let i = 0; i < shards.length; i++) {
    const { status, num } = shards[i]!;
    if (num > config) config = num;
    if (status === 'serving') serves += serves === '' ? i : ` ${i}`;
    else if (status === 'frozen') frozen += frozen === '' ? i : ` ${i}`;
  }
  return { serves, frozen, config };
}
