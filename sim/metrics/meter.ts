/** Who counts: the simulated world itself, or a node program by `env.count` and `env.measure`. */
export type MeterSource = 'world' | 'program';

/**
 * Where figures go that no trace tells. The kernel has none while metrics are off; nothing of a run
 * may depend on it.
 */
export interface Meter {
  /**
   * Something happened, `by` times.
   * @param node at whom; empty = nobody
   * @param type message type, method, file, device; empty = no such distinction
   */
  count(source: MeterSource, name: string, node: string, type: string, by: number): void;
  /** Something has a size or took its time: a whole number from 0; times are in µs. */
  measure(source: MeterSource, name: string, node: string, type: string, value: number): void;
  /** The size of the message whose sending was told last. */
  weighed(bytes: number): void;
}
