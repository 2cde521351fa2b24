import type { MessageOverride } from '../../sim/index.ts';
import type { Plan } from '../define/plan.ts';
import type { Verdict } from '../define/verdict.ts';

/** What a shrinker needs to know of a run. */
export interface TrialRun {
  /** Undefined if nothing failed. */
  readonly signature?: string | undefined;
  readonly verdict: Verdict;
  readonly events: number;
  /** Overrides that would repeat the fate of every message; only if asked for. */
  readonly fates: readonly MessageOverride[];
}

/**
 * Runs a plan; resolves with undefined if it was stopped on the way. An error whose name is
 * PlanError or ParamsError says that the plan cannot be run.
 */
export type RunPlan = (plan: Plan, recordFates: boolean) => Promise<TrialRun | undefined>;

/** Plans that a scenario refuses. By name: the error may come from another thread. */
const REFUSALS: ReadonlySet<string> = new Set(['PlanError', 'ParamsError']);

/** How a plan has to fail, and by which runs it is found out. */
export interface TrialOptions {
  readonly run: RunPlan;
  readonly wanted: Pick<TrialRun, 'signature' | 'verdict'>;
  /** Runs that may be used, in all. */
  readonly maxRuns: number;
  /** Asked before each run: is it to end here? */
  readonly isStopped: () => boolean;
  /** Told of each run, with the events of one that still fails. */
  readonly seen: (plan: Plan, events: number | undefined, runs: number) => void;
}

/**
 * Runs of plans that may or may not fail as the first one did. No plan is run twice, and when all
 * runs are used up, no other plan counts as failing: whoever asks ends with what has been reached.
 */
export class Trials {
  runs = 0;
  /** Was a plan left untried, because all runs were used up or somebody asked to stop? */
  hasGivenUp = false;
  private readonly options: TrialOptions;
  /** Plans that were run, as text: the events of those that failed. */
  private readonly known = new Map<string, number | undefined>();

  constructor(options: TrialOptions) {
    this.options = options;
  }

  /** Does this plan fail, in the same way as the first one? */
  readonly fails = async (plan: Plan): Promise<boolean> => {
    const text = JSON.stringify(plan);
    if (!this.known.has(text)) {
      if (!this.mayRun()) return false;
      const events = await this.eventsIfFailing(plan);
      this.known.set(text, events);
      this.options.seen(plan, events, this.runs);
    }
    return this.known.get(text) !== undefined;
  };

  /** Events of a plan that fails. */
  eventsOf(plan: Plan): number | undefined {
    return this.known.get(JSON.stringify(plan));
  }

  /** The fates of all messages of a plan, as overrides; undefined if no run is left for it. */
  async fatesOf(plan: Plan): Promise<readonly MessageOverride[] | undefined> {
    return this.mayRun() ? (await this.options.run(plan, true))?.fates : undefined;
  }

  private mayRun(): boolean {
    const { maxRuns, isStopped } = this.options;
    if (this.runs < maxRuns && !isStopped()) {
      this.runs++;
      return true;
    }
    this.hasGivenUp = true;
    return false;
  }

  private async eventsIfFailing(plan: Plan): Promise<number | undefined> {
    const { run, wanted } = this.options;
    try {
      const found = await run(plan, false);
      const isSame = found?.signature === wanted.signature && found?.verdict === wanted.verdict;
      return isSame ? found?.events : undefined;
    } catch (error) {
      // A plan that cannot be run does not fail.
      if (error instanceof Error && REFUSALS.has(error.name)) return undefined;
      throw error;
    }
  }
}
