import type { Specimen } from '../define/specimen.ts';
import { clerks } from './lab4-clerks.ts';
import { lab4EditSpecimens } from './lab4-kvraft-edits.ts';
import { machines } from './lab4-machines.ts';
import { replies } from './lab4-replies.ts';

/** The bugs of lab 4, each seen in somebody's solution, or left in by its tests. */
export const lab4Specimens: readonly Specimen[] = [
  ...[...replies, ...machines, ...clerks].map((entry) => ({ lab: 4, ...entry })),
  ...lab4EditSpecimens,
];
