import type { Random } from '../../random/random.ts';
import type { Clog } from '../clog.ts';
import type { Crash } from '../crash.ts';

/** Groups of a partition: nodes that share none cannot talk to each other. */
export type Groups = readonly (readonly string[])[];

/** Two groups, of equal size as far as possible, drawn. */
export function halves(random: Random, nodes: readonly string[]): Groups {
  const shuffled = random.shuffle(nodes);
  const middle = nodes.length >> 1;
  return [shuffled.slice(0, middle), shuffled.slice(middle)];
}

/** A minority of drawn size against the rest. */
export function minority(random: Random, nodes: readonly string[]): Groups {
  const shuffled = random.shuffle(nodes);
  const size = random.between(1, Math.max(1, (nodes.length - 1) >> 1));
  return [shuffled.slice(0, size), shuffled.slice(size)];
}

/** One node against all others. */
export function isolate(node: string, nodes: readonly string[]): Groups {
  return [[node], nodes.filter((other) => other !== node)];
}

/** Every node sees a majority, but no two see the same one: each talks to its neighbours only. */
export function majoritiesRing(random: Random, nodes: readonly string[]): Groups {
  const ring = random.shuffle(nodes);
  const reach = ring.length >> 1;
  return ring.map((_, i) =>
    Array.from({ length: (reach >> 1) + 1 }, (__, k) => ring[(i + k) % ring.length] as string),
  );
}

/** Two halves that only one node connects. */
export function bridge(random: Random, nodes: readonly string[]): Groups {
  const [between, ...rest] = random.shuffle(nodes) as [string, ...string[]];
  const middle = rest.length >> 1;
  return [
    [between, ...rest.slice(0, middle)],
    [between, ...rest.slice(middle)],
  ];
}

/** A stretch of virtual time, in ms. */
export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
}

/** One node after the other crashes and comes back, as at a deployment. */
export function rollingRestart(
  id: string,
  nodes: readonly string[],
  { fromMs, untilMs }: Window,
): Crash[] {
  const stepMs = Math.max(2, Math.floor((untilMs - fromMs) / nodes.length));
  return nodes.map((node, i) => {
    const atMs = fromMs + i * stepMs;
    return { id: `${id}.${node}`, kind: 'crash', node, atMs, untilMs: atMs + (stepMs >> 1) };
  });
}

/** Half of the nodes are clogged one by one, and let go of in another order (FoundationDB). */
export function swizzleClog(
  random: Random,
  id: string,
  nodes: readonly string[],
  { fromMs, untilMs }: Window,
): Clog[] {
  const chosen = random.shuffle(nodes).slice(0, Math.max(1, nodes.length >> 1));
  const order = random.shuffle(chosen);
  const stepMs = Math.max(1, Math.floor((untilMs - fromMs) / (2 * chosen.length)));
  const middleMs = fromMs + chosen.length * stepMs;
  return chosen.map((node, i) => ({
    id: `${id}.${node}`,
    kind: 'clog',
    atMs: fromMs + i * stepMs,
    untilMs: middleMs + (order.indexOf(node) + 1) * stepMs,
    to: node,
  }));
}
