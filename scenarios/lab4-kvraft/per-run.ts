/** Something that every run of a scenario has one of, from its set-up to its end. */
export class PerRun<T> {
  private readonly byRun = new WeakMap<object, T>();

  /** @param t the tester of the run, which stands for it */
  set(t: object, value: T): T {
    this.byRun.set(t, value);
    return value;
  }

  /** @throws Error if the set-up has made none */
  of(t: object): T {
    const value = this.byRun.get(t);
    if (value === undefined) throw new Error('the run has none: make it in setup()');
    return value;
  }
}
