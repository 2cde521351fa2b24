import type { FaultAction, Random } from '../../sim/index.ts';
import type { DrawStream } from '../define/scenario.ts';

/** A server that a disturbance aims at: any of them, or whoever leads by then. */
type Aim = string | { readonly select: string };

interface Disturbance {
  /** Shortest and longest, in ms. */
  readonly lastsMs: readonly [least: number, most: number];
  action(random: Random, aim: Aim, ids: readonly string[]): Body;
}

type Body = FaultAction extends infer A
  ? A extends FaultAction
    ? Omit<A, 'id' | 'atMs' | 'untilMs'>
    : never
  : never;

/**
 * What an operator sees in a usual week. Each leaves a majority that can elect a leader. A one-way
 * cut is short: a leader that is heard and does not hear is never deposed (§5.2 knows no other way
 * than silence), and nothing is committed meanwhile.
 */
const DISTURBANCES: readonly Disturbance[] = [
  { lastsMs: [100, 15_000], action: (_random, node) => ({ kind: 'crash', node }) },
  { lastsMs: [50, 3000], action: (_random, node) => ({ kind: 'pause', node }) },
  { lastsMs: [100, 1500], action: (_random, to) => ({ kind: 'cut', to }) },
  { lastsMs: [500, 15_000], action: (_random, from) => ({ kind: 'clog', from }) },
  {
    lastsMs: [1000, 15_000],
    action(random, _aim, ids) {
      const few = (ids.length - 1) >> 1;
      const shuffled = random.shuffle(ids);
      return { kind: 'partition', groups: [shuffled.slice(0, few), shuffled.slice(few)] };
    },
  },
  {
    lastsMs: [1000, 10_000],
    action: (random) => ({ kind: 'loss', ppm: random.between(10_000, 200_000) }),
  },
  {
    lastsMs: [1000, 10_000],
    action: (random, from) => ({ kind: 'delay', from, extraMs: [0, random.between(5, 100)] }),
  },
  {
    lastsMs: [1000, 10_000],
    action: (random, from) => ({ kind: 'duplicate', from, ppm: random.between(10_000, 200_000) }),
  },
];

/** The world is well for so long between two of them, in ms. */
const CALM_MS = [4000, 20_000] as const;

/** One disturbance after the other, all of them over by the end. */
export function drawMildChaos(
  stream: DrawStream,
  ids: readonly string[],
  untilMs: number,
): FaultAction[] {
  const random = stream('disturbances');
  const actions: FaultAction[] = [];
  let atMs = random.between(...CALM_MS);
  for (;;) {
    const { lastsMs, action } = random.pick(DISTURBANCES);
    const endMs = atMs + random.between(...lastsMs);
    const aim = random.chance(1, 2) ? { select: 'leader' } : random.pick(ids);
    const body = action(random, aim, ids);
    if (endMs > untilMs) return actions;
    actions.push({ id: `${body.kind}${actions.length}`, atMs, untilMs: endMs, ...body });
    atMs = endMs + random.between(...CALM_MS);
  }
}
