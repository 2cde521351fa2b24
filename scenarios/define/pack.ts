import type { Scenario } from './scenario.ts';
import type { Specimen } from './specimen.ts';
import type { View } from './view.ts';

/** What the course's own run of an official test came to, in Go and in real time. */
export interface CourseFigure {
  readonly seconds: number;
  /** RPCs sent. */
  readonly calls: number;
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
}
