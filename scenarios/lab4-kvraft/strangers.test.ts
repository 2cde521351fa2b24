import { expect, test } from 'vitest';
import { z } from 'zod';
import type { MakeReplicatedKvServer, ReplicatedKvLayers } from '../../kvsrv/index.ts';
import { Trace } from '../../sim/index.ts';
import { defineScenario } from '../define/scenario.ts';
import { wordsOf } from '../report/trace-words.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { addClerk, addKvServers, replicatedKvLayers } from './cluster.ts';

/** A vote that a server would give to a peer, and a term that it would adopt. */
const tempting = { term: 99, candidateId: 1, lastLogIndex: 99, lastLogTerm: 99 };

interface Outcome {
  readonly verdict: string;
  /** What a client was told: by Raft's RPCs, and by the service's. */
  readonly said: readonly unknown[];
  /** What the trace tells of messages that nobody handles. */
  readonly noted: readonly string[];
}

/** A client writes, asks a server for its vote, and reads what it has written. */
async function outcomeOf(layers: ReplicatedKvLayers): Promise<Outcome> {
  const said: unknown[] = [];
  const scenario = defineScenario({
    name: 'test/strangers',
    description: 'a client talks to the Raft of a server',
    params: z.object({}),
    layers: replicatedKvLayers,
    setup(t) {
      const { ids } = addKvServers(t, { servers: 3, maxRaftState: -1 });
      t.addClient('x', async (env) => {
        const clerk = addClerk(t, env, ids);
        await clerk.put('k', 'v', 0);
        said.push(await env.call('s0', 'RequestVote', tempting));
        said.push(await clerk.get('k'));
      });
    },
    run: (t) => t.clientsDone(),
  });
  const trace = new Trace();
  const { result } = await runScenario(scenario, 1, { layers, trace });
  const noted = trace.records.filter(({ kind }) => kind === 'unknown');
  const { verdict } = result;
  return { verdict, said, noted: noted.map((record) => `${record.node}: ${wordsOf(record)}`) };
}

const READ = expect.objectContaining({ value: 'v' }) as unknown;

test("a client is served by the service, and unknown to a server's Raft", async () => {
  const outcome = await outcomeOf(replicatedKvLayers);

  expect(outcome).toEqual({
    verdict: 'pass',
    said: [undefined, READ],
    noted: ['s0: <? x RequestVote #0 UNKNOWN'],
  });
});

test('a service may hand on requests between servers without their sender', async () => {
  const { makeReplicatedKvServer: make } = replicatedKvLayers;
  const forgetful: MakeReplicatedKvServer = (...args) => {
    const { handlers, getState } = make(...args);
    const { get, put, ...ofRaft } = handlers;
    const handedOn = Object.entries(ofRaft).map(
      ([method, handler]) => [method, (request: never) => handler(request)] as const,
    );
    return { handlers: { get, put, ...Object.fromEntries(handedOn) }, getState };
  };
  const makeReplicatedKvServer = Object.assign(forgetful, { isSynchronous: true });
  const { verdict, said } = await outcomeOf({ ...replicatedKvLayers, makeReplicatedKvServer });

  expect(verdict).toBe('pass');
  expect(said[1]).toEqual(READ);
});
