import type { Specimen } from '../define/specimen.ts';
import { ctrlerEntries } from './lab5-ctrlers.ts';
import { groupEntries } from './lab5-groups.ts';

/** The bugs of lab 5, each seen in somebody's solution, or left in by its tests. */
export const lab5Specimens: readonly Specimen[] = [...groupEntries, ...ctrlerEntries].map(
  (entry) => ({ lab: 5, ...entry }),
);
