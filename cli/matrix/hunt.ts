import type { Hunt } from '../../scenarios/report/matrix/kill-matrix.ts';

/** Seeds of two ranges have so many in between: how soon one hits is a matter of luck. */
const RANGE_SEEDS = 100_000;

/** How long a hunt goes on. */
export interface HuntLimits {
  /** Seeds of a range at most. */
  readonly most: number;
  readonly ranges: number;
}

/** A specimen in a scenario. Whatever it answers, undefined means interrupted. */
export interface Prey {
  /** Make ready to run seeds: that is no part of what they take. */
  ready(): Promise<true | undefined>;
  /** The check that fails at a seed; null = none does. */
  killer(seed: string): Promise<string | null | undefined>;
  /** Does the code without the change pass this seed, which means the same plan? */
  isClean(seed: string): Promise<boolean | undefined>;
}

/** The way through a range, as far as it has come. */
interface Way {
  readonly range: number;
  seeds: number;
  wallMs: number;
  falseAlarms: number;
  check: string | null;
  isOver: boolean;
}

/** How soon each of several ranges of seeds kills; undefined = interrupted. */
export async function hunt(
  prey: Prey,
  { most, ranges }: HuntLimits,
): Promise<readonly Hunt[] | undefined> {
  const ways = Array.from({ length: ranges }, (_, range): Way => {
    return { range, seeds: 0, wallMs: 0, falseAlarms: 0, check: null, isOver: false };
  });
  for (let open = ways; open.length > 0; open = open.filter(({ isOver }) => !isOver)) {
    if ((await prey.ready()) === undefined) return undefined;
    for (const way of open) if (!(await goOn(prey, way, most))) return undefined;
    // Only then, since whoever runs the seeds has to change the code for it.
    for (const way of open) {
      if (way.check === null) continue;
      const isClean = await prey.isClean(seedOf(way));
      if (isClean === undefined) return undefined;
      if (isClean) continue;
      way.falseAlarms++;
      way.check = null;
      way.isOver = way.seeds >= most;
    }
  }
  return ways.map(({ seeds, wallMs, check, falseAlarms }) => {
    const isHit = check !== null;
    return { seeds: isHit ? seeds : undefined, wallMs, check: check ?? undefined, falseAlarms };
  });
}

/** Run seeds of a range until one kills; false = interrupted. */
async function goOn(prey: Prey, way: Way, most: number): Promise<boolean> {
  const startedMs = performance.now();
  while (way.seeds < most && way.check === null) {
    way.seeds++;
    const check = await prey.killer(seedOf(way));
    if (check === undefined) return false;
    way.check = check;
  }
  way.wallMs += performance.now() - startedMs;
  way.isOver = true;
  return true;
}

function seedOf({ range, seeds }: Way): string {
  return String(range * RANGE_SEEDS + seeds);
}
