import type { Specimen } from '../define/specimen.ts';
import { disks } from './lab3-disks.ts';
import { elections } from './lab3-elections.ts';
import { messages } from './lab3-messages.ts';
import { persistence } from './lab3-persistence.ts';
import { replication } from './lab3-replication.ts';
import { snapshots } from './lab3-snapshots.ts';

/** The bugs of lab 3, each seen in somebody's solution, or left in by its tests. */
export const lab3Specimens: readonly Specimen[] = [
  ...elections,
  ...replication,
  ...messages,
  ...persistence,
  ...snapshots,
  ...disks,
].map((entry) => ({ lab: 3, ...entry }));
