import { z } from 'zod';
import { drawSwarm } from '../../sim/index.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { Cluster, clusterOf, raftLayers, serverIds } from './cluster.ts';

/** Everything that hits messages, clocks and time; no crash, since nothing has to be kept yet. */
const KINDS = {
  pause: 4,
  halves: 3,
  minority: 3,
  isolate: 4,
  ring: 1,
  bridge: 1,
  flapping: 1,
  'one-way': 4,
  clog: 4,
  loss: 2,
  duplicate: 2,
  delay: 3,
  reorder: 2,
  clock: 3,
} as const;

/** Half of the runs use each kind: all of them at once would hide what one alone shows. */
const SHARE = [1, 2] as const;

/** How often to look who leads, in ms. */
const POLL_MS = 50;

/** Elections alone, for those whose Raft has no log yet (lab 3A). */
export const electionChaos: Scenario = defineScenario({
  name: 'raft/election-chaos',
  lab: 3,
  description: 'elections under all faults but crashes; then the world heals, and one server leads',
  params: z.object({
    servers: z.int().min(1).max(9).default(5).describe('number of servers'),
    view: z
      .boolean()
      .default(true)
      .describe('look into the servers; false = judge them from outside only'),
    ...phaseFields,
    warmUpMs: settableMs(0, 1500, 'time before the first fault'),
    chaosMs: settableMs(1, 12_000, 'length of the faulty phase'),
    convergeMs: settableMs(1, 10_000, 'time to elect somebody after healing'),
  }),
  layers: raftLayers,
  atLeast: { leaders: 3 },
  sizes: ['servers'],
  selectors: { leader: (t) => clusterOf(t).leader() },
  plan(stream, { servers, warmUpMs, chaosMs }) {
    const swarm = stream('swarm');
    const chosen = Object.entries(KINDS).filter(() => swarm.chance(...SHARE));
    const random = stream('leader');
    const drawn = drawSwarm(stream, {
      kinds: Object.fromEntries(chosen),
      servers: serverIds(servers),
      clients: [],
      fromMs: warmUpMs,
      untilMs: warmUpMs + chaosMs,
    });
    const aimed = Array.from({ length: random.pick([2, 5, 10]) }, (_, i) => {
      const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
      const base = { id: `leader${i}`, atMs, untilMs: atMs + random.between(200, 2500) };
      const node = { select: 'leader' };
      const kind = random.pick(['pause', 'deaf', 'mute', 'clog'] as const);
      if (kind === 'pause') return { ...base, kind, node };
      if (kind === 'clog') return { ...base, kind, from: node };
      const cut = { ...base, kind: 'cut' as const };
      return kind === 'deaf' ? { ...cut, to: node } : { ...cut, from: node };
    });
    return {
      profile: stream('network').pick(['lab-unreliable-long-delays', 'lan', 'vopr']),
      ties: stream('ties').pick(['fifo', 'random'] as const),
      faults: [...drawn, ...aimed],
    };
  },
  setup: (t) => {
    Cluster.build<unknown>(t, { servers: t.params.servers, view: t.params.view });
  },
  async run(t) {
    const cluster = clusterOf(t);
    const isDone = await throughPhases(t, async () => {
      while (!(await isLed(cluster))) await t.sleep(POLL_MS);
    });
    t.expectInTime('a leader once the world has healed', isDone, () => {
      return `${t.params.convergeMs} ms after healing no server leads all the others`;
    });
  },
});

/** One server leads, and all others are in its term. */
async function isLed(cluster: Cluster<unknown>): Promise<boolean> {
  const states = await Promise.all(cluster.ids.map((_, i) => cluster.state(i)));
  const terms = new Set(states.map((state) => state?.term));
  return terms.size === 1 && states.filter((state) => state?.isLeader === true).length === 1;
}
