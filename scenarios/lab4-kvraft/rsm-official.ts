import { z } from 'zod';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { SubmitResult } from '../../raft/index.ts';
import type { Tester } from '../define/tester.ts';
import { viewField } from '../define/view-field.ts';
import { RsmCluster, rsmCluster, rsmLayers } from './rsm-cluster.ts';

type Script = (cluster: RsmCluster, t: Tester<unknown, unknown>) => Promise<void>;

const INCS = 100;
/** Requests that are under way at once. */
const MANY = 100;

/** How long servers are down, and how soon after a shutdown all requests have returned, in ms. */
const DOWN_MS = 1000;
const SHUTDOWN_MS = 11_000;

/** Size at which snapshots are taken in the test of them, and what is allowed, in bytes. */
const MAX_RAFT_STATE = 1000;
const STATE_MAX_BYTES = 2 * MAX_RAFT_STATE;

/** An official test of the replicated state machine: three servers, a reliable network. */
function rsmScenario(
  name: string,
  test: string,
  description: string,
  script: Script,
  maxRaftState: number = -1,
): Scenario {
  return defineScenario({
    name,
    lab: 4,
    test,
    description,
    params: z.object({ view: viewField }),
    layers: rsmLayers,
    setup: (t) => void rsmCluster.set(t, new RsmCluster(t, maxRaftState, t.params.view)),
    run: (t) => script(rsmCluster.of(t), t),
  });
}

/** Part 4A: the replicated state machine. */
export const tests4A: readonly Scenario[] = [
  rsmScenario(
    'rsm/basic',
    'TestBasic4A',
    'each request is answered with what it did, and done by all replicas',
    async (cluster) => {
      for (let value = 1; value <= 10; value++) {
        await expectInc(cluster, value);
        await cluster.checkCounter(value, cluster.size);
      }
    },
  ),
  rsmScenario(
    'rsm/concurrent',
    'TestConcurrent4A',
    'fifty requests at once',
    async (cluster, t) => {
      const count = 50;
      const values = await Promise.all(Array.from({ length: count }, () => cluster.inc()));
      // The official test looks at the counter only.
      t.expect('every request has an answer of its own', new Set(values).size === count, () => {
        return `${count} incs answered ${values.toSorted((a, b) => a - b).join(' ')}`;
      });
      await cluster.checkCounter(count, cluster.size);
    },
  ),
  rsmScenario(
    'rsm/leader-failure',
    'TestLeaderFailure4A',
    'the leader is cut off, and comes back',
    async (cluster) => {
      const { replicas, size } = cluster;
      await expectInc(cluster, 1);
      await cluster.checkCounter(1, size);
      const leader = await cluster.someLeader();
      const others = othersThan(cluster, leader);
      replicas.partition([[leader], others]);
      await expectInc(cluster, 2, others);
      await cluster.checkCounter(2, size - 1);
      replicas.heal();
      await cluster.checkCounter(2, size);
    },
  ),
  rsmScenario(
    'rsm/leader-partition',
    'TestLeaderPartition4A',
    'what a leader without a majority was asked is never done, and is answered in the end',
    leaderPartition,
  ),
  rsmScenario(
    'rsm/restart-replay',
    'TestRestartReplay4A',
    'all servers restart, and come to where they were',
    replay,
  ),
  rsmScenario(
    'rsm/shutdown',
    'TestShutdown4A',
    'all servers are shut down under many requests; nobody waits for ever',
    shutDownUnderRequests,
  ),
  rsmScenario(
    'rsm/restart-submit',
    'TestRestartSubmit4A',
    'shut down twice, the second time under many requests; old and new ones are not confused',
    async (cluster, t) => {
      await replay(cluster, t);
      await shutDownUnderRequests(cluster, t);
      await expectInc(cluster, INCS + 2);
      await cluster.checkCounter(INCS + 2, cluster.size);
    },
  ),
];

/** The test of 4C that needs no more than 4A. */
export const snapshot4C: Scenario = rsmScenario(
  'rsm/snapshot',
  'TestSnapshot4C',
  'snapshots keep the log short, and are what servers start from',
  async (cluster) => {
    const { replicas } = cluster;
    await incs(cluster);
    expectSmallState(cluster);
    replicas.shutDown();
    replicas.startAgain();
    await expectInc(cluster, INCS + 1);
    await cluster.checkCounter(INCS + 1, cluster.size);
    expectSmallState(cluster);
  },
  MAX_RAFT_STATE,
);

