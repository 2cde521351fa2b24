import { printJson } from '../output.ts';
import type { Reporter } from './reporter.ts';

/** A line of JSON a seed, and one for the summary. */
export function jsonReporter(): Reporter {
  return {
    result: (result) => printJson(result),
    end: ({ summary }) => printJson({ summary }),
  };
}
