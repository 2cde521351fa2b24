import type { CourseCatch } from '../../define/pack.ts';
import { ExitCode } from '../exit-code.ts';
import { median } from '../sweep-summary.ts';

/** A way to the first seed of a range that kills a specimen. */
export interface Hunt {
  /** Seeds that were run; undefined = none of the range killed it. */
  readonly seeds: number | undefined;
  /** Real time, in ms, whether or not one did. */
  readonly wallMs: number;
  /** Who killed it. */
  readonly check?: string | undefined;
  /** Seeds at which the unchanged code fails, too: they kill nothing. */
  readonly falseAlarms: number;
}

/** Of several ranges the middle one and the slowest. */
export interface Spread {
  readonly median: number;
  readonly worst: number;
}

/** A {@link Spread} in which null means that it takes more seeds than were tried. */
export interface SeedSpread {
  readonly median: number | null;
  readonly worst: number | null;
}

/** How a scenario kills a specimen. */
export interface Kill {
  readonly scenario: string;
  /** May the checks look into the servers? null = the scenario has no such param. */
  readonly view: boolean | null;
  readonly seeds: SeedSpread;
  /** Real time to the first failure, or to the end of a range that had none. */
  readonly wallMs: Spread;
  /** The check that was first most often; null = nobody found anything. */
  readonly check: string | null;
  /** All checks that were first in a range, the one that was so most often first. */
  readonly checks: readonly string[];
  readonly ranges: number;
  /** In how many of these ranges it was killed. */
  readonly found: number;
  readonly falseAlarms: number;
}

/** A pass of the official tests of a lab, one seed each, up to the first that kills. */
export interface OfficialPass {
  /** The test that kills it; undefined = none does. */
  readonly test?: string | undefined;
  readonly check?: string | undefined;
  /** Tests that were run. */
  readonly tests: number;
  readonly wallMs: number;
  readonly falseAlarms: number;
}

/** What the official tests alone would have found. */
export interface OfficialKill {
  readonly killed: boolean;
  /** The test that was first most often. */
  readonly test: string | null;
  readonly check: string | null;
  /** Median of the tests that were run until one killed, over the passes in which one did. */
  readonly seeds: number | null;
  readonly passes: number;
  /** In how many of these passes one did. */
  readonly found: number;
  /** Median of these passes, or of all if none of them found anything. */
  readonly wallMs: number;
  readonly falseAlarms: number;
}

/** A specimen: a line of `specimens matrix --json`. */
export interface MatrixRow {
  readonly format: 1;
  readonly specimen: string;
  readonly lab: number;
  readonly title: string;
  readonly killed: boolean;
  readonly kills: readonly Kill[];
  readonly official?: OfficialKill | undefined;
  /** What the course's own suite came to, in Go, where that was measured. */
  readonly course?: CourseCatch | undefined;
}

export function killOf(scenario: string, view: boolean | null, hunts: readonly Hunt[]): Kill {
  const seeds = hunts.map((hunt) => hunt.seeds ?? Infinity);
  const walls = hunts.map(({ wallMs }) => wallMs);
  const checks = mostOften(hunts.map(({ check }) => check));
  return {
    scenario,
    view,
    seeds: { median: finite(median(seeds)), worst: finite(Math.max(...seeds)) },
    wallMs: { median: Math.round(median(walls)), worst: Math.round(Math.max(...walls)) },
    check: checks[0] ?? null,
    checks,
    ranges: hunts.length,
    found: hunts.filter((hunt) => hunt.seeds !== undefined).length,
    falseAlarms: sum(hunts, (hunt) => hunt.falseAlarms),
  };
}

export function officialKillOf(passes: readonly OfficialPass[]): OfficialKill {
  const found = passes.filter(({ test }) => test !== undefined);
  const counted = found.length === 0 ? passes : found;
  return {
    killed: found.length > 0,
    test: mostOften(found.map(({ test }) => test))[0] ?? null,
    check: mostOften(found.map(({ check }) => check))[0] ?? null,
    seeds: found.length === 0 ? null : median(found.map(({ tests }) => tests)),
    passes: passes.length,
    found: found.length,
    wallMs: Math.round(median(counted.map(({ wallMs }) => wallMs))),
    falseAlarms: sum(passes, (pass) => pass.falseAlarms),
  };
}

