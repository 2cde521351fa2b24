import type { Plan } from '../define/plan.ts';
import type { Verdict } from '../define/verdict.ts';
import { onlyClients, lessNoise } from './noise.ts';
import { earlierIntents, earlierOverrides, simplerOverrides } from './overrides.ts';
import {
  fewerClients,
  fewerFaults,
  fewerIntents,
  fewerNodes,
  plainTies,
  type Pass,
} from './passes.ts';
import { earlierFaults, plainSettings, shorterFaults, smallerIntents } from './numbers.ts';
import { planSize, type PlanSize } from './plan-size.ts';
import { fewerTargets } from './targets.ts';
import { Trials, type RunPlan, type TrialRun } from './trials.ts';

/** Default of {@link ShrinkLimits.maxRuns}. */
export const MAX_RUNS = 1000;

/** How far a shrinker goes. */
export interface ShrinkLimits {
  /** Runs that may be used. Counted, not timed: the same plan in gives the same plan out. */
  readonly maxRuns?: number | undefined;
  /** Asked before each run: is it to end here, with what has been reached? */
  readonly isStopped?: (() => boolean) | undefined;
  /** Told of each run. */
  readonly seen?: ((progress: ShrinkProgress) => void) | undefined;
}

export interface ShrinkProgress {
  readonly runs: number;
  readonly maxRuns: number;
  /** The smallest plan so far. */
  readonly size: PlanSize;
}

/** A plan that fails as the one it came from. */
export interface Shrunk {
  readonly plan: Plan;
  readonly verdict: Verdict;
  readonly signature: string;
  readonly before: PlanSize;
  readonly after: PlanSize;
  /** Runs that were used. */
  readonly runs: number;
  /** Does every one of the passes agree that nothing more can go? */
  readonly isMinimal: boolean;
}

/** A plan that fails, and how to run others. */
export interface Failure {
  readonly plan: Plan;
  /** What it came to. Counts as the first run. */
  readonly failed: Pick<TrialRun, 'verdict' | 'events'> & { readonly signature: string };
  readonly run: RunPlan;
  /** Names of the params that say how many nodes there are. */
  readonly sizes: readonly string[];
}

/**
 * The smallest plan that comes to the same verdict with the same signature. Ids are never changed.
 */
export async function shrinkPlan(
  { plan, failed, run, sizes }: Failure,
  limits: ShrinkLimits = {},
): Promise<Shrunk> {
  const { maxRuns = MAX_RUNS, isStopped = () => false, seen = () => {} } = limits;
  const { signature, verdict, events } = failed;
  const before = planSize(plan, events);
  let size = before;
  const trials = new Trials({
    run,
    wanted: { signature, verdict },
    maxRuns: maxRuns - 1,
    isStopped,
    seen: (candidate, failedAfter, runs) => {
      if (failedAfter !== undefined) size = planSize(candidate, failedAfter);
      seen({ runs: runs + 1, maxRuns, size });
    },
  });
  const passes = [...fewerThings(sizes), ...smallerNumbers];
  const smallest = await repeat(plan, trials, passes);
  return {
    plan: smallest,
    verdict,
    signature,
    before,
    after: planSize(smallest, trials.eventsOf(smallest) ?? events),
    runs: trials.runs + 1,
    isMinimal: !trials.hasGivenUp,
  };
}

/** Passes that take things out of a plan. */
function fewerThings(sizes: readonly string[]): readonly Pass[] {
  return [
    onlyClients,
    fewerFaults,
    fewerTargets,
    fewerClients,
    fewerIntents,
    fewerNodes(sizes),
    plainTies,
    lessNoise,
  ];
}

/** Passes that make what is left plainer, and let more go by that. */
const smallerNumbers: readonly Pass[] = [
  simplerOverrides,
  earlierFaults,
  shorterFaults,
  plainSettings,
  smallerIntents,
  earlierOverrides,
  earlierIntents,
];

/** What one pass takes out may be what kept another from going on: until none finds anything. */
async function repeat(plan: Plan, trials: Trials, passes: readonly Pass[]): Promise<Plan> {
  let smallest = plan;
  let before: string;
  do {
    before = JSON.stringify(smallest);
    for (const pass of passes) smallest = await pass(smallest, trials);
  } while (JSON.stringify(smallest) !== before && !trials.hasGivenUp);
  return smallest;
}
