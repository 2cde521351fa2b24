import { parts, type Part } from '../../hardware/pace.ts';
import type { Random } from '../../random/random.ts';
import type { FaultAction } from '../kinds.ts';
import type { NodeTarget } from '../target.ts';
import { drawIntensity } from './intensity.ts';
import { drawPriorities } from './priorities.ts';
import {
  bridge,
  halves,
  isolate,
  majoritiesRing,
  minority,
  rollingRestart,
  swizzleClog,
  type Window,
} from './patterns.ts';

/** The nodes that a generator may hit, by the part that they play. */
export interface Cast {
  readonly servers: readonly string[];
  readonly clients: readonly string[];
  /** Values of labels (regions, zones, racks) that servers have, by label: for `outage`. */
  readonly labels?: Readonly<Record<string, readonly string[]>> | undefined;
}

/**
 * Draws the actions of one disturbance, from a stream of its own. Times come first: another number
 * of nodes does not change them.
 */
type Recipe = (id: string, random: Random, cast: Cast, window: Window) => FaultAction[];

const all = ({ servers, clients }: Cast): readonly string[] => [...servers, ...clients];

/** Start and end of an action within a window. */
function times(
  random: Random,
  { fromMs, untilMs }: Window,
  [least, most]: [number, number],
): { atMs: number; untilMs: number } {
  const atMs = random.between(fromMs, Math.max(fromMs, untilMs - 1));
  return { atMs, untilMs: atMs + random.between(least, most) };
}

/** A link between two different nodes, at least one of them a server. */
function drawLink(random: Random, cast: Cast): { from: string; to: string } {
  const server = random.pick(cast.servers);
  const others = all(cast).filter((id) => id !== server);
  const other = others.length === 0 ? server : random.pick(others);
  return random.chance(1, 2) ? { from: server, to: other } : { from: other, to: server };
}

/** The nodes with one label: a zone, say; undefined if nodes have none. */
function drawLabel(random: Random, { labels = {} }: Cast): NodeTarget | undefined {
  const names = Object.keys(labels);
  if (names.length === 0) return undefined;
  const label = random.pick(names);
  return { label, is: random.pick(labels[label]!) };
}

/** Name of a disturbance. */
export type RecipeName =
  | 'crash'
  | 'crash-all'
  | 'rolling-restart'
  | 'wipe'
  | 'crash-point'
  | 'pause'
  | 'slow'
  | 'limp'
  | 'halves'
  | 'minority'
  | 'isolate'
  | 'ring'
  | 'bridge'
  | 'flapping'
  | 'one-way'
  | 'clog'
  | 'swizzle-clog'
  | 'loss'
  | 'duplicate'
  | 'delay'
  | 'reorder'
  | 'priorities'
  | 'corrupt'
  | 'capacity'
  | 'bandwidth'
  | 'clock'
  | 'buggify'
  | 'outage'
  | 'split';

