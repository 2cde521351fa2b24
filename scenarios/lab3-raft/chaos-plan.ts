import { drawSwarm, type FaultAction, type Random } from '../../sim/index.ts';
import type { Phases } from '../define/phases.ts';
import type { Decisions } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';

/**
 * The disturbances that take part in a run or not, and how many of each at most. The course injects
 * only crashes, cuts, loss and delay, and never more than one at a time.
 */
const KINDS = {
  crash: 6,
  'crash-all': 1,
  'rolling-restart': 1,
  'crash-point': 4,
  pause: 3,
  slow: 1,
  halves: 2,
  minority: 2,
  isolate: 2,
  ring: 1,
  bridge: 1,
  flapping: 1,
  'one-way': 3,
  clog: 3,
  'swizzle-clog': 1,
  loss: 2,
  duplicate: 2,
  delay: 3,
  reorder: 2,
  corrupt: 1,
  capacity: 1,
  bandwidth: 1,
  clock: 3,
} as const;

/** Half of the runs use each kind: all of them at once would hide what one alone shows. */
const SHARE = [1, 2] as const;

/** Networks on which a right Raft makes progress once all is well. */
const PROFILES = [
  'lab-unreliable-long-delays',
  'lab-long-reordering-long-delays',
  'lan',
  'vopr',
] as const;

/** Disks to draw from: with `disk` only such as lose what was not synced. */
const DISKS = {
  persister: ['perfect', 'lossy', 'torn', 'reordered'],
  disk: ['lossy', 'torn', 'reordered'],
} as const;

/** Where servers keep their state. */
export type Storage = keyof typeof DISKS;

/** Settings that decide what is drawn. */
export interface ChaosParams extends Phases {
  readonly servers: number;
  readonly storage: Storage;
  readonly clients: number;
  readonly operations: number;
  readonly thinkMs: number;
}

/** Draw a chaos plan: network, disks, faults and clients, each from streams of its own. */
export function drawChaos(stream: DrawStream, params: ChaosParams): Partial<Decisions> {
  const clients = drawAppends(stream, params);
  const faults = drawServerFaults(stream, params);
  return { ...drawWorld(stream, PROFILES, params.storage), faults, clients };
}

/** What each client starts, and how long it thinks in between. */
export function drawAppends(
  stream: DrawStream,
  params: Pick<ChaosParams, 'clients' | 'operations' | 'thinkMs'>,
): Decisions['clients'] {
  return Array.from({ length: params.clients }, (_, i) => {
    const id = `c${i}`;
    const random = stream(`client/${id}`);
    const intents = Array.from({ length: params.operations }, () => ({
      op: 'append',
      thinkMs: random.between(0, params.thinkMs),
    }));
    return { id, settings: {}, intents };
  });
}

/** Network and disks under the faults, and how events at one instant are ordered. */
export function drawWorld(
  stream: DrawStream,
  profiles: readonly string[],
  storage: Storage,
): Pick<Decisions, 'profile' | 'disk' | 'ties'> {
  const profile = stream('network').pick(profiles);
  const ties = stream('ties').pick(['fifo', 'random'] as const);
  const disk = stream('disk').pick(DISKS[storage]);
  return { profile, ties, disk };
}

/** Everything that servers may meet, between them and on them, and what is aimed at the leader. */
export function drawServerFaults(
  stream: DrawStream,
  params: Pick<ChaosParams, 'servers' | 'storage' | 'warmUpMs' | 'chaosMs'>,
): FaultAction[] {
  const { servers: count, storage, warmUpMs, chaosMs } = params;
  const servers = Array.from({ length: count }, (_, i) => `s${i}`);
  const swarm = stream('swarm');
  // Drawn for each kind, so that none shifts the others.
  const chosen = Object.entries(KINDS).filter(() => swarm.chance(...SHARE));
  const fromMs = warmUpMs;
  const untilMs = warmUpMs + chaosMs;
  const drawn = drawSwarm(stream, {
    kinds: Object.fromEntries(chosen),
    servers,
    clients: [],
    fromMs,
    untilMs,
  });
  const slow = storage === 'disk' ? slowDisks(stream('slow disks'), servers, params) : [];
  return [...drawn, ...aimAtLeader(stream('leader'), fromMs, untilMs), ...slow];
}

/** Now and then an fsync takes so long that much else waits for it; often a crash comes first. */
function slowDisks(
  random: Random,
  servers: readonly string[],
  { warmUpMs, chaosMs }: Pick<Phases, 'warmUpMs' | 'chaosMs'>,
): FaultAction[] {
  return Array.from({ length: random.pick([0, 3, 8]) }, (_, i): FaultAction[] => {
    const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
    const untilMs = atMs + random.between(50, 1500);
    const node = random.chance(1, 4) ? servers : random.pick(servers);
    const extraMs: [number, number] = [0, random.pick([5, 50, 300])];
    const crashMs = random.between(atMs, untilMs);
    const crash = { atMs: crashMs, untilMs: crashMs + random.between(1, 600), node };
    const slow: FaultAction = {
      id: `slow disk ${i}`,
      kind: 'disk-slow',
      atMs,
      untilMs,
      node,
      extraMs,
    };
    return random.chance(1, 4)
      ? [slow]
      : [slow, { id: `slow disk ${i} crash`, kind: 'crash', ...crash }];
  }).flat();
}

/** What hurts most: whoever leads is hit, a few times or all the time. */
function aimAtLeader(random: Random, fromMs: number, untilMs: number): FaultAction[] {
  const node = { select: 'leader' };
  const times = random.pick([0, 3, 8, 25]);
  return Array.from({ length: times }, (_, i): FaultAction => {
    const kind = random.pick(['crash', 'pause', 'deaf', 'mute', 'clog'] as const);
    const atMs = random.between(fromMs, untilMs - 1);
    const base = { id: `leader${i}`, atMs, untilMs: atMs + random.between(20, 1500) };
    if (kind === 'crash' || kind === 'pause') return { ...base, kind, node };
    if (kind === 'deaf') return { ...base, kind: 'cut', to: node };
    if (kind === 'mute') return { ...base, kind: 'cut', from: node };
    return { ...base, kind: 'clog', from: node };
  });
}
