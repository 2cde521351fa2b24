import { drawSwarm, type FaultAction, type NodeTarget, type Random } from '../../sim/index.ts';
import type { Phases } from '../define/phases.ts';
import type { ClientPlan, Decisions, Intent } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import { drawWorld } from '../lab3-raft/chaos-plan.ts';
import { drawGetsAndPuts } from '../lab2-kv/get-and-put.ts';
import { drawPatience } from '../lab2-kv/patience.ts';

/** Settings that decide what is drawn. */
export interface ChaosParams extends Phases {
  readonly groups: number;
  readonly servers: number;
  readonly clients: number;
  readonly ctrlers: number;
  readonly keys: number;
  readonly operations: number;
  readonly thinkMs: number;
}

/** See lab 4: none of these delivers a client's request twice. */
const PROFILES = [
  'lan',
  'lan',
  'madsim',
  'lab-reliable',
  'lab-unreliable',
  'lab-unreliable-long-delays',
] as const;

/** What servers meet, and how often at most. */
const KINDS = {
  crash: 4,
  'rolling-restart': 1,
  'crash-point': 3,
  pause: 3,
  halves: 1,
  minority: 1,
  isolate: 2,
  flapping: 1,
  'one-way': 2,
  clog: 2,
  loss: 2,
  duplicate: 2,
  delay: 2,
  reorder: 1,
  clock: 2,
} as const;

/** Changes that each controller wants at most: more than there is time for. */
const CHANGES = 100;

/** Names of the controllers of a plan; all its other clients get and put. */
const CTRLER = 'ctrl';

export function isCtrler({ id }: Pick<ClientPlan, 'id'>): boolean {
  return id.startsWith(CTRLER);
}

/** Draw network, faults, clients and controllers, each from streams of its own. */
export function drawChaos(
  stream: DrawStream,
  params: ChaosParams,
  servers: readonly string[],
): Partial<Decisions> {
  const patience = drawPatience(stream);
  const clients = Array.from({ length: params.clients }, (_, i): ClientPlan => {
    const id = `c${i}`;
    const intents = drawGetsAndPuts(stream(`client/${id}`), params);
    return { id, settings: patience(id), intents };
  });
  const count = params.ctrlers === 0 ? stream('ctrlers').between(1, 4) : params.ctrlers;
  const ctrlers = Array.from({ length: count }, (_, i): ClientPlan => {
    const id = `${CTRLER}${i}`;
    return { id, settings: {}, intents: drawChanges(stream(`client/${id}`), params) };
  });
  const { warmUpMs: fromMs, chaosMs } = params;
  const swarm = stream('swarm');
  const kinds = Object.entries(KINDS).filter(() => swarm.chance(1, 2));
  const faults = [
    ...drawSwarm(stream, {
      kinds: Object.fromEntries(kinds),
      servers,
      clients: ctrlers.map(({ id }) => id),
      fromMs,
      untilMs: fromMs + chaosMs,
    }),
    ...ctrlers.flatMap(({ id }) => drawCtrlerFaults(stream(`faults/${id}`), id, servers, params)),
    ...drawGroupsDown(stream('faults/groups'), params, servers),
    ...drawLeaderFaults(stream('faults/leaders'), params),
    ...drawStoreFaults(stream('faults/store'), params),
    ...drawClientFaults(stream('faults/clients'), params, servers),
  ];
  return { ...drawWorld(stream, PROFILES, 'persister'), faults, clients: [...clients, ...ctrlers] };
}

/** A group joins or leaves, whichever it can; or a shard is moved by hand. */
function drawChanges(random: Random, { groups }: ChaosParams): Intent[] {
  const restMs = random.pick([5, 50, 300]);
  return Array.from({ length: CHANGES }, (): Intent => {
    const gid = random.between(1, groups);
    const thinkMs = random.between(0, restMs);
    return random.chance(1, 4)
      ? { op: 'move', gid, shard: random.below(1000), thinkMs }
      : { op: 'toggle', gid, thinkMs };
  });
}

