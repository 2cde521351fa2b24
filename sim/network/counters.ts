/** Calls and one-way messages of one type. */
export interface TypeCounter {
  sent: number;
}

/** What the network carried. One RPC is one `call`; its reply is no message of its own. */
export class Counters {
  /** Calls and one-way messages sent, lost ones included. */
  messages = 0;
  calls = 0;
  /** Arguments of every call, one-way messages, and the replies that were delivered, in bytes. */
  bytes = 0;
  /** Requests, replies and one-way messages that got lost. */
  lost = 0;
  /** Requests that were, or may have been, executed after their caller had given up. */
  late = 0;
  /** Messages that arrived, or were to arrive, twice. */
  duplicated = 0;
  /** Messages that a fault held up. */
  held = 0;
  /** Messages that were damaged on their way. */
  corrupted = 0;
  /** Messages that nobody handles: no such method or type, or a caller that nobody knows. */
  unknown = 0;

  private readonly types = new Map<string, TypeCounter>();

  /** Calls and one-way messages by type, in the order in which types were first used. */
  get byType(): ReadonlyMap<string, number> {
    return new Map([...this.types].map(([type, { sent }]) => [type, sent]));
  }

  /** The counter of a type, to be kept: a look-up for every message would cost more. */
  ofType(type: string): TypeCounter {
    let counter = this.types.get(type);
    if (counter === undefined) this.types.set(type, (counter = { sent: 0 }));
    return counter;
  }

  sent(counter: TypeCounter, bytes: number): void {
    this.messages++;
    this.bytes += bytes;
    counter.sent++;
  }
}