/** Disturbances by name. A scenario says which of them, and how many of each at most. */
const recipes: Readonly<Record<RecipeName, Recipe>> = {
  crash: (id, random, { servers }, window) => [
    { id, kind: 'crash', ...times(random, window, [1, 600]), node: random.pick(servers) },
  ],
  'crash-all': (id, random, { servers }, window) => [
    { id, kind: 'crash', ...times(random, window, [1, 600]), node: servers },
  ],
  'rolling-restart': (id, random, { servers }, window) => {
    const { atMs: fromMs, untilMs } = times(random, window, [20 * servers.length, 1000]);
    return rollingRestart(id, random.shuffle(servers), { fromMs, untilMs });
  },
  wipe: (id, random, { servers }, window) => [
    {
      id,
      kind: 'crash',
      ...times(random, window, [1, 600]),
      node: random.pick(servers),
      wipe: true,
    },
  ],
  'crash-point': (id, random, { servers }, { fromMs }) => [
    {
      id,
      kind: 'crash-point',
      atMs: fromMs,
      node: random.pick(servers),
      life: 1,
      // Most points are early ones, but any may be the one.
      call: drawIntensity(random, 1, 2000),
      when: random.pick(['before', 'after']),
      downMs: random.between(1, 300),
    },
  ],
  pause: (id, random, cast, window) => [
    { id, kind: 'pause', ...times(random, window, [1, 800]), node: random.pick(all(cast)) },
  ],
  slow: (id, random, cast, window) => {
    const lasting = times(random, window, [50, 1000]);
    const most = drawIntensity(random, 1, 20);
    return [{ id, kind: 'slow', ...lasting, node: random.pick(all(cast)), stepMs: [0, most] }];
  },
  limp: (id, random, { servers }, window) => {
    const lasting = times(random, window, [50, 1500]);
    const of = random.pick<readonly Part[]>([['cpu'], ['disk'], ['nic'], parts]);
    const factor = random.between(2, 30);
    return [{ id, kind: 'limp', ...lasting, node: random.pick(servers), factor, of }];
  },
  halves: (id, random, cast, window) => [
    {
      id,
      kind: 'partition',
      ...times(random, window, [10, 1500]),
      groups: halves(random, all(cast)),
    },
  ],
  minority: (id, random, cast, window) => [
    {
      id,
      kind: 'partition',
      ...times(random, window, [10, 1500]),
      groups: minority(random, all(cast)),
    },
  ],
  isolate: (id, random, cast, window) => {
    const lasting = times(random, window, [10, 1500]);
    const groups = isolate(random.pick(all(cast)), all(cast));
    return [{ id, kind: 'partition', ...lasting, groups }];
  },
  ring: (id, random, cast, window) => [
    {
      id,
      kind: 'partition',
      ...times(random, window, [10, 1500]),
      groups: majoritiesRing(random, all(cast)),
    },
  ],
  bridge: (id, random, cast, window) => [
    {
      id,
      kind: 'partition',
      ...times(random, window, [10, 1500]),
      groups: bridge(random, all(cast)),
    },
  ],
  flapping: (id, random, cast, window) => {
    const lasting = times(random, window, [100, 1500]);
    const flapMs: [number, number] = [random.between(5, 200), random.between(5, 200)];
    return [{ id, kind: 'partition', ...lasting, groups: halves(random, all(cast)), flapMs }];
  },
  'one-way': (id, random, cast, window) => [
    { id, kind: 'cut', ...times(random, window, [10, 1000]), ...drawLink(random, cast) },
  ],
  clog: (id, random, cast, window) => [
    { id, kind: 'clog', ...times(random, window, [10, 800]), ...drawLink(random, cast) },
  ],
  'swizzle-clog': (id, random, cast, window) => {
    const { atMs: fromMs, untilMs } = times(random, window, [100, 1500]);
    return swizzleClog(random, id, all(cast), { fromMs, untilMs });
  },
  loss: (id, random, cast, window) => [
    {
      id,
      kind: 'loss',
      ...times(random, window, [50, 1500]),
      ...drawLink(random, cast),
      ppm: drawIntensity(random, 1000, 600_000),
      burstPpm: random.pick([0, 500_000, 750_000]),
    },
  ],
  duplicate: (id, random, cast, window) => [
    {
      id,
      kind: 'duplicate',
      ...times(random, window, [50, 1500]),
      ...drawLink(random, cast),
      ppm: drawIntensity(random, 1000, 500_000),
      laterMs: [0, drawIntensity(random, 1, 500)],
    },
  ],
  delay: (id, random, cast, window) => {
    const lasting = times(random, window, [50, 1000]);
    // Often longer than a call's time-out: requests arrive after their sender has given up.
    const least = random.between(10, 200);
    const extraMs: [number, number] = [least, least + random.between(0, 400)];
    const { from, to } = drawLink(random, cast);
    return [{ id, kind: 'delay', ...lasting, between: [from, to], extraMs }];
  },
  reorder: (id, random, cast, window) => {
    const lasting = times(random, window, [50, 1500]);
    const windowMs = drawIntensity(random, 1, 300);
    return [{ id, kind: 'reorder', ...lasting, windowMs, ...drawLink(random, cast) }];
  },
  priorities: (id, random, cast, window) => {
    return drawPriorities(random, id, all(cast), window);
  },
  corrupt: (id, random, cast, window) => {
    const lasting = times(random, window, [50, 1500]);
    const ppm = drawIntensity(random, 1000, 200_000);
    return [{ id, kind: 'corrupt', ...lasting, ppm, ...drawLink(random, cast) }];
  },
  capacity: (id, random, cast, window) => {
    const lasting = times(random, window, [50, 1500]);
    const messages = random.between(2, 20);
    return [{ id, kind: 'capacity', ...lasting, messages, ...drawLink(random, cast) }];
  },
  bandwidth: (id, random, cast, window) => {
    const lasting = times(random, window, [50, 1000]);
    const bytesPerMs = drawIntensity(random, 1, 100);
    return [{ id, kind: 'bandwidth', ...lasting, bytesPerMs, ...drawLink(random, cast) }];
  },
  clock: (id, random, cast, window) => [
    {
      id,
      kind: 'clock',
      ...times(random, window, [50, 1500]),
      node: random.pick(all(cast)),
      offsetMs: random.between(-500, 500),
      driftPpm: random.between(-100_000, 100_000),
    },
  ],
  // A whole zone goes down: correlated faults, as of a power line.
  outage: (id, random, cast, window) => {
    const lasting = times(random, window, [10, 1500]);
    const node = drawLabel(random, cast);
    const kind = random.pick(['crash', 'pause'] as const);
    return node === undefined ? [] : [{ id, kind, ...lasting, node }];
  },
  // A whole zone is cut off, from others and from itself, one way or both: as by a switch.
  split: (id, random, cast, window) => {
    const lasting = times(random, window, [10, 1500]);
    const node = drawLabel(random, cast);
    const isOneWay = random.chance(1, 3);
    if (node === undefined) return [];
    const between: [NodeTarget, NodeTarget] = [node, all(cast)];
    return [{ id, kind: 'cut', ...lasting, ...(isOneWay ? { from: node } : { between }) }];
  },
  buggify: (id, _random, _cast, { fromMs }) => [{ id, kind: 'buggify', atMs: fromMs }],
};

/** Draw one disturbance. */
export function drawRecipe(
  name: RecipeName,
  id: string,
  random: Random,
  cast: Cast,
  window: Window,
): FaultAction[] {
  return recipes[name](id, random, cast, window);
}