/** Controllers crash, at any time and after any of their steps, and are cut off; all come back. */
function drawCtrlerFaults(
  random: Random,
  node: string,
  servers: readonly string[],
  { warmUpMs, chaosMs }: ChaosParams,
): FaultAction[] {
  const count = random.pick([0, 2, 4, 8]);
  return Array.from({ length: count }, (_, i): FaultAction => {
    const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
    const base = { id: `${node} fault ${i}`, atMs, untilMs: atMs + random.between(20, 2000) };
    const kind = random.pick(['crash', 'crash-point', 'pause', 'off', 'off', 'mute'] as const);
    const call = random.between(1, 200);
    const when = random.pick(['before', 'after'] as const);
    const downMs = random.between(1, 1000);
    const life = random.between(1, 4);
    if (kind === 'crash-point')
      return { id: base.id, kind, atMs: 0, node, life, call, when, downMs };
    if (kind === 'off') return { ...base, kind: 'cut', between: [node, servers] };
    if (kind === 'mute') return { ...base, kind: 'cut', from: servers, to: node };
    return { ...base, kind, node };
  });
}

/** Whole groups go down, which no shard of theirs survives but on disk. */
function drawGroupsDown(
  random: Random,
  { groups, warmUpMs, chaosMs }: ChaosParams,
  servers: readonly string[],
): FaultAction[] {
  return Array.from({ length: random.pick([0, 1, 2, 4]) }, (_, i): FaultAction => {
    const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
    const untilMs = atMs + random.between(50, 2000);
    const prefix = `g${random.between(1, groups)}.`;
    const node = servers.filter((id) => id.startsWith(prefix));
    return { id: `group down ${i}`, kind: 'crash', atMs, untilMs, node };
  });
}

/** Name of the selection of whoever leads a group. */
export function leaderOf(gid: number): string {
  return `leader of group ${gid}`;
}

/** Name of the selection of whoever answers for the store of the configurations. */
export const STORE_LEADER = 'leader of the store';

function drawLeaderFaults(random: Random, params: ChaosParams): FaultAction[] {
  return Array.from({ length: random.pick([0, 3, 10]) }, (_, i) =>
    drawFaultOf(random, `leader ${i}`, () => leaderOf(random.between(1, params.groups)), params),
  );
}

/** Plans do not know how many servers the store has: whoever leads it is hit. */
function drawStoreFaults(random: Random, params: ChaosParams): FaultAction[] {
  return Array.from({ length: random.pick([0, 2, 5]) }, (_, i) =>
    drawFaultOf(random, `store leader ${i}`, () => STORE_LEADER, params),
  );
}

function drawFaultOf(
  random: Random,
  id: string,
  selection: () => string,
  { warmUpMs, chaosMs }: ChaosParams,
): FaultAction {
  const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
  const base = { id, atMs, untilMs: atMs + random.between(20, 1000) };
  const node: NodeTarget = { select: selection() };
  const kind = random.pick(['crash', 'pause', 'deaf', 'mute'] as const);
  if (kind === 'crash' || kind === 'pause') return { ...base, kind, node };
  return { ...base, kind: 'cut', ...(kind === 'deaf' ? { to: node } : { from: node }) };
}

/** Clients lose requests and replies, are held up, and pause. */
function drawClientFaults(
  random: Random,
  { clients, warmUpMs, chaosMs }: ChaosParams,
  servers: readonly string[],
): FaultAction[] {
  return Array.from({ length: random.pick([0, 3, 8]) }, (_, i): FaultAction => {
    const atMs = random.between(warmUpMs, warmUpMs + chaosMs - 1);
    const base = { id: `client ${i}`, atMs, untilMs: atMs + random.between(20, 1000) };
    const node = `c${random.below(clients)}`;
    const some = random.shuffle(servers).slice(0, random.between(1, servers.length));
    const kind = random.pick(['pause', 'deaf', 'loss', 'delay'] as const);
    if (kind === 'pause') return { ...base, kind, node };
    if (kind === 'deaf') return { ...base, kind: 'cut', from: some, to: node };
    if (kind === 'loss') return { ...base, kind, between: [node, some], ppm: 300_000 };
    return { ...base, kind, between: [node, some], extraMs: [0, random.between(50, 800)] };
  });
}
