import pc from 'picocolors';
import { isAsExpected } from '../../scenarios/define/result.ts';
import type { Verdict } from '../../scenarios/define/verdict.ts';
import { inItsColour, sweepBlock } from '../../scenarios/report/text-run.ts';
import { print, textWidth } from '../output.ts';
import type { Reporter } from './reporter.ts';

const LETTERS: Readonly<Record<Verdict, string>> = {
  // Where something else was expected.
  pass: 'P',
  violation: 'V',
  crash: 'C',
  unknown: '?',
  vacuous: '0',
  nondeterministic: 'N',
};

/** A dot a seed, a letter where it did not end as expected; then a block of text. */
export function dotReporter(): Reporter {
  const width = textWidth();
  let column = 0;
  const put = (mark: string): void => {
    process.stdout.write(column++ % width === 0 && column > 1 ? `\n${mark}` : mark);
  };
  return {
    begin({ scenario, seeds }) {
      print(`${scenario}  ${seeds}`);
      column = 0;
    },
    result(result) {
      const { verdict } = result;
      put(isAsExpected(result) ? pc.dim('.') : inItsColour(verdict, LETTERS[verdict]));
    },
    end({ summary, folders }) {
      if (column > 0) print('');
      print(sweepBlock(summary, folders, width));
    },
  };
}
