import type { RunResult } from '../../scenarios/define/result.ts';
import type { SweepHeader } from '../../scenarios/define/sweep-file.ts';
import type { EndedSweep } from '../../scenarios/report/ended-sweep.ts';

/** How far a sweep is. */
export interface Progress {
  readonly done: number;
  readonly failures: number;
}

/** Tells of sweeps, one after the other, while they go on or when they are over. */
export interface Reporter {
  begin?(header: SweepHeader): void;
  /** So many results were those of an earlier sweep; what follows is run now. */
  goOn?(done: number): void;
  /** The next result, in the order of the seeds. */
  result?(result: RunResult, progress: Progress): void;
  end?(sweep: EndedSweep): void;
  /** All sweeps are over. */
  close?(): void;
}

/** Several reporters as one. */
export function together(reporters: readonly Reporter[]): Reporter {
  return {
    begin: (header) => reporters.forEach((one) => one.begin?.(header)),
    goOn: (done) => reporters.forEach((one) => one.goOn?.(done)),
    result: (result, progress) => reporters.forEach((one) => one.result?.(result, progress)),
    end: (sweep) => reporters.forEach((one) => one.end?.(sweep)),
    close: () => reporters.forEach((one) => one.close?.()),
  };
}
