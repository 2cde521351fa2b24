import { randomBytes } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { annotations, markdown } from '../../scenarios/report/github.ts';
import { orFileError } from '../../scenarios/report/node-output-folder.ts';
import type { SweepSummary } from '../../scenarios/report/sweep-summary.ts';
import { sweepBlock } from '../../scenarios/report/text-run.ts';
import { print, textWidth } from '../output.ts';
import type { Reporter } from './reporter.ts';

/** Annotations of a workflow of GitHub, and the summary of its job, if it has a file for one. */
export function githubReporter(): Reporter {
  const summaries: SweepSummary[] = [];
  return {
    end({ summary, folders }) {
      summaries.push(summary);
      // What a run says must not be taken for a command of the workflow.
      const token = randomBytes(8).toString('hex');
      print(`::stop-commands::${token}`);
      print(sweepBlock(summary, folders, textWidth()));
      print(`::${token}::`);
      for (const line of annotations(summary)) print(line);
    },
    close() {
      const file = process.env['GITHUB_STEP_SUMMARY'];
      if (file === undefined || file === '') return;
      orFileError(file, () => appendFileSync(file, markdown(summaries)));
    },
  };
}
