import { isAsExpected } from '../../scenarios/define/result.ts';
import { parseSeedRange, seedCount } from '../../scenarios/define/seed-range.ts';
import { sweepBlock } from '../../scenarios/report/text-run.ts';
import { print, StatusLine, textWidth } from '../output.ts';
import type { Reporter } from './reporter.ts';

/** A range longer than this is one without an end: `--duration` says when it is over. */
const ENDLESS = 10_000_000;

/** While it goes on a line that is written over, on a terminal; then a block of text. */
export function defaultReporter(): Reporter {
  const status = new StatusLine();
  let name = '';
  let of = 0;
  let before = 0;
  let startedMs = 0;
  let bad = '';
  return {
    begin({ scenario, seeds }) {
      [name, of, before, bad] = [scenario, seedCount(parseSeedRange(seeds)), 0, ''];
      startedMs = performance.now();
    },
    goOn(done) {
      before = done;
      startedMs = performance.now();
    },
    result(result, { done, failures }) {
      if (!isAsExpected(result)) bad = `; seed ${result.seed}: ${result.verdict}`;
      const perMs = (done - before) / (performance.now() - startedMs);
      const isEnding = of < ENDLESS;
      const left = isEnding ? `, ${roughly((of - done) / perMs)} left` : '';
      const share = isEnding ? `${done} of ${of} seeds` : `${done} seeds`;
      status.show(
        `${name}  ${share}, ${Math.round(perMs * 1000)}/s${left}, ${failures} failures${bad}`,
      );
    },
    end({ summary, folders }) {
      status.clear();
      print(sweepBlock(summary, folders, textWidth()));
    },
  };
}

/** An estimate, with no more digits than it deserves. */
function roughly(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
