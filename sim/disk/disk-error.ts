/** `EIO`: the disk failed. `ENOSPC`: it is full. */
export type DiskErrorCode = 'EIO' | 'ENOSPC';

/**
 * An operation on a disk failed: a fault of the plan. A read or a change that throws it has had no
 * effect; after an fsync that rejects with it nobody knows what is durable.
 */
export class DiskError extends Error {
  readonly code: DiskErrorCode;
  readonly file: string;

  constructor(code: DiskErrorCode, call: string, file: string) {
    super(`${code}: disk.${call} of "${file}" failed`);
    this.name = 'DiskError';
    this.code = code;
    this.file = file;
  }
}
