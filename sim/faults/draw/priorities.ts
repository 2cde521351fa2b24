import type { Random } from '../../random/random.ts';
import type { Delay } from '../delay.ts';
import type { Pause } from '../pause.ts';
import type { Priorities } from '../priorities.ts';
import { drawIntensity } from './intensity.ts';
import type { Window } from './patterns.ts';

/** Most change points of a schedule: a bug that takes more orderings at once is rare (PCT, §2). */
const MOST_CHANGES = 5;

/** Change points of a schedule for a run of which nothing is known lie before this, in ms. */
const EARLY_MS = 10_000;

/**
 * A schedule by priorities for any run, whatever its nodes are called: at each change point the
 * priorities of all links are drawn anew.
 */
export function prioritySchedule(random: Random, id: string): Priorities[] {
  const windowMs = drawIntensity(random, 1, 50);
  const times = Array.from({ length: random.below(MOST_CHANGES + 1) }, () => {
    return random.between(1, EARLY_MS);
  });
  const starts = [...new Set([0, ...times])].toSorted((a, b) => a - b);
  return starts.map((atMs, n): Priorities => {
    const until = starts[n + 1];
    const lasting = until === undefined ? { atMs } : { atMs, untilMs: until };
    return { id: `${id}.${n}`, kind: 'priorities', ...lasting, windowMs };
  });
}

/**
 * A schedule by priorities: every link has one, and at a few drawn moments either a link falls
 * behind all others for good, or a node stands still while the others go on. Most of what goes
 * wrong among messages needs only a few of them in a certain order, which such a schedule meets
 * with a probability that does not fall with the length of the run (Burckhardt and others 2010).
 */
export function drawPriorities(
  random: Random,
  id: string,
  nodes: readonly string[],
  { fromMs, untilMs }: Window,
): (Priorities | Delay | Pause)[] {
  const windowMs = drawIntensity(random, 1, 200);
  const whole = { atMs: fromMs, untilMs };
  const changes = Array.from({ length: random.below(MOST_CHANGES + 1) }, (_, n) => {
    const atMs = random.between(fromMs, Math.max(fromMs, untilMs - 1));
    const [a, b] = random.shuffle(nodes) as [string, string | undefined];
    const change = `${id}.${n}`;
    if (random.chance(1, 2) || b === undefined) {
      const pause: Pause = {
        id: change,
        kind: 'pause',
        atMs,
        untilMs: Math.min(untilMs, atMs + windowMs),
        node: a,
      };
      return pause;
    }
    const behind = (n + 1) * windowMs;
    const delay: Delay = {
      id: change,
      kind: 'delay',
      atMs,
      untilMs,
      from: a,
      to: b,
      extraMs: [behind, behind],
    };
    return delay;
  });
  return [{ id, kind: 'priorities', ...whole, windowMs }, ...changes];
}
