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
  /** Messages that nobody handles: no such node, method or type. */
  unknown = 0;
  /** Calls and one-way messages by type. */
  readonly byType: Map<string, number> = new Map();

  sent(type: string, bytes: number): void {
    this.messages++;
    this.bytes += bytes;
    this.byType.set(type, (this.byType.get(type) ?? 0) + 1);
  }
}
