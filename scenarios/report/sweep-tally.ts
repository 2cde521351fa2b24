import { Digest } from '../../sim/index.ts';
import type { ProbeBound } from '../define/check.ts';
import type { Latencies, Latency } from '../define/latency.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import type { Verdict } from '../define/verdict.ts';
import { Distribution } from './distribution.ts';
import { exitCodeOf, ExitCode, worstExitCode } from './exit-code.ts';
import {
  belowBounds,
  mixHex,
  worstVerdict,
  type ActivityRow,
  type FailureGroup,
  type ProbeRow,
  type SweepSummary,
} from './sweep-summary.ts';

/** The median of fewer runs says little. */
const TELLING_RUNS = 20;

const FIGURES = ['count', 'p50', 'p90', 'p99', 'max'] as const;

/** What a scenario demands of a sweep. */
export interface SweepDemands {
  readonly scenario: string;
  readonly probes: readonly ProbeBound[];
  /** Least medians of activity; below them the sweep is vacuous. */
  readonly atLeast: Readonly<Record<string, number>>;
}

/**
 * Sum a sweep up.
 * @param results in the order of its seeds
 * @param atLeast least medians of activity; below them the sweep is vacuous
 */
export function summarise(
  scenario: string,
  results: readonly RunResult[],
  probes: readonly ProbeBound[],
  isInterrupted: boolean,
  atLeast: Readonly<Record<string, number>> = {},
): SweepSummary {
  const tally = new SweepTally({ scenario, probes, atLeast });
  for (const result of results) tally.add(result);
  return tally.summary(isInterrupted);
}

/** Sums a sweep up, result by result, so that it takes no room for those that it has seen. */
export class SweepTally {
  private readonly demands: SweepDemands;
  private readonly digest = new Digest();
  private readonly groups = new Map<string, FailureGroup>();
  private readonly verdicts = new Set<Verdict>();
  private readonly codes = new Set<number>();
  private readonly activity = new Map<string, Distribution>();
  private readonly latency = new Map<string, Readonly<Record<keyof Latency, Distribution>>>();
  private readonly probes: readonly { seeds: number; awaiting: number }[];
  private seeds = 0;
  private failures = 0;
  /** In µs: whole numbers add up without crumbs. */
  private simUs = 0;
  private wallMs = 0;

  constructor(demands: SweepDemands) {
    this.demands = demands;
    this.probes = demands.probes.map(() => ({ seeds: 0, awaiting: 0 }));
  }

  /** The next result, in the order of the seeds. */
  add(result: RunResult): void {
    this.seeds++;
    mixHex(this.digest, result.digest);
    this.simUs += Math.round(result.simMs * 1000);
    this.wallMs += result.wallMs;
    this.codes.add(exitCodeOf(result));
    if (!isAsExpected(result)) this.addFailure(result);
    this.addActivity(result);
    this.addLatency(result.latency);
    this.demands.probes.forEach(({ name }, i) => {
      const row = this.probes[i]!;
      if ((result.probes[name] ?? 0) > 0) row.seeds++;
      if (result.awaited === undefined || result.awaited.includes(name)) row.awaiting++;
    });
  }

  /** What the results so far come to. */
  summary(isInterrupted: boolean): SweepSummary {
    const { scenario, atLeast } = this.demands;
    const probes = this.probeRows();
    const activity = this.activityRows();
    const isTelling = !isInterrupted && this.seeds >= TELLING_RUNS;
    const tooLow = isTelling ? belowBounds(activity, atLeast) : [];
    // A sweep without a run proves as little as one in which nothing happened.
    const isVacuous =
      this.seeds === 0 || tooLow.length > 0 || probes.some((row) => row.status === 'never');
    const codes = [...this.codes];
    if (isVacuous) codes.push(ExitCode.undecided);
    if (isInterrupted) codes.push(ExitCode.interrupted);
    return {
      format: 1,
      scenario,
      seeds: this.seeds,
      verdict: worstVerdict(isVacuous ? [...this.verdicts, 'vacuous'] : [...this.verdicts]),
      failures: this.failures,
      groups: this.sortedGroups(),
      activity,
      latency: this.medianLatencies(),
      probes,
      tooLow,
      digest: this.digest.hex(),
      simMs: this.simUs / 1000,
      wallMs: this.wallMs,
      isInterrupted,
      exitCode: worstExitCode(codes),
    };
  }

  /** How often each value of each kind of activity was seen. */
  get distributions(): ReadonlyMap<string, Distribution> {
    for (const distribution of this.activity.values()) this.fillUp(distribution);
    return this.activity;
  }

  private addFailure(failure: RunResult): void {
    this.failures++;
    // A pass where something had to be found is as wrong as a violation elsewhere.
    this.verdicts.add(failure.verdict === 'pass' ? 'violation' : failure.verdict);
    const signature = failure.signature ?? failure.verdict;
    const { count = 0, smallest = failure } = this.groups.get(signature) ?? {};
    const least = failure.events < smallest.events ? failure : smallest;
    this.groups.set(signature, { signature, count: count + 1, smallest: least });
  }

  private addActivity({ operations, messages, events, activity }: RunResult): void {
    this.addCount('operations', operations);
    this.addCount('messages', messages);
    this.addCount('events', events);
    // No array of entries is made: there may be a million results.
    for (const name of Object.keys(activity)) this.addCount(name, activity[name] as number);
  }

  private addCount(name: string, count: number): void {
    let seen = this.activity.get(name);
    if (seen === undefined) {
      seen = new Distribution();
      this.activity.set(name, seen);
    }
    // What runs before it did not tell of was 0 there.
    this.fillUp(seen, this.seeds - 1);
    seen.add(count);
  }

  private fillUp(distribution: Distribution, size: number = this.seeds): void {
    if (distribution.size < size) distribution.add(0, size - distribution.size);
  }

  private activityRows(): ActivityRow[] {
    return [...this.distributions].map(([name, seen]) => {
      return { name, median: seen.median(), total: seen.total };
    });
  }

  private addLatency(latencies: Latencies): void {
    for (const [name, latency] of Object.entries(latencies)) {
      let seen = this.latency.get(name);
      if (seen === undefined) {
        seen = ofEachFigure(() => new Distribution());
        this.latency.set(name, seen);
      }
      for (const figure of FIGURES) seen[figure].add(latency[figure]);
    }
  }

  /** Of each figure the median over the runs that have the operation. */
  private medianLatencies(): Latencies {
    const rows = [...this.latency].map(([name, seen]): [string, Latency] => {
      return [name, ofEachFigure((figure) => seen[figure].median())];
    });
    return Object.fromEntries(rows.toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  /** The most frequent kinds of failure first; of equally frequent ones the smallest run. */
  private sortedGroups(): FailureGroup[] {
    return [...this.groups.values()].toSorted(
      (a, b) => b.count - a.count || a.smallest.events - b.smallest.events,
    );
  }

  private probeRows(): ProbeRow[] {
    return this.demands.probes.map((probe, i) => {
      const { seeds, awaiting } = this.probes[i]!;
      const status = seeds > 0 ? 'hit' : awaiting < probe.within ? 'not yet' : 'never';
      return { ...probe, seeds, status };
    });
  }
}

function ofEachFigure<T>(make: (figure: keyof Latency) => T): Record<keyof Latency, T> {
  return Object.fromEntries(FIGURES.map((figure) => [figure, make(figure)])) as never;
}
