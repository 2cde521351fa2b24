/**
 * What a handler answers that cannot answer yet: a promise for nodes without promises. The reply is
 * given once, in an event of the handler's node, and leaves in that event.
 */
export class LateReply {
  private listeners: ((reply: unknown) => void)[] = [];

  give(reply: unknown): void {
    const { listeners } = this;
    this.listeners = [];
    for (const listener of listeners) listener(reply);
  }

  /** Who asks after the reply was given is not called. */
  whenGiven(listener: (reply: unknown) => void): void {
    this.listeners.push(listener);
  }
}
