import type { Incarnation } from './incarnation.ts';

/** Wait for a number of tasks of one node to be done, after Go's sync.WaitGroup. */
export class WaitGroup {
  private readonly owner: Incarnation;
  private pending = 0;
  private readonly waiting: (() => void)[] = [];

  /** Use {@link Env.waitGroup}. */
  constructor(owner: Incarnation) {
    this.owner = owner;
  }

  add(count: number): void {
    const call = this.owner.enter('waitGroup.add');
    if (this.pending + count < 0) throw new Error('wait group: done more often than added');
    this.pending += count;
    if (this.pending === 0) {
      for (const resume of this.waiting.splice(0)) this.owner.wake(resume);
    }
    this.owner.exit(call);
  }

  done(): void {
    this.add(-1);
  }

  /** Resolves when the count is zero. */
  async wait(): Promise<void> {
    const call = this.owner.enter('waitGroup.wait');
    if (this.pending === 0) return this.owner.exit(call);
    const done = new Promise<void>((resume) => this.waiting.push(resume));
    this.owner.exit(call);
    await done;
  }
}
