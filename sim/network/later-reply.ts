/**
 * What a handler returns that cannot answer yet: the answer follows in a later event of its node.
 * It is what a promise is to `async` handlers, for nodes that are declared synchronous.
 */
export class LaterReply {
  private readonly listeners: ((reply: unknown) => void)[] = [];
  private reply: unknown = undefined;
  private isAnswered = false;

  /**
   * Answer the request.
   * @throws Error if it was answered before
   */
  answer(reply: unknown): void {
    if (this.isAnswered) throw new Error('this request was answered before');
    this.isAnswered = true;
    this.reply = reply;
    for (const listener of this.listeners) listener(reply);
  }

  /** Be told of the answer, at once if it is there already. */
  whenAnswered(listener: (reply: unknown) => void): void {
    if (this.isAnswered) listener(this.reply);
    else this.listeners.push(listener);
  }
}
