import { drawSwarm, type FaultAction, type RecipeName } from '../../sim/index.ts';
import type { Intermediate } from '../../mapreduce/index.ts';
import { outputName } from '../../mapreduce/index.ts';
import type { Phases } from '../define/phases.ts';
import type { Decisions, Intent } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import { COORDINATOR, FILES, workerIds } from './cluster.ts';

/** Settings that decide what is drawn. */
export interface ChaosParams extends Phases {
  readonly workers: number;
  readonly reduces: number;
  readonly reads: number;
}

/** The power fails so often in a run at most. */
const MOST_CUTS = 2;

/** The client that looks at the outputs all the time. */
export const READER = 'reader';

/** The disturbances that take part in a run or not, and how many of each at most. */
const KINDS: Readonly<Partial<Record<RecipeName, number>>> = {
  crash: 5,
  'crash-all': 1,
  'crash-point': 4,
  pause: 4,
  slow: 2,
  limp: 3,
  halves: 2,
  isolate: 3,
  flapping: 1,
  'one-way': 2,
  clog: 3,
  'swizzle-clog': 1,
  loss: 2,
  duplicate: 3,
  delay: 3,
  reorder: 1,
  corrupt: 1,
  bandwidth: 1,
  clock: 2,
};
/** A worker that comes back with an empty disk. Where all share one, it would take everything. */
const WIPES = { wipe: 2 } as const;
/**
 * Where all share one disk all limps meet there, and multiply: an access would take minutes. Pauses
 * make stragglers in their place.
 */
const SHARED_LIMPS = { limp: 1, pause: 6 } as const;

/** Half of the runs use each kind: all of them at once would hide what one alone shows. */
const SHARE = [1, 2] as const;

/** What is at stake in every run. */
const ALWAYS: readonly string[] = ['crash', 'duplicate'];

/** Draw a chaos plan. The coordinator does not crash, as in the lab (§3.3), nor do the files. */
export function drawChaos(
  stream: DrawStream,
  params: ChaosParams,
  intermediate: Intermediate,
): Partial<Decisions> {
  const profile = stream('network').pick(['lab-unreliable', 'lan']);
  const ties = stream('ties').pick(['fifo', 'random'] as const);
  const disk = stream('disk').pick(['perfect', 'lossy', 'torn', 'reordered']);
  const hardware = stream('hardware').pick(['ideal', 'server', 'cluster-2004']);
  const clients = drawReader(stream, params);
  return {
    profile,
    ties,
    disk,
    hardware,
    faults: drawFaults(stream, params, intermediate),
    clients,
  };
}

/**
 * Draw a plan in which nothing fails but the power of a worker: its disk keeps a part of what was
 * not synced. It is soon back, so that others ask it for that; and the others keep theirs, or a
 * reduce task would miss something earlier and never come to it.
 */
export function drawPowerCuts(stream: DrawStream, params: ChaosParams): Partial<Decisions> {
  const random = stream('cuts');
  const workers = workerIds(params.workers);
  const cuts = random.between(1, MOST_CUTS);
  const spanMs = Math.max(1, Math.floor(params.chaosMs / cuts));
  const faults = Array.from({ length: cuts }, (_, i): FaultAction => {
    const atMs = params.warmUpMs + i * spanMs + random.below(Math.ceil(spanMs / 2));
    const untilMs = atMs + random.between(1, Math.max(1, Math.floor(spanMs / 4)));
    return { id: `cut${i}`, kind: 'crash', node: random.pick(workers), atMs, untilMs };
  });
  return {
    profile: 'lan',
    ties: stream('ties').pick(['fifo', 'random'] as const),
    disk: stream('disk').pick(['torn', 'reordered']),
    hardware: stream('hardware').pick(['ideal', 'server']),
    faults,
    clients: drawReader(stream, params),
  };
}

function drawReader(stream: DrawStream, { reads, reduces }: ChaosParams): Decisions['clients'] {
  const random = stream(`client/${READER}`);
  const intents = Array.from({ length: reads }, (): Intent => {
    const file = outputName(random.below(reduces));
    return { op: 'read', file, thinkMs: random.between(1, 100) };
  });
  return [{ id: READER, settings: {}, intents }];
}

function drawFaults(
  stream: DrawStream,
  { workers, warmUpMs, chaosMs }: ChaosParams,
  intermediate: Intermediate,
): FaultAction[] {
  const isLocal = intermediate === 'local';
  const swarm = stream('swarm');
  const chosen = Object.entries({ ...KINDS, ...(isLocal ? WIPES : SHARED_LIMPS) }).filter(
    ([kind]) => {
      // Drawn for each, so that none shifts the others.
      const isIn = swarm.chance(...SHARE);
      return isIn || ALWAYS.includes(kind);
    },
  );
  return drawSwarm(stream, {
    kinds: Object.fromEntries(chosen),
    servers: workerIds(workers),
    clients: isLocal ? [COORDINATOR, FILES] : [COORDINATOR],
    fromMs: warmUpMs,
    untilMs: warmUpMs + chaosMs,
  });
}
