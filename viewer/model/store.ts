/** A value that tells those who listen when it changes. */
export class Store<T extends object> {
  private value: T;
  private readonly listeners = new Set<() => void>();

  constructor(value: T) {
    this.value = value;
  }

  get(): T {
    return this.value;
  }

  /** Replace some fields. */
  set(change: Partial<T>): void {
    const next = { ...this.value, ...change };
    const isSame = Object.keys(change).every((key) =>
      Object.is(next[key as keyof T], this.value[key as keyof T]),
    );
    if (isSame) return;
    this.value = next;
    for (const listener of this.listeners) listener();
  }

  /** @returns ends it */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}
