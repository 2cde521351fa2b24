import { z } from 'zod';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { RsmCluster, rsmCluster, rsmLayers } from './rsm-cluster.ts';

const ROUNDS = 4;
/** Long enough for all that was sent to be answered, in ms. */
const QUIET_MS = 30;
/** So long a leader still sends to others, whose replies are lost, in ms. */
const DEAF_MS = 20;
/** So long an old leader meets only a server that does not lead, in ms: a heartbeat or two. */
const MEETING_MS = 200;
/** A request is answered so soon after its leader has learnt that it is deposed, in ms. */
const ANSWER_MS = 2000;

interface GivenUp {
  readonly name: string;
  readonly description: string;
  readonly maxRaftState: number;
  /** Requests that others carry out before the old leader is back. */
  readonly meanwhile: number;
  /** It learns first that it is deposed, and what was committed later. */
  readonly isToldByOthers: boolean;
}

/** A leader that is deposed, with a request under way that its successor carries out. */
function givenUp(row: GivenUp): Scenario {
  const { name, description, maxRaftState } = row;
  return defineScenario({
    name,
    lab: 4,
    description,
    params: z.object({}),
    layers: rsmLayers,
    setup: (t) => void rsmCluster.set(t, new RsmCluster(t, maxRaftState)),
    async run(t) {
      const cluster = rsmCluster.of(t);
      for (let round = 0; round < ROUNDS; round++) await goRound(cluster, round, row);
    },
  });
}

export const rsmGivenUp: readonly Scenario[] = [
  givenUp({
    name: 'rsm/deposed-under-way',
    description: 'what a deposed leader says is not executed, its successor does not execute',
    maxRaftState: -1,
    meanwhile: 1,
    isToldByOthers: true,
  }),
  givenUp({
    name: 'rsm/overtaken-by-snapshot',
    description: 'the same, and what became of it the old leader has only in a snapshot',
    maxRaftState: 300,
    meanwhile: 20,
    isToldByOthers: false,
  }),
];

async function goRound(
  cluster: RsmCluster,
  round: number,
  { meanwhile, isToldByOthers }: GivenUp,
): Promise<void> {
  const { t, replicas } = cluster;
  const before = await counted(cluster);
  const leader = await cluster.someLeader();
  const others = [...replicas.ids.keys()].filter((i) => i !== leader);
  await t.sleep(QUIET_MS);
  const deaf = `deaf #${round}`;
  const to = replicas.ids[leader]!;
  t.world.begin({ id: deaf, kind: 'loss', atMs: t.world.now(), to, ppm: 1_000_000 });
  const request = cluster.submit(leader, 'inc');
  await t.sleep(DEAF_MS);
  replicas.partition([[leader], others]);
  t.world.lift(deaf);

  for (let n = 0; n < meanwhile; n++) await cluster.one('null', others);
  if (isToldByOthers) await tellByOthers(cluster, leader, others);
  replicas.heal();
  const isAnswered = await t.inTime(ANSWER_MS, request);
  t.expectInTime('a deposed leader answers', isAnswered, () => {
    return `a request has no answer ${ANSWER_MS} ms after the network has healed`;
  });
  const answer = await request;
  const isExecuted = (await counted(cluster)) > before;
  const isDenied = answer?.err === 'ErrWrongLeader' && !answer.isMaybe;
  const said = `${to} answered ${JSON.stringify(answer)} to an inc`;
  t.expect('what is said not to happen does not happen', !(isDenied && isExecuted), () => {
    return `${said}, which is counted`;
  });
}

/** The counter, when all that was ever started is done or never will be. */
async function counted(cluster: RsmCluster): Promise<number> {
  const { replicas } = cluster;
  await cluster.one('null');
  return Math.max(...replicas.ids.map((_, i) => replicas.server(i)?.counter.value ?? 0));
}

/** The old leader learns of the new term from a server that cannot tell it what is committed. */
async function tellByOthers(
  { t, replicas }: RsmCluster,
  old: number,
  others: readonly number[],
): Promise<void> {
  const leader = await replicas.leader(others);
  const follower = others.find((i) => i !== leader)!;
  replicas.partition([[old, follower], others.filter((i) => i !== follower)]);
  await t.sleep(MEETING_MS);
}
