import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { worldChoices } from '../scenarios/define/world-choices.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { replayLine, reproLine } from '../scenarios/report/repro.ts';
import { killedRun } from '../scenarios/runner/killed-run.ts';
import { Session, SessionClosed } from '../scenarios/runner/node-session.ts';
import type { Job, JobReport, TargetInfo } from '../scenarios/runner/node-target.ts';
import type { TargetOptions } from './target-options.ts';
import { planCode, targetSpec } from './target-spec.ts';

/** What worlds in a worker know: the build puts it next to the command. */
export const CATALOGUE: URL = new URL('./node-catalogue.js', import.meta.url);

/** What came of some seeds, up to the first that could not be run. */
export interface Results {
  readonly results: readonly RunResult[];
  readonly error: Error | undefined;
}

/** An opened target and how the user named it: everything that runs does so through this. */
export class Runs {
  readonly info: TargetInfo;
  /** The scenario as the user named it, and what else they chose. */
  readonly scenario: string;
  readonly options: TargetOptions;
  private readonly session: Session;

  private constructor(session: Session, scenario: string, options: TargetOptions) {
    this.session = session;
    this.scenario = scenario;
    this.options = options;
    this.info = session.info;
  }

  /** @throws SessionError if the target cannot be opened */
  static async open(
    scenario: string,
    options: TargetOptions,
    interrupted: AbortSignal,
  ): Promise<Runs> {
    const runs = await Runs.next(undefined, scenario, options, interrupted);
    runs.warnOfIdleSpecimen();
    return runs;
  }

  /**
   * One of many targets in a row, in the worker of the one before, which is closed by that.
   * @throws SessionError if the target cannot be opened
   */
  static async next(
    before: Runs | undefined,
    scenario: string,
    options: TargetOptions,
    interrupted: AbortSignal,
  ): Promise<Runs> {
    const spec = targetSpec(scenario, options);
    const own = { catalogue: CATALOGUE, signal: interrupted };
    return new Runs(await Session.open(spec, own, before?.session), scenario, options);
  }

  /** Do one job; undefined if it was interrupted. */
  async run(job: Job): Promise<JobReport | undefined> {
    try {
      const outcome = await this.session.run(job);
      const seed = 'plan' in job.from ? job.from.plan.seed : job.from.seed;
      const report =
        outcome.kind === 'killed' ? killedRun(this.info, seed, outcome) : outcome.report;
      const code = planCode(targetSpec(this.scenario, this.options), this.info.codeHash);
      const plan = report.plan && { ...report.plan, code };
      return {
        ...report,
        plan,
        result: { ...report.result, repro: this.repro(job, report.result) },
      };
    } catch (error) {
      if (error instanceof SessionClosed) return undefined;
      throw error;
    }
  }

  /**
   * Run seeds for their results alone: see {@link Session.results}. Undefined if it was
   * interrupted.
   */
  async results(seeds: readonly string[]): Promise<Results | undefined> {
    try {
      const { results, error } = await this.session.results(seeds);
      const told = results.map((result, i) => {
        const seed = seeds[i]!;
        const whole = 'kind' in result ? killedRun(this.info, seed, result).result : result;
        return { ...whole, repro: this.reproOf(seed) };
      });
      return { results: told, error };
    } catch (error) {
      if (error instanceof SessionClosed) return undefined;
      throw error;
    }
  }

  /**
   * Does the scenario run as it is, with our code and no setting changed? Only then its bounds of
   * activity hold: a slower implementation of somebody else's is not wrong.
   */
  get hasOwnSettings(): boolean {
    const { options } = this;
    const { set = [] } = options;
    const isDrawn = worldChoices.every((choice) => options[choice] === undefined);
    const isOurs = options.impl === undefined;
    return isOurs && set.length === 0 && isDrawn && options.faults === undefined;
  }

  async close(): Promise<void> {
    await this.session.close();
  }

  /**
   * A specimen that takes no part in a scenario passes, and would pass for a miss of the checks.
   */
  warnOfIdleSpecimen(): void {
    const { specimen: id } = this.options;
    if (id === undefined) return;
    const { scenarios } = new Registry(packs).specimen(id);
    if (scenarios.includes(this.info.name)) return;
    process.stderr.write(`${id} is not known to show in ${this.info.name}; it does in `);
    process.stderr.write(`${scenarios.join(', ')}\n`);
  }

  private repro({ from }: Job, { seed }: RunResult): string {
    if (!('plan' in from)) return this.reproOf(seed);
    return replayLine(from.file ?? 'plan.json', this.options, this.info.codeHash);
  }

  private reproOf(seed: string): string {
    return reproLine({ scenario: this.scenario, ...this.options }, seed, this.info.codeHash);
  }
}
