import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import pc from 'picocolors';
import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { spelled } from '../../scenarios/report/text-run.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { prepareExport, writeExport } from '../../scenarios/report/node-export-file.ts';
import { prepareFolder, runFolder } from '../../scenarios/report/node-output-folder.ts';
import { htmlPage } from '../../scenarios/report/page/node-html-page.ts';
import { runPage } from '../../scenarios/report/page/run-page.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { openInBrowser } from '../open-in-browser.ts';
import { print, printJson } from '../output.ts';
import { isRecorded, recordedRun } from '../recorded-run.ts';
import { Runs } from '../runs.ts';
import { servePage } from '../serve-page.ts';
import { blaming, subject, type SubjectOptions } from '../subject.ts';
import { driftOf } from './replay.ts';

export interface ViewCommandOptions extends SubjectOptions {
  /** Default: into the folder of the run. */
  readonly out?: string;
  readonly serve?: boolean;
  /** False: do not open it. Default: open it where somebody sits at a terminal with a display. */
  readonly open?: boolean;
  readonly json?: boolean;
}

interface ViewedRun {
  readonly html: string;
  readonly report: JobReport;
}

/** A page of more would keep no browser alive. */
const MOST_RECORDS = 3_000_000;

/** `view [plan | folder | scenario]`: run it again and write the page that shows it. */
export async function viewCommand(what: string, options: ViewCommandOptions): Promise<number> {
  const { scenario, choices, isOtherCode, job, file, recorded } = subject(what, options);
  if (options.out !== undefined) prepareOut(options.out, file);
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, choices, interrupted);
  let page: ViewedRun;
  try {
    if (runs.info.once) {
      throw new UsageError(`${runs.info.name} measures the heap: it is run without a trace`);
    }
    const report = await runs.run({ ...job, isPictured: true }).catch(blaming(file));
    if (report === undefined) return ExitCode.interrupted;
    const drift = isOtherCode ? undefined : driftOf(recorded, report);
    page = drift === undefined ? pageOf(report) : driftedPage(report, file, drift.text);
  } finally {
    await runs.close();
  }
  const { html, report } = page;
  if (options.serve === true) return await servePage(html, interrupted, options.open !== false);
  const out = options.out ?? defaultOut(report, file);
  writeExport(out, [html]);
  const { scenario: name, seed, verdict } = report.result;
  const bytes = Buffer.byteLength(html);
  if (options.json === true)
    printJson({ format: 1, file: out, scenario: name, seed, verdict, bytes });
  else print(out);
  if (options.open !== false && options.json !== true) openInBrowser(out);
  return ExitCode.asExpected;
}

function pageOf(report: JobReport, remarks: readonly string[] = []): ViewedRun {
  const { scenario, seed, verdict } = report.result;
  const { length } = report.trace.numbers.event;
  if (length > MOST_RECORDS) {
    const most = `a page shows ${MOST_RECORDS} at most: make the run shorter with --set`;
    throw new UsageError(`${scenario} seed ${seed}: its trace has ${length} records, and ${most}`);
  }
  const views = new Registry(packs).viewsOf(scenario);
  const title = `${spelled(verdict)} ${scenario} seed ${seed}`;
  return { html: htmlPage(title, runPage(report, views, remarks)), report };
}

/**
 * The code has changed since: what was recorded is what somebody wants to see, if its trace was
 * kept. It tells less than a run of today's.
 */
function driftedPage(report: JobReport, file: string | undefined, drift: string): ViewedRun {
  const folder = dirname(file ?? '');
  if (!isRecorded(folder)) {
    process.stderr.write(`${pc.yellow(drift)}\n`);
    return pageOf(report, [`This is the run as it is today: ${drift}.`]);
  }
  const { result, plan, trace, history } = recordedRun(folder);
  process.stderr.write(`${pc.yellow(`${drift}: this is the run as it was recorded`)}\n`);
  const remark =
    `This is the run as it was recorded: ${drift}. ` +
    'What only a run of that code could tell (logs, tables, the linearization) is missing.';
  return pageOf(
    { ...report, result, plan, history, trace: trace.toColumns(), spans: [], picture: undefined },
    [remark],
  );
}

/** Before the run, which may take long. @throws UsageError, FileError if no page can be there */
function prepareOut(out: string, file: string | undefined): void {
  if (file !== undefined && resolve(out) === resolve(file)) {
    throw new UsageError(`--out: ${out} is the plan itself`);
  }
  prepareExport(out);
}

/** Into the folder of a run that was kept; beside no other plan, but where the user is. */
function defaultOut({ result }: JobReport, file: string | undefined): string {
  if (file !== undefined) {
    const isKept = existsSync(join(dirname(file), 'result.json'));
    return isKept ? join(dirname(file), 'page.html') : `${basename(file, '.json')}.html`;
  }
  const folder = runFolder(result.scenario, result.seed);
  prepareFolder(folder);
  return join(folder, 'page.html');
}
