import pc from 'picocolors';
import { packs } from '../../scenarios/catalogue.ts';
import type { Pack } from '../../scenarios/define/pack.ts';
import type { Scenario } from '../../scenarios/define/scenario.ts';
import { suiteOf } from '../../scenarios/define/suite.ts';
import { VERSION } from '../../scenarios/define/version.ts';
import { OUTPUT, runFolder, writeRun } from '../../scenarios/report/node-output-folder.ts';
import { ExitCode, worstExitCode } from '../../scenarios/report/exit-code.ts';
import { MAX_RUNS } from '../../scenarios/shrink/shrink-plan.ts';
import type { PlanSize } from '../../scenarios/shrink/plan-size.ts';
import { seconds, sweepBlock, verdictText, wrap } from '../../scenarios/report/text-run.ts';
import type { ProbeRow, SweepSummary } from '../../scenarios/report/sweep-summary.ts';
import { Digest, hashString } from '../../sim/index.ts';
import { onInterrupt } from '../interrupt.ts';
import { print, StatusLine, textWidth } from '../output.ts';
import { RunPool } from '../run-pool.ts';
import type { Runs } from '../runs.ts';
import { shrinkRuns } from '../shrink.ts';
import { sweep, sweepEach, wholeRange, type SweepJob } from '../sweep.ts';
import type { Reporter } from '../reporters/reporter.ts';

/**
 * Seeds of each scenario beyond the official tests. Fixed, never a time box: the digest is the same
 * on every machine.
 */
const SEEDS = 10;

/** So few seeds of each are over before a second worker's code is compiled. */
const JOBS = 1;

/** The specimen on show, and where it shows. */
const SPECIMEN = 'LK1';
const STAGE = 'lock/chaos';
const STAGE_SEEDS = 40;

/** `demo`, behind `npm start`: everything once, then something wrong, then how to go on. */
export async function demoCommand(): Promise<number> {
  const interrupted = onInterrupt();
  const exitCodes: number[] = [];
  print(
    `${pc.bold(`faultlab ${VERSION}`)}   node ${process.versions.node}   ` +
      `${pc.dim('Ctrl-C keeps results')}\n` +
      `The official tests once each (${minutesInGo()} in Go), then chaos, ${SEEDS} seeds each:\n`,
  );
  print(pc.dim(`${row(['lab', 'tests', 'chaos', 'simulated', 'wall'])}   verdict`));
  const summaries: SweepSummary[] = [];
  for (const pack of packs) {
    const done = await runPack(pack, interrupted);
    summaries.push(...done);
    exitCodes.push(...done.map((summary) => summary.exitCode));
    print(packRow(pack, done, interrupted.aborted));
    for (const bad of done.filter((summary) => summary.failures > 0)) {
      print(sweepBlock(bad, undefined, textWidth()));
    }
  }
  printTotals(summaries, interrupted.aborted);
  if (!interrupted.aborted) exitCodes.push(await showSpecimen(interrupted));
  if (interrupted.aborted) exitCodes.push(ExitCode.interrupted);
  return worstExitCode(exitCodes);
}

/** What the course's own runs of the same tests took, as far as it says. */
function minutesInGo(): string {
  const seconds = suiteOf(packs).map(({ course }) => course?.seconds ?? 0);
  return `${Math.round(seconds.reduce((sum, one) => sum + one, 0) / 60)} minutes`;
}

/** An official test says what it has to say with one seed; chaos differs from seed to seed. */
function seedCount({ test }: Scenario): number {
  return test === undefined ? SEEDS : 1;
}

/** What the first screen tells of: the official tests, and free chaos. */
function isShown({ test, name }: Scenario): boolean {
  return test !== undefined || name.includes('chaos');
}

function firstSeeds(count: number): SweepJob {
  return wholeRange({ prefix: '', first: 1, last: count });
}

async function runPack(pack: Pack, interrupted: AbortSignal): Promise<SweepSummary[]> {
  const shown = pack.scenarios.filter(isShown);
  const counts = new Map(shown.map((scenario) => [scenario.name, seedCount(scenario)]));
  const status = new StatusLine();
  const reporter: Reporter = {
    result({ scenario }, { done }) {
      status.show(`${scenario}  ${done} of ${counts.get(scenario)}`);
    },
  };
  const summaries: SweepSummary[] = [];
  const sweeps = {
    jobs: JOBS,
    scenarios: [...counts.keys()],
    job: (scenario: string) => firstSeeds(counts.get(scenario)!),
    options: {},
  };
  for await (const { summary } of sweepEach(sweeps, interrupted, reporter)) {
    summaries.push(summary);
  }
  status.clear();
  return summaries;
}

const WIDTHS = [26, 7, 7, 11, 9];

function row(cells: readonly string[]): string {
  const [first = '', ...rest] = cells;
  const padded = rest.map((cell, i) => cell.padStart(WIDTHS[i + 1] ?? 0));
  return ` ${first.padEnd(WIDTHS[0] ?? 0)}${padded.join('')}`;
}

