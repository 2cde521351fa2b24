/** A timer that has not fired yet. */
export interface Timer {
  /** Take it back. Does nothing if it has fired. */
  cancel(): void;
}
