import {
  sweepsPage,
  type SlowRun,
  type SweepOnPage,
} from '../../scenarios/report/page/sweeps-page.ts';
import { prepareReport, writeReport } from './report-file.ts';
import type { Reporter } from './reporter.ts';

/** So many of the slowest runs are shown. */
const SLOWEST = 10;

/** A page for all sweeps, written when they are over. */
export function htmlReporter(file: string): Reporter {
  prepareReport(file);
  const sweeps: SweepOnPage[] = [];
  let slowest: SlowRun[] = [];
  return {
    begin() {
      slowest = [];
    },
    result({ seed, wallMs, events }) {
      if (slowest.length === SLOWEST && wallMs <= slowest[SLOWEST - 1]!.wallMs) return;
      slowest.push({ seed, wallMs, events });
      slowest.sort((a, b) => b.wallMs - a.wallMs);
      slowest.length = Math.min(slowest.length, SLOWEST);
    },
    end(sweep) {
      sweeps.push({ ...sweep, slowest });
    },
    close() {
      writeReport(file, sweepsPage(sweeps));
    },
  };
}