function packRow(pack: Pack, summaries: readonly SweepSummary[], isInterrupted: boolean): string {
  const total = (of: (summary: SweepSummary) => number): number =>
    summaries.reduce((sum, summary) => sum + of(summary), 0);
  const official = suiteOf([pack]).map(({ scenario }) => scenario.name);
  const tests = summaries.filter(({ scenario }) => official.includes(scenario)).length;
  const chaos = total(({ seeds }) => seeds) - tests;
  const bad = summaries.find((summary) => summary.verdict !== 'pass');
  const verdict = verdictText(bad?.verdict ?? 'pass');
  return `${row([
    `${pack.lab ?? '-'} ${pack.title}`,
    String(tests),
    chaos === 0 ? '-' : String(chaos),
    seconds(total((summary) => summary.simMs)),
    seconds(total((summary) => summary.wallMs)),
  ])}   ${isInterrupted ? pc.yellow('interrupted') : verdict}`;
}

function printTotals(summaries: readonly SweepSummary[], isInterrupted: boolean): void {
  const digest = new Digest();
  for (const summary of summaries) digest.mix(hashString(summary.digest));
  const count = (name: string): number =>
    summaries
      .flatMap((summary) => summary.activity)
      .filter((activity) => activity.name === name)
      .reduce((sum, activity) => sum + activity.total, 0);
  const probes = summaries.flatMap((summary) => summary.probes);
  const withStatus = (status: ProbeRow['status']): number =>
    probes.filter((probe) => probe.status === status).length;
  const notYet = withStatus('not yet');
  const undecided = summaries.filter((summary) => summary.verdict === 'unknown').length;
  print(
    `\n ${count('operations')} operations judged, ${undecided} sweeps undecided; ` +
      `${count('crashes')} crashes, ${count('lost')} messages lost, ` +
      `${count('late')} requests late\n` +
      ` ${withStatus('hit')} of ${probes.length} probes hit` +
      `${notYet === 0 ? '' : `, ${notYet} not yet`}\n` +
      (isInterrupted
        ? ` interrupted; what was done is in ${OUTPUT}/*/*/sweep.jsonl\n`
        : ` digest ${digest.hex()}   ${pc.dim('(the same on every machine)')}\n`),
  );
}

/** The same failure, as small as it gets. Returns the event at which it was seen. */
async function showShrunk(
  runs: Runs,
  seed: string,
  interrupted: AbortSignal,
): Promise<number | undefined> {
  const found = await runs.run({ from: { seed }, isTraced: false });
  if (found?.plan === undefined) return undefined;
  const { verdict, signature = '', events } = found.result;
  const failure = { plan: found.plan, failed: { verdict, signature, events } };
  const { plan, before, after } = await shrinkRuns(runs, failure, MAX_RUNS, interrupted);
  const report = await runs.run({ from: { plan }, isTraced: true });
  if (report === undefined) return undefined;
  writeRun(runFolder(STAGE, `${seed}-shrunk`), report);
  const sizes = (size: PlanSize): string =>
    `${size.faults} fault actions, ${size.intents} intents and ${size.events} events`;
  const { faults, intents, events: left } = after;
  print(`\nshrunk from ${sizes(before)} to ${faults}, ${intents} and ${left}`);
  return report.result.event ?? 1;
}

/** One rule broken on purpose: what a violation looks like. */
async function showSpecimen(interrupted: AbortSignal): Promise<number> {
  const specimen = packs.flatMap((pack) => pack.specimens).find(({ id }) => id === SPECIMEN);
  const intro = `Now the same code with one rule wrong. ${SPECIMEN}: ${specimen?.title}.`;
  print(
    wrap(`${intro} It breaks a guarantee: ${specimen?.guarantee}.`, '', textWidth()).join('\n'),
  );
  const pool = await RunPool.open(JOBS, STAGE, { specimen: SPECIMEN }, interrupted);
  try {
    const job = firstSeeds(STAGE_SEEDS);
    const { summary, folders } = await sweep(pool, job, interrupted, {});
    const [group] = summary.groups;
    if (group === undefined) {
      print(pc.red(`${SPECIMEN} was not caught: the checks of ${STAGE} have lost their power`));
      return ExitCode.violation;
    }
    print(sweepBlock({ ...summary, groups: [group] }, folders, textWidth()));
    const event = await showShrunk(pool.one, group.smallest.seed, interrupted);
    if (event === undefined) return ExitCode.interrupted;
    const next: readonly (readonly [string, string])[] = [
      ['look', `npx faultlab view ${OUTPUT}/latest`],
      ['replay', `npx faultlab replay ${OUTPUT}/latest`],
      ['why', `npx faultlab replay ${OUTPUT}/latest --why ${event}`],
      ['lesson', `npx faultlab specimens show ${SPECIMEN}`],
      ['more', 'npx faultlab list'],
      ['yours', 'npx faultlab sweep kv/chaos --impl examples/kv-async.ts'],
    ];
    for (const [name, command] of next) print(` ${name.padEnd(8)} ${command}`);
    return ExitCode.asExpected;
  } finally {
    await pool.close();
  }
}
