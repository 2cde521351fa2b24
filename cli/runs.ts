import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import type { FailureGroup } from '../scenarios/report/sweep-summary.ts';
import { summarise, type SweepSummary } from '../scenarios/report/sweep-summary.ts';
import { isAsExpected, type RunResult } from '../scenarios/define/result.ts';
import { signatureOf, type Finding } from '../scenarios/define/verdict.ts';
import { prepareFolder, runFolder, writeRun } from '../scenarios/report/node-output-folder.ts';
import { reproLine } from '../scenarios/report/repro.ts';
import { Session, SessionClosed } from '../scenarios/runner/node-session.ts';
import type { Job, JobReport, TargetInfo } from '../scenarios/runner/node-target.ts';
import { planCode, targetSpec, type TargetOptions } from './target-options.ts';

/** What worlds in a worker know: next to this file in the sources as in dist/. */
const CATALOGUE = new URL('../scenarios/node-catalogue.js', import.meta.url);

/** An opened target and how the user named it: everything that runs does so through this. */
export class Runs {
  readonly info: TargetInfo;
  private readonly session: Session;
  private readonly scenario: string;
  private readonly options: TargetOptions;

  private readonly interrupted: AbortSignal;
  private readonly abort = (): void => void this.session.close();

  private constructor(
    session: Session,
    scenario: string,
    options: TargetOptions,
    interrupted: AbortSignal,
  ) {
    this.interrupted = interrupted;
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
    const session = await Session.open(targetSpec(scenario, options), {
      catalogue: CATALOGUE,
      signal: interrupted,
    });
    const runs = new Runs(session, scenario, options, interrupted);
    interrupted.addEventListener('abort', runs.abort);
    runs.warnOfIdleSpecimen();
    return runs;
  }

  /** Do one job; undefined if it was interrupted. */
  async run(job: Job): Promise<JobReport | undefined> {
    try {
      const outcome = await this.session.run(job);
      if (outcome.kind === 'killed') return this.killed(job, outcome.finding);
      const { report } = outcome;
      const code = planCode(targetSpec(this.scenario, this.options), this.info.codeHash);
      return {
        ...report,
        plan: { ...report.plan, code },
        result: this.withRepro(report.result),
      };
    } catch (error) {
      if (error instanceof SessionClosed) return undefined;
      throw error;
    }
  }

  /** Run a seed with the trace on and write its folder. Returns the folder. */
  async record(seed: string, report?: JobReport): Promise<string> {
    const folder = runFolder(this.info.name, seed);
    prepareFolder(folder);
    const traced = report ?? (await this.run({ from: { seed }, isTraced: true }));
    if (traced !== undefined) writeRun(folder, traced);
    return folder;
  }

  async close(): Promise<void> {
    this.interrupted.removeEventListener('abort', this.abort);
    await this.session.close();
  }

  /** A specimen that takes no part in a scenario passes, and would pass for a miss of the checks. */
  private warnOfIdleSpecimen(): void {
    const { specimen: id } = this.options;
    if (id === undefined) return;
    const { scenarios } = new Registry(packs).specimen(id);
    if (scenarios.includes(this.info.name)) return;
    process.stderr.write(`${id} is not known to show in ${this.info.name}; it does in `);
    process.stderr.write(`${scenarios.join(', ')}\n`);
  }

  private withRepro(result: RunResult): RunResult {
    const choices = { scenario: this.scenario, ...this.options };
    return { ...result, repro: reproLine(choices, result.seed, this.info.codeHash) };
  }

  /** The code under test took its worker down: that is the verdict, and all there is to tell. */
  private killed({ from }: Job, finding: Finding): JobReport | undefined {
    const seed = 'plan' in from ? from.plan.seed : from.seed;
    const result: RunResult = {
      format: 1,
      scenario: this.info.name,
      seed,
      verdict: finding.verdict,
      expected: 'pass',
      check: finding.check,
      signature: signatureOf(finding),
      reason: finding.message,
      where: finding.where,
      stack: finding.stack,
      digest: '',
      events: 0,
      simMs: 0,
      wallMs: 0,
      operations: 0,
      messages: 0,
      activity: {},
      probes: {},
      repro: '',
    };
    const plan = 'plan' in from ? from.plan : undefined;
    if (plan === undefined) return { ...NO_PLAN, result: this.withRepro(result) };
    return { ...NO_PLAN, plan, result: this.withRepro(result) };
  }
}

// A killed worker takes its plan along; its seed stands for it.
const NO_PLAN = {
  plan: undefined as never,
  unmatchedOverrides: 0,
  history: [],
  trace: [],
} as const;

/** A sweep as far as it went. */
export interface SweepOutcome {
  readonly summary: SweepSummary;
  /** Folders of the smallest run of each group of failures. */
  readonly folders: ReadonlyMap<FailureGroup, string>;
}

/** Run seeds one after the other. `seen` is told of each result; an empty sweep is no sweep. */
export async function sweep(
  runs: Runs,
  seeds: Iterable<string>,
  interrupted: AbortSignal,
  seen: (result: RunResult, done: number, failures: number) => void,
  untilMs: number = Infinity,
): Promise<SweepOutcome> {
  const { info } = runs;
  const results: RunResult[] = [];
  let failures = 0;
  for (const seed of seeds) {
    if (interrupted.aborted || performance.now() > untilMs) break;
    const report = await runs.run({ from: { seed }, isTraced: false });
    if (report === undefined) break;
    results.push(report.result);
    if (!isAsExpected(report.result)) failures++;
    seen(report.result, results.length, failures);
    // What such a scenario measures does not depend on the seed.
    if (info.once) break;
  }
  const summary = summarise(info.name, results, info.probes, interrupted.aborted);
  const folders = interrupted.aborted ? new Map() : await recordFailures(runs, summary);
  return { summary: withDrift(summary, folders), folders: onlyFolders(folders) };
}

/** Run the smallest failure of each kind again, with its trace. Equal digests prove determinism. */
async function recordFailures(
  runs: Runs,
  summary: SweepSummary,
): Promise<Map<FailureGroup, string | undefined>> {
  const folders = new Map<FailureGroup, string | undefined>();
  for (const group of summary.groups) {
    const { seed, digest } = group.smallest;
    if (digest === '' || runs.info.once) continue;
    const again = await runs.run({ from: { seed }, isTraced: true });
    if (again === undefined) break;
    const folder = await runs.record(seed, again);
    folders.set(group, again.result.digest === digest ? folder : undefined);
  }
  return folders;
}

/** A failure that did not happen again the same way. */
function withDrift(
  summary: SweepSummary,
  folders: ReadonlyMap<FailureGroup, string | undefined>,
): SweepSummary {
  const drifted = [...folders.values()].includes(undefined);
  return drifted ? { ...summary, verdict: 'nondeterministic', exitCode: 3 } : summary;
}

function onlyFolders(
  folders: ReadonlyMap<FailureGroup, string | undefined>,
): Map<FailureGroup, string> {
  return new Map([...folders].filter((entry): entry is [FailureGroup, string] => !!entry[1]));
}
