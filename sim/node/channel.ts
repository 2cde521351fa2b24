import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import type { Incarnation } from './incarnation.ts';

const SELECT: EventLabel = eventLabel('select');

/** What a receive brought. */
export type Received<T> =
  | { readonly status: 'value'; readonly value: T }
  | { readonly status: 'closed' }
  | { readonly status: 'timeout' };

/** A task that waits for one of several channels, or for its time-out. */
export interface Receiver<T> {
  done: boolean;
  deliver(received: Received<T>, channel: Channel<T>): void;
}

interface Sender<T> {
  readonly value: T;
  readonly resume: () => void;
  readonly refuse: (error: Error) => void;
}

/**
 * A channel within one node, after Go's: senders wait while it is full, receivers while it is
 * empty. First come, first served. Waiting tasks resume in events of their own.
 */
export class Channel<T> {
  private readonly owner: Incarnation;
  private readonly capacity: number;
  private readonly buffer: T[] = [];
  private readonly senders: Sender<T>[] = [];
  private receivers: Receiver<T>[] = [];
  private isClosed = false;

  /** Use {@link Env.channel}. */
  constructor(owner: Incarnation, capacity: number) {
    if (!(capacity >= 0)) {
      throw new RangeError(`channel: expected a capacity of at least 0, got ${capacity}`);
    }
    this.owner = owner;
    this.capacity = capacity;
  }

  /**
   * Resolves when the value is in the buffer or with a receiver. Sending on a closed channel
   * throws.
   */
  async send(value: T): Promise<void> {
    const call = this.owner.enter('channel.send');
    if (this.offer(value)) return this.owner.exit(call);
    const taken = new Promise<void>((resume, refuse) =>
      this.senders.push({ value, resume, refuse }),
    );
    this.owner.exit(call);
    await taken;
  }

  /** Send without waiting; false if nobody can take the value now. */
  trySend(value: T): boolean {
    const call = this.owner.enter('channel.trySend');
    const isTaken = this.offer(value);
    this.owner.exit(call);
    return isTaken;
  }

  private offer(value: T): boolean {
    if (this.isClosed) throw closedError();
    const receiver = this.nextReceiver();
    if (receiver !== undefined) {
      receiver.done = true;
      this.owner.wake(() => receiver.deliver({ status: 'value', value }, this));
      return true;
    }
    if (this.buffer.length >= this.capacity) return false;
    this.buffer.push(value);
    return true;
  }

  /** The next value; `closed` once the channel is closed and empty; `timeout` after `timeoutMs`. */
  async receive(timeoutMs?: number): Promise<Received<T>> {
    // Which channel it was is news to a select only; and this one is no data to log or store.
    const { channel: _, ...received } = await selectFrom(this.owner, [this], timeoutMs);
    return received;
  }

  /**
   * No more values will come. Those in the buffer can still be received; senders that wait are told
   * that the channel is closed.
   */
  close(): void {
    const call = this.owner.enter('channel.close');
    this.isClosed = true;
    for (let r = this.nextReceiver(); r !== undefined; r = this.nextReceiver()) {
      const receiver = r;
      receiver.done = true;
      this.owner.wake(() => receiver.deliver({ status: 'closed' }, this));
    }
    for (const { refuse } of this.senders.splice(0)) {
      this.owner.wake(() => refuse(closedError()));
    }
    this.owner.exit(call);
  }

  /** A value that is there now, without waiting. */
  tryReceive(): Received<T> | undefined {
    const call = this.owner.enter('channel.tryReceive');
    const received = this.take();
    this.owner.exit(call);
    return received;
  }

  /** Take out what is there. Part of {@link selectFrom}. */
  take(): Received<T> | undefined {
    if (this.buffer.length > 0) {
      const value = this.buffer.shift() as T;
      const sender = this.senders.shift();
      if (sender !== undefined) {
        this.buffer.push(sender.value);
        this.owner.wake(sender.resume);
      }
      return { status: 'value', value };
    }
    const sender = this.senders.shift();
    if (sender !== undefined) {
      this.owner.wake(sender.resume);
      return { status: 'value', value: sender.value };
    }
    return this.isClosed ? { status: 'closed' } : undefined;
  }

  /** Queue up behind other receivers. Part of {@link selectFrom}. */
  await(receiver: Receiver<T>): void {
    // Receivers that were served elsewhere or timed out must not pile up on a quiet channel.
    if (this.receivers.length > 16) this.receivers = this.receivers.filter((r) => !r.done);
    this.receivers.push(receiver);
  }

  private nextReceiver(): Receiver<T> | undefined {
    for (let r = this.receivers.shift(); r !== undefined; r = this.receivers.shift()) {
      if (!r.done) return r;
    }
    return undefined;
  }
}

function closedError(): Error {
  return new Error('send on a closed channel');
}

/** Wait for the first of several channels that has something to say. Earlier ones win ties. */
export function selectFrom<T>(
  owner: Incarnation,
  channels: readonly Channel<T>[],
  timeoutMs: number | undefined,
): Promise<Received<T> & { readonly channel?: Channel<T> }> {
  const call = owner.enter('select');
  for (const channel of channels) {
    const received = channel.take();
    if (received === undefined) continue;
    owner.exit(call);
    return Promise.resolve({ ...received, channel });
  }
  const waiting = new Promise<Received<T> & { readonly channel?: Channel<T> }>((resolve) => {
    const timer = timeoutMs === undefined ? undefined : owner.timer(timeoutMs, SELECT, timeOut);
    const receiver: Receiver<T> = {
      done: false,
      deliver: (received, channel) => {
        timer?.cancel();
        resolve({ ...received, channel });
      },
    };
    function timeOut(): void {
      if (receiver.done) return;
      receiver.done = true;
      resolve({ status: 'timeout' });
    }
    for (const channel of channels) channel.await(receiver);
  });
  owner.exit(call);
  return waiting;
}
