import type { FaultAction, Random } from '../../sim/index.ts';
import type { Decisions } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';

/** What may go wrong beside the script of an official test; the course injects none of it. */
export const ALSO = [
  'none',
  'crash-points',
  'unsynced',
  'duplication',
  'one-way',
  'pauses',
  'drift',
] as const;

export type Also = (typeof ALSO)[number];

/** For `list`. */
export const ALSO_TEXT: string =
  'what else goes wrong while the test runs: crash-points = servers crash between two lines of ' +
  'their code; unsynced = they crash, and their disks lose or tear what was not synced; ' +
  'duplication = messages arrive twice; one-way = links are cut in one direction; ' +
  'pauses = servers stand still; drift = clocks are wrong, and run too fast or too slow';

/** What all actions have. */
type Base = Pick<FaultAction, 'id' | 'atMs'>;

interface Trouble {
  /** There is one action in each stretch of a test of about this length, in ms. */
  readonly everyMs: number;
  /** @param windowMs how long the test usually takes */
  draw(base: Base, random: Random, servers: readonly string[], windowMs: number): FaultAction;
}

/**
 * Who crashed comes back within a second, and what is cut off or stands still is well again within
 * a second and a half: long enough for an election, short enough for a test to get on.
 */
const TROUBLES: Readonly<Record<Exclude<Also, 'none'>, Trouble>> = {
  'crash-points': {
    everyMs: 500,
    draw: (base, random, servers, windowMs) => ({
      ...base,
      kind: 'crash-point',
      untilMs: windowMs,
      node: random.pick(servers),
      // Servers do about fifty things with their env in a second.
      call: random.between(1, Math.max(20, Math.floor(windowMs / 20))),
      when: random.pick(['before', 'after']),
      downMs: random.between(10, 1000),
    }),
  },
  unsynced: {
    everyMs: 2000,
    draw: (base, random, servers) => ({
      ...base,
      kind: 'crash',
      untilMs: base.atMs + random.between(10, 1000),
      // One of them loses what the others still have; all together may lose it for good.
      node: random.chance(1, 3) ? servers : aim(random, servers),
    }),
  },
  duplication: {
    everyMs: 1000,
    draw: (base, random) => ({
      ...base,
      kind: 'duplicate',
      untilMs: base.atMs + random.between(500, 3000),
      ppm: random.between(10_000, 1_000_000),
      laterMs: [0, random.pick([5, 50, 500, 3000])],
    }),
  },
  'one-way': {
    everyMs: 1000,
    draw: (base, random, servers) => {
      const cut = { ...base, kind: 'cut', untilMs: base.atMs + random.between(50, 1500) } as const;
      const from = aim(random, servers);
      const to = random.pick(servers);
      return random.pick([
        { ...cut, from },
        { ...cut, to: from },
        { ...cut, from, to },
      ]);
    },
  },
  pauses: {
    everyMs: 1000,
    draw: (base, random, servers) => ({
      ...base,
      kind: 'pause',
      untilMs: base.atMs + random.between(20, 1500),
      node: aim(random, servers),
    }),
  },
  drift: {
    everyMs: 1000,
    draw: (base, random, servers) => ({
      ...base,
      kind: 'clock',
      untilMs: base.atMs + random.between(500, 5000),
      node: random.pick(servers),
      offsetMs: random.between(-1000, 1000),
      driftPpm: random.between(-300_000, 300_000),
    }),
  },
};

/** So many actions at least, so that a test of a second sees one of them, too. */
const LEAST = 3;

/** Whoever leads is hit as often as all others together. */
function aim(random: Random, servers: readonly string[]): string | { readonly select: string } {
  return random.chance(1, 2) ? { select: 'leader' } : random.pick(servers);
}

/**
 * Draw what goes wrong beside a test while it runs, each action from a stream of its own.
 * @param windowMs how long the test usually takes; later nothing goes wrong any more
 */
export function drawAlso(
  stream: DrawStream,
  also: Also,
  servers: readonly string[],
  windowMs: number,
): Partial<Decisions> {
  if (also === 'none') return {};
  const { everyMs, draw } = TROUBLES[also];
  const count = Math.max(LEAST, Math.floor(windowMs / everyMs));
  const stepMs = Math.floor(windowMs / count);
  const faults = Array.from({ length: count }, (_, i) => {
    const id = `${also}${i}`;
    const random = stream(`also/${id}`);
    const atMs = i * stepMs + random.below(stepMs);
    return draw({ id, atMs }, random, servers, windowMs);
  });
  if (also !== 'unsynced') return { faults };
  return { faults, disk: stream('also/disk').pick(['lossy', 'torn', 'reordered']) };
}
