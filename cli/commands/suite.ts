import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import type { RunResult } from '../../scenarios/define/result.ts';
import { labsAndParts, ofLab, suiteOf, type SuiteTest } from '../../scenarios/define/suite.ts';
import { suiteRow, summariseSuite, type SuiteRow } from '../../scenarios/report/suite-rows.ts';
import { SuiteTable } from '../../scenarios/report/text-suite.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { jobsFor, type JobsOption } from '../jobs.ts';
import { pageWidth, print, printJson, StatusLine } from '../output.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { seedRange } from '../seeds.ts';
import { sweepEach, wholeRange, type SweepJob } from '../sweep.ts';
import type { CodeOptions } from '../target-options.ts';

export interface SuiteCommandOptions extends CodeOptions, JobsOption {
  readonly lab?: string;
  readonly seeds?: string;
  readonly count?: string;
  readonly set?: readonly string[];
  readonly json?: boolean;
}

/** `suite`: the official tests in the official order, a row each, beside the course's figures. */
export async function suiteCommand(options: SuiteCommandOptions): Promise<number> {
  const { seeds, count = seeds === undefined ? '1' : undefined, json = false } = options;
  const tests = chosenTests(options);
  const range = seedRange({ seeds, count });
  const jobs = jobsFor(options, range.last - range.first + 1);
  warnOfIdleSpecimen(options, tests);
  const interrupted = onInterrupt();
  const startedMs = performance.now();
  const names = tests.map(({ test }) => test);
  const table = new SuiteTable({ tests: names, range, set: options.set, width: pageWidth() });
  const rows: SuiteRow[] = [];
  const status = new StatusLine();
  let results: RunResult[] = [];
  const reporter: Reporter = {
    result(result, { done }) {
      results.push(result);
      const failed = rows.filter(({ verdict }) => verdict !== 'pass').length;
      const where = `test ${rows.length + 1} of ${tests.length}, ${failed} failed`;
      status.show(`${where}  ${result.scenario}  ${done} seeds`);
    },
  };
  const { impl, specimen, set } = options;
  const job = (): SweepJob => wholeRange(range);
  const sweeps = { jobs, scenarios: names, job, options: { impl, specimen, set } };
  for await (const { summary } of sweepEach(sweeps, interrupted, reporter)) {
    const row = suiteRow(tests[rows.length]!, summary, results);
    rows.push(row);
    results = [];
    status.clear();
    if (json) printJson(row);
    else print(table.add(row));
  }
  status.clear();
  const summary = summariseSuite(rows, performance.now() - startedMs, interrupted.aborted);
  if (json) printJson({ summary });
  else print(table.end(summary));
  return summary.exitCode;
}

/** A specimen that takes no part in any of the tests passes them all, which says nothing. */
function warnOfIdleSpecimen(
  { specimen: id }: SuiteCommandOptions,
  tests: readonly SuiteTest[],
): void {
  if (id === undefined) return;
  const { lab, scenarios } = new Registry(packs).specimen(id);
  if (tests.some((test) => test.lab === lab)) return;
  process.stderr.write(`${id} takes no part in these tests; it shows in ${scenarios.join(', ')}\n`);
}

/** The tests that are meant, by lab, part, or the lab of the specimen. */
function chosenTests({ lab, impl, specimen }: SuiteCommandOptions): readonly SuiteTest[] {
  const all = suiteOf(packs);
  const there = labsAndParts(all).join(', ');
  if (impl !== undefined && lab === undefined) {
    throw new UsageError(`--impl: say whose tests it is to pass, with --lab; there are ${there}`);
  }
  const chosen =
    lab ??
    (specimen === undefined ? undefined : String(new Registry(packs).specimen(specimen).lab));
  const tests = chosen === undefined ? all : ofLab(all, chosen);
  if (tests.length > 0) return tests;
  throw new UsageError(`--lab: no official tests of lab ${chosen}; there are ${there}`);
}