async function expectInc(
  cluster: RsmCluster,
  value: number,
  among?: readonly number[],
): Promise<void> {
  const answer = await cluster.inc(among);
  cluster.t.expect('an inc answers the value it has led to', answer === value, () => {
    return `the counter was ${value - 1}, and inc answered ${answer}`;
  });
}

async function incs(cluster: RsmCluster): Promise<void> {
  for (let value = 1; value <= INCS; value++) await expectInc(cluster, value);
  await cluster.checkCounter(INCS, cluster.size);
}

/** Many requests, a restart of all servers, and one more. */
async function replay(cluster: RsmCluster, t: Tester<unknown, unknown>): Promise<void> {
  await incs(cluster);
  cluster.replicas.shutDown();
  await t.sleep(DOWN_MS);
  cluster.replicas.startAgain();
  await expectInc(cluster, INCS + 1);
  await cluster.checkCounter(INCS + 1, cluster.size);
}

function othersThan({ replicas }: RsmCluster, i: number): number[] {
  return [...replicas.ids.keys()].filter((other) => other !== i);
}

function expectSmallState({ t, replicas }: RsmCluster): void {
  const bytes = replicas.stateSize();
  t.expectWithin('size of the persisted state', bytes <= STATE_MAX_BYTES, () => {
    return `a server has persisted ${bytes} bytes, at most ${STATE_MAX_BYTES} are allowed`;
  });
}

async function leaderPartition(cluster: RsmCluster, t: Tester<unknown, unknown>): Promise<void> {
  const { replicas, size } = cluster;
  await expectInc(cluster, 1);
  await cluster.checkCounter(1, size);
  const leader = await cluster.someLeader();
  const others = othersThan(cluster, leader);
  replicas.partition([[leader], others]);
  const answers: (SubmitResult | undefined)[] = [];
  const decs = Array.from({ length: MANY }, async () => {
    answers.push(await cluster.submit(leader, 'dec'));
  });
  await t.sleep(10);
  const inMajority = cluster.inc(others);
  await t.sleep(1000);
  t.expect('a minority answers nothing', answers.length === 0, () => {
    return `s${leader}, alone, answered ${JSON.stringify(answers[0])} to a dec`;
  });
  const value = await inMajority;
  t.expect('an inc answers the value it has led to', value === 2, () => {
    return `inc answered ${value} in the majority, where the counter was 1`;
  });
  replicas.heal();
  const isDone = await t.inTime(1000, Promise.all(decs));
  t.expectInTime('a deposed leader answers all requests within 1 s', isDone, () => {
    return `${MANY - answers.length} of ${MANY} decs have no answer`;
  });
  const wrong = answers.find((answer) => answer?.err !== 'ErrWrongLeader');
  t.expect('a deposed leader answers with an error', wrong === undefined, () => {
    return `s${leader} answered ${JSON.stringify(wrong)} to a dec`;
  });
  t.count('requests given up', answers.length);
  await cluster.checkCounter(value, size);
  // Had a dec survived in some log, this would have committed it.
  await expectInc(cluster, value + 1);
  await cluster.checkCounter(value + 1, size);
}

/**
 * Many requests, and as many again just before all servers go down: these are under way. A request
 * that dies with its server has returned; whoever made it tries again when the servers are back,
 * and is answered. The official test starts its requests before there is a leader, so that none is
 * under way, and leaves the servers down.
 */
async function shutDownUnderRequests(
  cluster: RsmCluster,
  t: Tester<unknown, unknown>,
): Promise<void> {
  const { replicas, size } = cluster;
  const leader = await cluster.someLeader();
  let waiting = 0;
  const client = async (): Promise<void> => {
    waiting++;
    for (let i = leader; (await cluster.submit(i, 'null'))?.err !== 'OK'; i = (i + 1) % size) {
      await t.sleep(10);
    }
    waiting--;
  };
  const wave = (): Promise<void>[] => Array.from({ length: MANY }, client);
  const clients = wave();
  await t.sleep(20);
  clients.push(...wave());
  // Less than any message takes.
  await t.sleep(0.09);
  t.count('under way at the shutdown', waiting);
  replicas.shutDown();
  await t.sleep(DOWN_MS);
  replicas.startAgain();
  const isDone = await t.inTime(SHUTDOWN_MS - DOWN_MS, Promise.all(clients));
  t.expectInTime('all requests return within 11 s of a shutdown', isDone, () => {
    return `${waiting} of ${clients.length} have not`;
  });
}
