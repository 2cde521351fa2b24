import type { Incarnation } from './incarnation.ts';

/** Wait for a number of tasks of one node to be done, after Go's sync.WaitGroup. */
export class WaitGroup {
  private readonly owner: Incarnation;
  private pending = 0;
  private waiting: (() => void)[] = [];

  /** Use {@link Env.waitGroup}. */
  constructor(owner: Incarnation) {
    this.owner = owner;
  }

  add(count: number): void {
    this.owner.enter('waitGroup.add');
    if (this.pending + count < 0) throw new Error('wait group: done more often than added');
    this.pending += count;
    if (this.pending > 0) return;
    const all = this.waiting;
    this.waiting = [];
    for (const resume of all) this.owner.wake(resume);
  }

  done(): void {
    this.add(-1);
  }

  /** Resolves when the count is zero. */
  async wait(): Promise<void> {
    this.owner.enter('waitGroup.wait');
    if (this.pending === 0) return;
    await new Promise<void>((resume) => this.waiting.push(resume));
  }
}