/** Is it killed at all, by whichever scenario? */
export function isKilled({ kills, official }: Pick<MatrixRow, 'kills' | 'official'>): boolean {
  return official?.killed === true || kills.some(({ found }) => found > 0);
}

/** What kills it soonest: fewest seeds in the median, and in the worst case among equals. */
export function soonest(kills: readonly Kill[]): Kill | undefined {
  const cost = ({ seeds }: Kill): readonly number[] => [
    seeds.median ?? Infinity,
    seeds.worst ?? Infinity,
  ];
  const found = kills.filter(({ found: ranges }) => ranges > 0);
  return found.toSorted((a, b) => {
    const [mine, others] = [cost(a), cost(b)];
    const at = mine[0] === others[0] ? 1 : 0;
    return mine[at] === others[at] ? 0 : mine[at]! - others[at]!;
  })[0];
}

/** How many of so many. */
export interface Share {
  readonly killed: number;
  readonly of: number;
}

/** What a matrix comes to: the last line of `specimens matrix --json`. */
export interface MatrixSummary {
  readonly format: 1;
  readonly specimens: number;
  readonly killed: number;
  /** Ids of those that were not. */
  readonly alive: readonly string[];
  /** Over the specimens that were killed, by whatever kills each soonest. */
  readonly seeds: SeedSpread;
  readonly wallMs: Spread;
  /** With views withheld, of those that were tried so. */
  readonly outside: Share;
  /** By the official tests alone; absent = not tried. */
  readonly official?: Share | undefined;
  readonly falseAlarms: number;
  /** Who kills each soonest, and how many specimens. */
  readonly checks: readonly { readonly check: string; readonly specimens: number }[];
  /** Real time of the whole, in ms. */
  readonly elapsedMs: number;
  readonly isInterrupted: boolean;
  readonly exitCode: number;
}

export function summariseMatrix(
  rows: readonly MatrixRow[],
  elapsedMs: number,
  isInterrupted: boolean,
): MatrixSummary {
  const best = rows.flatMap(({ kills }) => soonest(kills) ?? []);
  const seeds = best.map((kill) => kill.seeds.median ?? Infinity);
  const walls = best.map((kill) => kill.wallMs.median);
  const alive = rows.filter(({ killed }) => !killed).map(({ specimen }) => specimen);
  const hidden = rows
    .map(({ kills }) => kills.filter(({ view }) => view === false))
    .filter((kills) => kills.length > 0);
  const judged = rows.flatMap(({ official }) => official ?? []);
  const isAllKilled = alive.length === 0 && rows.length > 0;
  return {
    format: 1,
    specimens: rows.length,
    killed: rows.length - alive.length,
    alive,
    // Of none there is nothing to say.
    seeds: {
      median: seeds.length === 0 ? null : finite(median(seeds)),
      worst: finite(Math.max(...(seeds.length === 0 ? [Infinity] : seeds))),
    },
    wallMs: { median: median(walls), worst: Math.max(0, ...walls) },
    outside: {
      killed: hidden.filter((kills) => soonest(kills) !== undefined).length,
      of: hidden.length,
    },
    official:
      judged.length === 0
        ? undefined
        : { killed: judged.filter(({ killed }) => killed).length, of: judged.length },
    falseAlarms: sum(rows, falseAlarmsOf),
    checks: countsOf(best.flatMap(({ check }) => check ?? [])),
    elapsedMs: Math.round(elapsedMs),
    isInterrupted,
    exitCode: isInterrupted
      ? ExitCode.interrupted
      : isAllKilled
        ? ExitCode.asExpected
        : ExitCode.violation,
  };
}

function falseAlarmsOf({ kills, official }: MatrixRow): number {
  return sum(kills, (kill) => kill.falseAlarms) + (official?.falseAlarms ?? 0);
}

function countsOf(checks: readonly string[]): MatrixSummary['checks'] {
  const count = (check: string): number => checks.filter((other) => other === check).length;
  return mostOften(checks).map((check) => ({ check, specimens: count(check) }));
}

/** Each name once, the most frequent first, and among equals the one that was first. */
export function mostOften(names: readonly (string | undefined)[]): string[] {
  const counts = new Map<string, number>();
  for (const name of names) {
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
}

/** JSON has no infinity. */
function finite(value: number): number | null {
  return value === Infinity ? null : value;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
