interface Waiting {
  isDurable: boolean;
  readonly release: () => void;
}

/**
 * What may be observed of a step waits until its own changes, and those of all steps before it, are
 * durable: a request that comes twice is answered by a step that changes nothing, but its answer
 * promises what the first one has written.
 */
export class Outbox {
  private readonly queue: Waiting[] = [];

  /** A step that has changed nothing. */
  add(release: () => void): void {
    if (this.queue.length === 0) release();
    else this.queue.push({ isDurable: true, release });
  }

  /** A step whose changes are being written. The result is called when they are durable. */
  addUnwritten(release: () => void): () => void {
    const waiting = { isDurable: false, release };
    this.queue.push(waiting);
    return () => {
      waiting.isDurable = true;
      while (this.queue[0]?.isDurable === true) this.queue.shift()!.release();
    };
  }
}
