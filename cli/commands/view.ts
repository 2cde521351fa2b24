import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { spelled } from '../../scenarios/report/text-run.ts';
import { ExitCode } from '../../scenarios/report/exit-code.ts';
import { orFileError, runFolder } from '../../scenarios/report/node-output-folder.ts';
import { htmlPage } from '../../scenarios/report/page/node-html-page.ts';
import { runPage } from '../../scenarios/report/page/run-page.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';
import { onInterrupt } from '../interrupt.ts';
import { print } from '../output.ts';
import { Runs } from '../runs.ts';
import { blaming, subject, type SubjectOptions } from '../subject.ts';

export interface ViewCommandOptions extends SubjectOptions {
  readonly out?: string;
}

/** `view [plan | folder | scenario]`: run it again and write the page that shows it. */
export async function viewCommand(what: string, options: ViewCommandOptions): Promise<number> {
  const { scenario, choices, job, file } = subject(what, options);
  const interrupted = onInterrupt();
  const runs = await Runs.open(scenario, choices, interrupted);
  try {
    const report = await runs.run({ ...job, isPictured: true }).catch(blaming(file));
    if (report === undefined) return ExitCode.interrupted;
    const out = options.out ?? join(runFolder(runs.info.name, report.result.seed), 'page.html');
    orFileError(out, (name) => writeFileSync(name, pageOf(report)));
    print(out);
    return ExitCode.asExpected;
  } finally {
    await runs.close();
  }
}

function pageOf(report: JobReport): string {
  const { scenario, seed, verdict } = report.result;
  const views = new Registry(packs).viewsOf(scenario);
  return htmlPage(`${spelled(verdict)} ${scenario} seed ${seed}`, runPage(report, views));
}
