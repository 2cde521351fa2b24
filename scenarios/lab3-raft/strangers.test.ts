import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { makeRaft, type MakeRaft, type RaftLayers } from '../../raft/index.ts';
import { Trace, type Env } from '../../sim/index.ts';
import type { RunResult } from '../define/result.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { wordsOf } from '../report/trace-words.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { Official } from './assertions.ts';
import { Cluster, clusterOf, raftLayers } from './cluster.ts';

/** A vote that a server would give to a peer, and a term that it would adopt. */
const tempting = { term: 99, candidateId: 1, lastLogIndex: 99, lastLogTerm: 99 };
const commands = { ...tempting, leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [] };

/** Three servers with a leader, and somebody beside them who calls one of them. */
function besides(stranger: (env: Env) => Promise<unknown>): {
  scenario: Scenario;
  said: unknown[];
} {
  const said: unknown[] = [];
  const scenario = defineScenario({
    name: 'test/strangers',
    description: 'somebody who is no server talks to servers',
    params: z.object({}),
    layers: raftLayers,
    setup(t) {
      Cluster.build(t, { servers: 3 });
      t.addClient('x', async (env) => {
        await env.sleep(3000);
        said.push(await stranger(env));
      });
    },
    async run(t) {
      const official = new Official(clusterOf(t), 'none');
      await official.checkOneLeader();
      const term = await official.checkTerms();
      await t.clientsDone();
      t.expect('nobody was impressed', (await official.checkTerms()) === term, () => 'a new term');
      await official.one(official.command(), 3, false);
    },
  });
  return { scenario, said };
}

interface Outcome {
  readonly result: RunResult;
  /** What the trace tells of messages that nobody handles. */
  readonly noted: readonly string[];
}

async function outcomeOf(scenario: Scenario, layers: RaftLayers): Promise<Outcome> {
  const trace = new Trace();
  const { result } = await runScenario(scenario, 1, { layers, trace });
  const noted = trace.records.filter(({ kind }) => kind === 'unknown');
  return { result, noted: noted.map((record) => `${record.node}: ${wordsOf(record)}`) };
}

/** It does what anybody says. */
const trusting: MakeRaft = (...args) => {
  const raft = makeRaft(...args);
  return { ...raft, handlers: { ...raft.handlers, Obey: () => 'yes' } };
};

describe('what a server is sent by one that is none', () => {
  test.each([
    { what: 'a request of a peer', method: 'RequestVote', args: tempting },
    { what: 'commands', method: 'AppendEntries', args: commands },
    { what: 'a request without a record', method: 'InstallSnapshot', args: undefined },
    { what: 'a request that Raft does not have', method: 'Obey', args: {} },
  ])('$what is counted, dropped, and noted; the call fails', async ({ method, args }) => {
    const { scenario, said } = besides((env) => env.call('s0', method, args));
    const { result, noted } = await outcomeOf(scenario, raftLayers);

    expect(result).toMatchObject({ verdict: 'pass', activity: { unknown: 1, lost: 1 } });
    expect(said).toEqual([undefined]);
    expect(noted).toEqual([`s0: <? x ${method} #0 UNKNOWN`]);
  });

  test('a message that wants no answer, too', async () => {
    const { scenario } = besides((env) =>
      Promise.resolve(env.send('s1', 'AppendEntries', commands)),
    );
    const { result, noted } = await outcomeOf(scenario, raftLayers);

    expect(result).toMatchObject({ verdict: 'pass', activity: { unknown: 1, lost: 1 } });
    expect(noted).toEqual(['s1: <? x AppendEntries #0 UNKNOWN']);
  });

  test('reaches no implementation, however trusting', async () => {
    const { scenario, said } = besides((env) => env.call('s0', 'Obey', {}));
    await outcomeOf(scenario, { makeRaft: trusting });

    expect(said).toEqual([undefined]);
  });
});

describe('a peer that sends no record is dropped in the same way', () => {
  test.each([
    ['AppendEntries', 'nonsense'],
    ['AppendEntries', undefined],
    ['RequestVote', undefined],
    ['InstallSnapshot', null],
  ])('%s of %s', async (method, args) => {
    const garbling: MakeRaft = (env, peers, me, ...rest) => {
      if (me === 0) env.setTimer(2000, () => peers[1]!.request(method, args, () => {}));
      return makeRaft(env, peers, me, ...rest);
    };
    const { scenario } = besides((env) => env.sleep(1));
    const { result, noted } = await outcomeOf(scenario, {
      makeRaft: Object.assign(garbling, { isSynchronous: true }),
    });

    expect(result).toMatchObject({ verdict: 'pass', activity: { unknown: 1 } });
    expect(noted).toEqual([expect.stringMatching(`^s1: <\\? s0 ${method} #\\d+ UNKNOWN$`)]);
  });
});

test('a run without strangers counts none', async () => {
  const { scenario } = besides((env) => env.sleep(1));
  const { result, noted } = await outcomeOf(scenario, raftLayers);

  expect(result.activity).not.toHaveProperty('unknown');
  expect(noted).toEqual([]);
});
