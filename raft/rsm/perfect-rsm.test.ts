import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env, type FaultAction } from '../../sim/index.ts';
import { ListMachine } from '../testing/list-machine.ts';
import { MemoryPersister } from '../testing/memory-persister.ts';
import { ScriptedRaft } from '../testing/scripted-raft.ts';
import type { Rsm, SubmitResult } from './contract.ts';
import { perfectRsm } from './perfect-rsm.ts';

interface Server {
  readonly env: Env;
  readonly rsm: Rsm;
  readonly machine: ListMachine;
}

/** Three servers on the stand-in, each with its own program. */
async function course(
  faults: readonly FaultAction[],
  work: (server: Server) => void,
): Promise<Server[]> {
  const make = perfectRsm(5);
  const servers = new Map<string, Server>();
  const world = new World(1, { host: nodeHost(), plan: { faults }, isStrict: true });
  for (const me of [0, 1, 2]) {
    const program = (env: Env): void => {
      const machine = new ListMachine();
      const persister = new MemoryPersister();
      const { make: makeRaft } = new ScriptedRaft();
      const host = { peers: [], me, persister, maxRaftState: 100, makeRaft };
      const server = { env, rsm: make(env, host, machine), machine };
      servers.set(env.id, server);
      work(server);
    };
    world.addNode(`s${me}`, program, { isSynchronous: true });
  }
  await world.run({ untilMs: 200 });
  expect(world.failure).toBeUndefined();
  return [...servers.values()];
}

describe('the stand-in for consensus', () => {
  test('carries all requests out on all servers, in one order', async () => {
    const answers: SubmitResult[] = [];
    const servers = await course([], ({ env, rsm }) => {
      for (const n of [0, 1, 2, 3]) {
        const done = (answer: SubmitResult): void => void answers.push(answer);
        env.setTimer(7 * n, () => rsm.propose!(`${env.id}.${n}`, done));
      }
    });
    const [first] = servers;
    expect(first!.machine.items).toHaveLength(12);
    for (const { machine } of servers) expect(machine.items).toEqual(first!.machine.items);
    expect(answers).toEqual(
      first!.machine.items.map((_item, i, items) => ({
        err: 'OK',
        result: `${i + 1}: ${items.slice(0, i + 1).join(' ')}`,
        index: i + 1,
      })),
    );
  });

  test('answers after its latency; the others know it at most as long after that', async () => {
    const times: [string, number][] = [];
    await course([], ({ env, rsm }) => {
      if (env.id === 's0') {
        env.setTimer(12, () => rsm.propose!('a', () => times.push(['answer', env.now()])));
      } else {
        rsm.readAt!(1, 'how many', () => times.push([env.id, env.now()]));
      }
    });
    expect(times[0]).toEqual(['answer', 17]);
    expect(times.slice(1)).toEqual([
      ['s1', 20],
      ['s2', 20],
    ]);
  });

  test('a server that crashes comes back with all but what it had not started', async () => {
    const crash: FaultAction = { id: 'f', kind: 'crash', atMs: 32, untilMs: 60, node: 's0' };
    const servers = await course([crash], ({ env, rsm }) => {
      if (env.incarnation > 1) return;
      for (const n of [0, 10, 20, 30, 40]) {
        env.setTimer(n, () => rsm.propose!(`${env.id} at ${n}`, () => {}));
      }
    });
    const [first] = servers;
    expect(first!.env.incarnation).toBe(2);
    expect(first!.machine.items).toHaveLength(13);
    expect(first!.machine.items).not.toContain('s0 at 30');
    for (const { machine } of servers) expect(machine.items).toEqual(first!.machine.items);
  });

  test('keeps a copy of each request, as Raft does', async () => {
    const servers = await course([], ({ env, rsm }) => {
      if (env.id !== 's0') return;
      const request = { n: 1 };
      rsm.propose!(request, () => {});
      request.n = 2;
    });
    for (const { machine } of servers) expect(machine.items).toEqual([{ n: 1 }]);
  });

  test('every server leads', async () => {
    const states: unknown[] = [];
    await course([], ({ rsm }) => states.push(rsm.getState()));
    expect(states).toEqual([0, 1, 2].map((leader) => ({ term: 1, isLeader: true, leader })));
  });

  test.each([0, -1, Number.NaN])('a latency of %d is refused', (latency) => {
    expect(() => perfectRsm(latency)).toThrow(RangeError);
  });
});
