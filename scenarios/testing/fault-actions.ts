import fc from 'fast-check';
import { damagesDisks, type FaultAction, type Messages } from '../../sim/index.ts';

export type FaultKindName = FaultAction['kind'];

/** Which fault actions to generate. */
export interface FaultActionOptions {
  /** The nodes that they may hit: at least two for kinds that act between nodes. */
  readonly nodes: readonly string[];
  /** Every action is over by then, in ms of virtual time; at least 1. */
  readonly untilMs: number;
  /**
   * Default: all but those that damage disks or their data, which few protocols can bear, and those
   * that do nothing under ideal hardware.
   */
  readonly kinds?: readonly FaultKindName[] | undefined;
  /** For kinds that may hit some of the nodes only: `{ crash: ['server'] }`. */
  readonly only?: Readonly<Partial<Record<FaultKindName, readonly string[]>>> | undefined;
  /** Most actions of a plan. Default: 5. */
  readonly most?: number | undefined;
}

/** An action without what all of them have. */
type Body<K extends FaultKindName> = Omit<
  Extract<FaultAction, { readonly kind: K }>,
  'id' | 'kind' | 'atMs' | 'untilMs'
>;

/**
 * For each kind what it does, given the nodes that it may hit. Shrinks towards doing less. No disk
 * is ever wiped: few protocols promise to bear that.
 */
const bodies: { readonly [K in FaultKindName]: (nodes: Nodes) => fc.Arbitrary<Body<K>> } = {
  loss: (nodes) => on(nodes, { ppm: ppm(), burstPpm: ppm() }),
  duplicate: (nodes) => on(nodes, { ppm: ppm(), laterMs: range(0, 100) }),
  delay: (nodes) => on(nodes, { extraMs: range(0, 500) }),
  reorder: (nodes) => on(nodes, { windowMs: int(1, 200), ppm: ppm() }),
  priorities: (nodes) => on(nodes, { windowMs: int(1, 200) }),
  corrupt: (nodes) => on(nodes, { ppm: ppm() }),
  partition: (nodes) =>
    some(nodes).map((part) => ({
      groups: [part, nodes.filter((node) => !part.includes(node))],
    })),
  cut: (nodes) => on(nodes, {}),
  clog: (nodes) => on(nodes, {}),
  capacity: (nodes) => on(nodes, { messages: int(1, 5) }),
  bandwidth: (nodes) => on(nodes, { bytesPerMs: int(1, 100) }),
  crash: (nodes) => fc.record({ node: one(nodes) }),
  'crash-point': (nodes) =>
    fc.record({
      node: one(nodes),
      call: int(1, 100),
      when: fc.constantFrom('before', 'after'),
      downMs: int(1, 500),
    }),
  pause: (nodes) => fc.record({ node: one(nodes) }),
  slow: (nodes) => fc.record({ node: one(nodes), stepMs: range(0, 20) }),
  limp: (nodes) => fc.record({ node: one(nodes), factor: int(2, 100) }),
  clock: (nodes) =>
    fc.record({ node: one(nodes), offsetMs: int(-5000, 5000), driftPpm: int(-1000, 1000) }),
  buggify: () => fc.constant({}),
  'disk-slow': (nodes) => fc.record({ node: one(nodes), extraMs: range(0, 200) }),
  'disk-error': (nodes) => fc.record({ node: one(nodes), ppm: ppm() }),
  'disk-full': (nodes) => fc.record({ node: one(nodes) }),
  'bit-rot': (nodes) => fc.record({ node: one(nodes), ppm: ppm() }),
  'misdirected-write': (nodes) => fc.record({ node: one(nodes), ppm: ppm() }),
  'stale-read': (nodes) => fc.record({ node: one(nodes), ppm: ppm() }),
};

/** What only a server bears that expects its disk to fail. */
function failsDisks(kind: string): boolean {
  return kind === 'disk-error' || kind === 'disk-full' || damagesDisks(kind);
}

/** Does nothing unless the hardware is not ideal. */
const OF_HARDWARE = 'limp';

