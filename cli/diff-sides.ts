import { existsSync, statSync } from 'node:fs';
import { UsageError } from './errors.ts';
import { isRecorded } from './recorded-run.ts';
import { subject, type Subject, type SubjectOptions } from './subject.ts';
import type { TargetOptions } from './target-options.ts';

/** What is to be compared, as the user said it. */
export interface DiffOptions extends TargetOptions {
  /** Up to two. Default: 1. */
  readonly seed?: readonly string[];
}

/** One of the two runs: to be run now, or kept in a folder. */
export type DiffSide = { readonly name: string } & (
  | { readonly kind: 'run'; readonly subject: Subject }
  | { readonly kind: 'recorded'; readonly folder: string }
);

const FORMS = `expected one of
  diff A B                    two plans, or folders of results, or scenarios
  diff SCENARIO --seed 1 --seed 2
  diff A --impl FILE          as it is, and with this code (or --specimen ID)
  diff FOLDER                 as it was kept, and as it is today
  diff SWEEP [SWEEP]          a sweep that was kept, and another or today's`;

/**
 * The two runs that are meant.
 * @throws UsageError, FileError
 */
export function diffSides(whats: readonly string[], options: DiffOptions): [DiffSide, DiffSide] {
  const { seed: seeds = [], impl, specimen, ...rest } = options;
  const [one = '', other] = whats;
  if (seeds.length > 2) throw new UsageError('--seed: expected two at most');
  if (whats.length > 2) throw new UsageError(`${whats.length} runs are too many: ${FORMS}`);
  if (other !== undefined) return twoSubjects([one, other], options);
  const [seed, second] = seeds;
  const code = { impl, specimen };
  if (second !== undefined) {
    return seeds.map((each) => side(one, { ...rest, ...code, seed: each }, '')) as [
      DiffSide,
      DiffSide,
    ];
  }
  const own: SubjectOptions = seed === undefined ? rest : { ...rest, seed };
  if (impl !== undefined || specimen !== undefined) {
    const name = impl === undefined ? `with specimen ${specimen}` : `with ${impl}`;
    return [side(one, own, 'as it is'), side(one, { ...own, ...code }, name)];
  }
  if (isRecorded(one)) {
    return [{ kind: 'recorded', name: 'as it was kept', folder: one }, side(one, own, 'today')];
  }
  throw new UsageError(`one run is not enough: ${FORMS}`);
}

function twoSubjects(whats: readonly [string, string], options: DiffOptions): [DiffSide, DiffSide] {
  const { seed: seeds = [], impl, specimen, strict, ...rest } = options;
  if (seeds.length > 1) throw new UsageError(`--seed: two runs are named already; ${FORMS}`);
  const code = { impl, specimen, strict };
  const [seed] = seeds;
  const chosen: SubjectOptions =
    seed === undefined ? { ...rest, ...code } : { ...rest, ...code, seed };
  const isMixed = isStored(whats[0]) !== isStored(whats[1]);
  return whats.map((what) =>
    // A plan holds all but the code itself: what is chosen besides is meant for the scenario.
    side(what, isMixed && isStored(what) ? code : chosen, what),
  ) as [DiffSide, DiffSide];
}

function side(what: string, options: SubjectOptions, name: string): DiffSide {
  return { kind: 'run', name, subject: subject(what, options) };
}

/** Does it name a plan file or a folder of results? */
function isStored(what: string): boolean {
  return what.endsWith('.json') || (existsSync(what) && statSync(what).isDirectory());
}
