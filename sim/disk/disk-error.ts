/** `EIO`: the disk failed. `ENOSPC`: it is full. `EFENCED`: a newer writer has taken it over. */
export type DiskErrorCode = 'EIO' | 'ENOSPC' | 'EFENCED';

/**
 * An operation on a disk failed: by a fault of the plan, or because the disk is fenced. A read or a
 * change that throws it has had no effect; after an fsync that rejects with it nobody knows what is
 * durable.
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
