import type { Beyond, Hint } from './grading.ts';
import type { Scenario } from './scenario.ts';
import type { Specimen } from './specimen.ts';
import type { View } from './view.ts';

/** What the course's own run of an official test came to, in Go and in real time. */
export interface CourseFigure {
  readonly seconds: number;
  /** RPCs sent. */
  readonly calls: number;
}

/** What passes of the course's own suite, in Go, came to on a bug. */
export interface CourseCatch {
  readonly passes: number;
  /** In how many of them a test failed. */
  readonly caught: number;
  /** Real time to the first failure. */
  readonly seconds?: number;
}

/** A system with all that belongs to it, handed to the runner and the command by a registry. */
export interface Pack {
  readonly name: string;
  readonly title: string;
  readonly lab?: number;
  readonly scenarios: readonly Scenario[];
  readonly specimens: readonly Specimen[];
  /** What the viewer shows of its nodes. Default: the fields that they show. */
  readonly views?: readonly View[];
  /** By name of the official test; those of which the course says nothing are left out. */
  readonly courseFigures?: Readonly<Record<string, CourseFigure>>;
  /** What an implementation that is graded has to pass beside the official tests. */
  readonly beyond?: readonly Beyond[];
  /**
   * What each layer must give that is made by a user's file, as paths: `submit`, `handlers.get`.
   */
  readonly contracts?: Readonly<Record<string, readonly string[]>>;
  /** What failed checks say to those who are graded. */
  readonly hints?: readonly Hint[];
  /** By id of the specimen: those bugs that the course's suite was tried on. */
  readonly courseCatches?: Readonly<Record<string, CourseCatch>>;
}

/** What the course's suite came to on a specimen; undefined = it was not tried. */
export function courseCatchOf(
  packs: readonly Pack[],
  { lab, id }: Pick<Specimen, 'lab' | 'id'>,
): CourseCatch | undefined {
  return packs.find((pack) => pack.lab === lab)?.courseCatches?.[id];
}
