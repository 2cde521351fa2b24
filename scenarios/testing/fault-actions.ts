import fc from 'fast-check';
import type { FaultAction } from '../../sim/index.ts';

export type FaultKindName = FaultAction['kind'];

/** Which fault actions to generate. */
export interface FaultActionOptions {
  /** The nodes that they may hit: at least two for kinds that act between nodes. */
  readonly nodes: readonly string[];
  /** Every action is over by then, in ms of virtual time; at least 1. */
  readonly untilMs: number;
  /** Default: all that Faultlab has. */
  readonly kinds?: readonly FaultKindName[] | undefined;
  /** For kinds that may hit some of the nodes only: `{ crash: ['server'] }`. */
  readonly only?: Readonly<Partial<Record<FaultKindName, readonly string[]>>> | undefined;
  /** Most actions of a plan. Default: 5. */
  readonly most?: number | undefined;
}

/** An action without its name and times. */
type Body<K extends FaultKindName> = Omit<
  Extract<FaultAction, { readonly kind: K }>,
  'id' | 'atMs' | 'untilMs'
>;

/** For each kind what it does, given the nodes that it may hit. Shrinks towards doing less. */
const bodies: { readonly [K in FaultKindName]: (nodes: Nodes) => fc.Arbitrary<Body<K>> } = {
  partition: (nodes) =>
    some(nodes).map((part) => ({
      kind: 'partition',
      groups: [part, nodes.filter((node) => !part.includes(node))],
    })),
  crash: (nodes) => fc.record({ kind: fc.constant('crash'), node: one(nodes) }),
  delay: (nodes) =>
    fc.record({ kind: fc.constant('delay'), between: pair(nodes), extraMs: range(0, 500) }),
};

/**
 * Lists of fault actions. They shrink to fewer actions, which begin earlier, last shorter and do
 * less; an action keeps its id for as long as it is there, because ids name streams of randomness.
 * @throws RangeError if a kind has too few nodes, or no time
 */
export function faultActions(options: FaultActionOptions): fc.Arbitrary<FaultAction[]> {
  const { nodes, untilMs, only = {}, most = 5 } = options;
  const { kinds = Object.keys(bodies) as FaultKindName[] } = options;
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
      return { id: `${kind}-${id}`, ...body, atMs, untilMs } as FaultAction;
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

/** Least and most, in whole numbers. */
function range(min: number, max: number): fc.Arbitrary<[number, number]> {
  const bound = fc.integer({ min, max });
  return fc.tuple(bound, bound).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]);
}
