const COMPACT_MIN = 64;

/** First in, first out; each item is moved at most once on average. */
export class Queue<T> {
  private items: T[] = [];
  private head = 0;

  /** Number of items. */
  get size(): number {
    return this.items.length - this.head;
  }

  /** The item that is next. */
  first(): T | undefined {
    return this.items[this.head];
  }

  /** Adds an item at the end. */
  push(item: T): void {
    this.items.push(item);
  }

  /** Removes the item that is next. */
  shift(): void {
    this.head++;
    if (this.head === this.items.length) {
      this.items.length = 0;
      this.head = 0;
    } else if (this.head >= COMPACT_MIN && 2 * this.head >= this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
  }
}
