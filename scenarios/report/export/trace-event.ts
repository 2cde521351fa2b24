/**
 * One event of the JSON trace event format, as far as we write it: `X` a slice, `b`, `n` and `e`
 * begin, middle and end of a span, `s` and `f` the ends of an arrow between slices, `i` an instant,
 * `C` a counter, `M` a name. Times are in µs, and may have decimals.
 */
export interface TraceEvent {
  readonly ph: 'X' | 'b' | 'n' | 'e' | 's' | 'f' | 'i' | 'C' | 'M';
  readonly name: string;
  readonly ts: number;
  readonly pid: number;
  readonly tid: number;
  readonly cat?: string;
  /** Of spans and arrows: which of their category. */
  readonly id?: string;
  readonly dur?: number;
  /** Scope of an instant: its thread. */
  readonly s?: 't';
  /** An arrow ends at the slice around it. */
  readonly bp?: 'e';
  readonly args?: Readonly<Record<string, unknown>>;
}

/** Where a slice begins. */
export interface Place {
  readonly pid: number;
  readonly ts: number;
}
