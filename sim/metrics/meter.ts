/** Who counts: the simulated world itself, or a node program by `env.count` and `env.measure`. */
export type MeterSource = 'world' | 'program';

/** Something in a machine for which work queues up. Of each life of a node it is another one. */
export interface Device {
  /** The node; of a disk, its name, which is that of its node unless others share it. */
  readonly node: string;
  readonly part: 'cpu' | 'disk' | 'nic in' | 'nic out';
  /** How many pieces of work it does at a time. */
  readonly servers: number;
}

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
  /**
   * A piece of work has its place in the queue of a device; times are in µs.
   * @param askedUs since when it waits
   * @param fromUs when its turn is, known ahead of time
   * @param untilUs when it is done, unless the device is {@link dropped} before
   */
  served(device: Device, askedUs: number, fromUs: number, untilUs: number): void;
  /** A device is gone with what it had still to do: its node has crashed. */
  dropped(device: Device): void;
  /** Virtual time has come so far, be there an event or not. */
  reached(nowUs: number): void;
  /** The message that this event brings has to wait: another event will bring it. */
  postponed(): void;
  /** The size of the message whose sending was told last. */
  weighed(bytes: number): void;
}
