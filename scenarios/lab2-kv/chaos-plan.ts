import { drawSwarm, type FaultAction, type FaultBudget, type Random } from '../../sim/index.ts';
import type { Phases } from '../define/phases.ts';
import type { Decisions, Intent } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import { SERVER } from './cluster.ts';
import { drawPatience } from './patience.ts';

/** Settings that the chaos scenarios share. */
export interface ChaosParams extends Phases {
  readonly clients: number;
}

/**
 * The disturbances that take part in a run or not, and how many of each at most. No duplicates: a
 * network that repeats a request makes its answer ErrVersion ambiguous, which no clerk of this lab
 * can tell, and the labs' own network never does that.
 */
const KINDS = {
  crash: 4,
  'crash-point': 2,
  pause: 2,
  slow: 1,
  halves: 2,
  isolate: 2,
  flapping: 1,
  'one-way': 1,
  clog: 2,
  'swizzle-clog': 1,
  loss: 1,
  delay: 3,
  reorder: 1,
  corrupt: 1,
  capacity: 1,
  bandwidth: 1,
  clock: 2,
} as const;

/** Half of the runs use each kind: all of them at once would hide what one alone shows. */
const SHARE = [1, 2] as const;

/** The one server may be down for a while; its disk must survive. */
export const BUDGET: FaultBudget = { nodes: [SERVER], most: 1 };

/**
 * Draw a chaos plan: network, faults and clients, each from streams of its own.
 * @param intents draws what one client means to do, from that client's stream
 */
export function drawChaos(
  stream: DrawStream,
  params: ChaosParams,
  intents: (random: Random) => Intent[],
): Partial<Decisions> {
  const patience = drawPatience(stream);
  const clients = Array.from({ length: params.clients }, (_, i) => {
    const id = `c${i}`;
    return { id, settings: patience(id), intents: intents(stream(`client/${id}`)) };
  });
  return { ...drawWorld(stream), faults: drawFaults(stream, params), clients };
}

/** Lives of the server that end early; a life may take so many steps of its code at most. */
const LIVES = 12;
const MOST_STEPS = 60;

/** The same with crash points alone, one in each of the server's first lives. */
export function drawCrashPoints(
  stream: DrawStream,
  params: ChaosParams,
  intents: (random: Random) => Intent[],
): Partial<Decisions> {
  const random = stream('crash points');
  const faults = Array.from({ length: LIVES }, (_, i): FaultAction => {
    const call = random.between(1, MOST_STEPS);
    const when = random.pick(['before', 'after'] as const);
    const downMs = random.between(1, 40);
    const at = { atMs: 0, node: SERVER, life: i + 1, call, when, downMs };
    return { id: `life${i + 1}`, kind: 'crash-point', ...at };
  });
  return { ...drawChaos(stream, params, intents), faults };
}

/** The faults of a chaos plan, from the end of the warm-up to that of the chaos. */
function drawFaults(
  stream: DrawStream,
  { clients, warmUpMs, chaosMs, safetyOnly }: ChaosParams,
): FaultAction[] {
  const swarm = stream('swarm');
  const chosen = Object.entries(KINDS).filter(([kind]) => {
    // Drawn for each, so that none shifts the others. Recovery from crashes is always at stake.
    const isIn = swarm.chance(...SHARE);
    return isIn || kind === 'crash';
  });
  return drawSwarm(stream, {
    kinds: Object.fromEntries(chosen),
    servers: [SERVER],
    clients: Array.from({ length: clients }, (_, i) => `c${i}`),
    fromMs: warmUpMs,
    untilMs: warmUpMs + chaosMs,
    budget: safetyOnly ? undefined : BUDGET,
  });
}

/** Network and disks under the faults, and how events at one instant are ordered. */
function drawWorld(stream: DrawStream): Pick<Decisions, 'profile' | 'disk' | 'ties'> {
  const random = stream('network');
  const profile = random.pick(['lab-unreliable', 'lan']);
  const ties = random.pick(['fifo', 'random'] as const);
  // The labs' own disk is perfect; elsewhere a crash finds out who forgot to sync.
  const disk = stream('disk').pick(['lossy', 'torn', 'reordered']);
  return { profile, ties, disk: profile === 'lan' ? disk : 'perfect' };
}
