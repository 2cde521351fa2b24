import type { Content } from './content.ts';
import type { DiskErrorCode } from './disk-error.ts';
import type { Operation } from './operation.ts';

/** What an operation does to a disk: `write` stands for all that change it (and save). */
export type DiskAccess = 'read' | 'write' | 'fsync';

/**
 * Something a fault does to a disk while it lasts. The bytes themselves stay pristine: damage is
 * seen by reads and gone once the fault is lifted.
 */
export interface DiskEffect {
  /** Extra time of this fsync, in µs. */
  extraFsyncUs?(): number;
  /** How many times its time whatever the hardware does takes. */
  readonly serviceFactor?: number;
  /** The error with which this access fails, if it does. `grows`: it needs more room. */
  errorOf?(access: DiskAccess, grows: boolean): DiskErrorCode | undefined;
  /** These operations are about to become durable together, in this order. */
  flushes?(ops: readonly Operation[]): void;
  /** What a read gives of durable content, which other effects may have damaged already. */
  seen?(file: string, content: Content, version: number): Content;
}
