/** What can be told to stop; an `AbortSignal` fits. */
export interface CancelSignal {
  readonly aborted: boolean;
}

/** Settings of a check. */
export interface CheckOptions {
  /**
   * Budget of the general search in steps over all parts; beyond it the verdict is `unknown`. A
   * step applies the model once and takes in the order of a tenth of a microsecond. May be overrun
   * by less than the number of operations. Default: unlimited.
   */
  readonly maxSteps?: number | undefined;
  /**
   * Budget in milliseconds; beyond it the verdict is `unknown`. Looked at between turns of some
   * thousand steps, and not while an exact algorithm decides a part. The one setting that makes
   * verdicts depend on the machine: prefer `maxSteps` wherever results are compared. Default:
   * unlimited.
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Ends the check as `unknown` once it is aborted; looked at like `timeoutMs`. A signal that is
   * aborted by code of the same thread can only be seen by the asynchronous checks. Default: none.
   */
  readonly signal?: CancelSignal | undefined;
  /**
   * `auto`: exact algorithms where the model has one and the part qualifies, the general search
   * elsewhere. `search`: the general search for all, as an oracle. Default: `auto`.
   */
  readonly algorithm?: 'auto' | 'search' | undefined;
  /**
   * Judges every part, also after one was found illegal, and says of each how far it could be
   * linearized: see `parts` of the result. Default: false.
   */
  readonly verbose?: boolean | undefined;
}

/** @throws RangeError if a budget is not a number from 0 on */
export function validateOptions({ maxSteps = 0, timeoutMs = 0 }: CheckOptions): void {
  if (!(maxSteps >= 0)) throw new RangeError(`maxSteps must be 0 or more, not ${maxSteps}`);
  if (!(timeoutMs >= 0)) throw new RangeError(`timeoutMs must be 0 or more, not ${timeoutMs}`);
}
