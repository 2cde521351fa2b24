import type { Scenario } from './scenario.ts';
import type { Specimen } from './specimen.ts';

/** A system with all that belongs to it, handed to the runner and the command by a registry. */
export interface Pack {
  readonly name: string;
  readonly title: string;
  readonly lab?: number;
  readonly scenarios: readonly Scenario[];
  readonly specimens: readonly Specimen[];
}