/** The kinds that are generated unless others are named. */
export const bearableKinds: readonly FaultKindName[] = (
  Object.keys(bodies) as FaultKindName[]
).filter((kind) => kind !== OF_HARDWARE && !failsDisks(kind));

/**
 * Lists of fault actions. They shrink to fewer actions, which begin earlier, last shorter and do
 * less; an action keeps its id for as long as it is there, because ids name streams of randomness.
 * @throws RangeError if a kind has too few nodes, or no time
 */
export function faultActions(options: FaultActionOptions): fc.Arbitrary<FaultAction[]> {
  const { nodes, untilMs, only = {}, most = 5 } = options;
  const { kinds = bearableKinds } = options;
  if (!(untilMs >= 1)) throw new RangeError(`untilMs: expected 1 ms or more, not ${untilMs}`);
  const actions = kinds.map((kind) => actionOf(kind, only[kind] ?? nodes, Math.floor(untilMs)));
  return fc.uniqueArray(fc.oneof(...actions), {
    selector: (action) => action.id,
    maxLength: most,
    size: 'max',
  });
}

function actionOf(kind: FaultKindName, nodes: Nodes, endMs: number): fc.Arbitrary<FaultAction> {
  return fc
    .record({
      id: fc.noShrink(fc.noBias(fc.nat(9999))),
      atMs: fc.integer({ min: 0, max: endMs - 1 }),
      // Half the time at most, or else most plans would be one long chaos.
      lastsMs: fc.integer({ min: 1, max: Math.ceil(endMs / 2) }),
      body: bodies[kind](nodes) as fc.Arbitrary<Body<FaultKindName>>,
    })
    .map(({ id, atMs, lastsMs, body }) => {
      const untilMs = Math.min(atMs + lastsMs, endMs);
      return { id: `${kind}-${id}`, kind, atMs, untilMs, ...body } as FaultAction;
    });
}

// --- what the table is made of ------------------------------------------------------------------

type Nodes = readonly string[];

/** One of the nodes; shrinks towards the first. */
function one(nodes: Nodes): fc.Arbitrary<string> {
  return fc.constantFrom(...atLeast(1, nodes));
}

/** Two different nodes; shrinks towards the first ones. */
function pair(nodes: Nodes): fc.Arbitrary<[string, string]> {
  const last = atLeast(2, nodes).length - 1;
  const indices = fc.tuple(fc.nat(last), fc.nat(last - 1));
  return indices.map(([i, j]) => [nodes[i]!, nodes[j < i ? j : j + 1]!]);
}

/** Some of the nodes, but not all, in their order; shrinks towards fewer. */
function some(nodes: Nodes): fc.Arbitrary<string[]> {
  const maxLength = atLeast(2, nodes).length - 1;
  return fc.subarray([...nodes], { minLength: 1, maxLength });
}

function atLeast(count: number, nodes: Nodes): Nodes {
  if (nodes.length >= count) return nodes;
  throw new RangeError(`nodes: expected ${count} or more for such a fault, got [${nodes.join()}]`);
}

/** The messages between two of the nodes, one way or both, with what happens to them. */
function on<T extends object>(
  nodes: Nodes,
  what: { [K in keyof T]: fc.Arbitrary<T[K]> },
): fc.Arbitrary<Messages & T> {
  const messages = fc.tuple(pair(nodes), fc.boolean()).map(([[a, b], isOneWay]) => {
    return isOneWay ? { from: a, to: b } : { between: [a, b] as const };
  });
  return fc.tuple(messages, fc.record(what)).map(([which, how]) => ({ ...which, ...how }));
}

function int(min: number, max: number): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

/** A share in parts per million, in tenths: it shrinks through numbers that people can read. */
function ppm(): fc.Arbitrary<number> {
  return int(0, 10).map((tenths) => tenths * 100_000);
}

/** Least and most, in whole numbers. */
function range(min: number, max: number): fc.Arbitrary<[number, number]> {
  const bound = fc.integer({ min, max });
  return fc.tuple(bound, bound).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
}
