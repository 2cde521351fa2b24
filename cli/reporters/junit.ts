import { junitCase, junitFile, junitSuite, type JunitCase } from '../../scenarios/report/junit.ts';
import { prepareReport, writeReport } from './report-file.ts';
import type { Reporter } from './reporter.ts';

/** A file in JUnit's format, written when all sweeps are over. */
export function junitReporter(file: string): Reporter {
  prepareReport(file);
  const suites: string[] = [];
  let cases: JunitCase[] = [];
  return {
    begin() {
      cases = [];
    },
    result(result) {
      cases.push(junitCase(result));
    },
    end({ summary }) {
      suites.push(junitSuite(summary, cases));
    },
    close() {
      writeReport(file, junitFile(suites));
    },
  };
}
