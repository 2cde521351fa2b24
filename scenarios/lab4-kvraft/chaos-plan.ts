import type { FaultAction, Random } from '../../sim/index.ts';
import type { Phases } from '../define/phases.ts';
import type { Decisions, Intent } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import { drawPatience } from '../lab2-kv/patience.ts';
import { serverIds } from '../lab3-raft/cluster.ts';
import { drawServerFaults, drawWorld } from '../lab3-raft/chaos-plan.ts';

/**
 * Networks that deliver no request twice: a copy of a put would be refused, and that refusal could
 * overtake the answer to the original (see lab 2). Between servers faults do deliver twice.
 */
const PROFILES = [
  'lan',
  'lan',
  'madsim',
  'lab-reliable',
  'lab-unreliable',
  'lab-unreliable-long-delays',
] as const;

/** Settings that decide what is drawn. */
export interface ChaosParams extends Phases {
  readonly servers: number;
  readonly clients: number;
}

/**
 * Draw a chaos plan: all that servers meet in lab 3, faults of clients, and a follower that is left
 * behind; each from streams of its own.
 * @param intents draws what one client means to do, from that client's stream
 */
export function drawChaos(
  stream: DrawStream,
  params: ChaosParams,
  intents: (random: Random) => Intent[],
): Partial<Decisions> {
  const clients = drawClients(stream, params.clients, intents);
  const faults = [
    ...drawServerFaults(stream, { ...params, storage: 'persister' }),
    ...drawClientFaults(stream, params),
    ...drawLag(stream('faults/lag'), params),
  ];
  return { ...drawWorld(stream, PROFILES, 'persister'), faults, clients };
}

/**
 * Clients, each with a patience of its own.
 * @param intents draws what one of them means to do, from that client's stream
 */
export function drawClients(
  stream: DrawStream,
  count: number,
  intents: (random: Random) => Intent[],
): Decisions['clients'] {
  const patience = drawPatience(stream);
  return Array.from({ length: count }, (_, i) => {
    const id = `c${i}`;
    return { id, settings: patience(id), intents: intents(stream(`client/${id}`)) };
  });
}

/** Clients are cut off from some or all servers, heard but not answered, held up, or pause. */
function drawClientFaults(
  stream: DrawStream,
  { servers, clients, warmUpMs, chaosMs }: ChaosParams,
): FaultAction[] {
  const count = stream('faults/client').pick([0, 2, 5, 10]);
  return Array.from({ length: count }, (_, i): FaultAction => {
    const random = stream(`faults/client${i}`);
    const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
    const base = { id: `client${i}`, atMs, untilMs: atMs + random.between(10, 1500) };
    const kind = random.pick(['pause', 'off', 'deaf', 'mute', 'clog', 'delay', 'loss'] as const);
    const node = `c${random.below(clients)}`;
    const some = random.shuffle(serverIds(servers)).slice(0, random.between(1, servers));
    if (kind === 'pause') return { ...base, kind, node };
    if (kind === 'off') return { ...base, kind: 'cut', between: [node, some] };
    if (kind === 'deaf') return { ...base, kind: 'cut', from: some, to: node };
    if (kind === 'mute') return { ...base, kind: 'cut', from: node, to: some };
    if (kind === 'clog') return { ...base, kind, from: node, to: some };
    if (kind === 'loss') return { ...base, kind, between: [node, some], ppm: 300_000 };
    return { ...base, kind, between: [node, some], extraMs: [0, random.between(100, 1500)] };
  });
}

/** One server is cut off from the others for long, and has to catch up by a snapshot. */
function drawLag(random: Random, { servers, warmUpMs, chaosMs }: ChaosParams): FaultAction[] {
  const lagging = random.below(servers);
  const atMs = warmUpMs + random.below(Math.ceil(chaosMs / 2));
  const untilMs = atMs + Math.ceil(chaosMs / 2);
  if (!random.chance(1, 2) || servers === 1) return [];
  const others = serverIds(servers).filter((_, i) => i !== lagging);
  return [{ id: 'lag', kind: 'cut', atMs, untilMs, between: [`s${lagging}`, others] }];
}
