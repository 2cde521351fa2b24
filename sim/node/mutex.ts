import type { Incarnation } from './incarnation.ts';

/** Mutual exclusion among the tasks of one node. Not re-entrant; first come, first served. */
export class Mutex {
  private readonly owner: Incarnation;
  private isLocked = false;
  private readonly waiting: (() => void)[] = [];

  /** Use {@link Env.mutex}. */
  constructor(owner: Incarnation) {
    this.owner = owner;
  }

  async lock(): Promise<void> {
    const call = this.owner.enter('mutex.lock');
    if (!this.isLocked) {
      this.isLocked = true;
      return this.owner.exit(call);
    }
    const locked = new Promise<void>((resume) => this.waiting.push(resume));
    this.owner.exit(call);
    await locked;
  }

  /** Hand the lock to the longest waiter, if any. Unlocking an unlocked mutex throws. */
  unlock(): void {
    const call = this.owner.enter('mutex.unlock');
    if (!this.isLocked) throw new Error('unlock of an unlocked mutex');
    const next = this.waiting.shift();
    if (next === undefined) this.isLocked = false;
    else this.owner.wake(next);
    this.owner.exit(call);
  }

  /** Lock, run, unlock: also when `fn` throws. */
  async with<T>(fn: () => T | Promise<T>): Promise<T> {
    await this.lock();
    try {
      return await fn();
    } finally {
      this.unlock();
    }
  }
}

/** A condition variable: wait for a change of what the mutex protects. Re-test after waking. */
export class Condition {
  private readonly owner: Incarnation;
  private readonly mutex: Mutex;
  private waiting: (() => void)[] = [];

  /** Use {@link Env.condition}. */
  constructor(owner: Incarnation, mutex: Mutex) {
    this.owner = owner;
    this.mutex = mutex;
  }

  /** Unlock, wait for a signal, lock again. The mutex must be held. */
  async wait(): Promise<void> {
    const call = this.owner.enter('condition.wait');
    this.mutex.unlock();
    const signalled = new Promise<void>((resume) => this.waiting.push(resume));
    this.owner.exit(call);
    await signalled;
    await this.mutex.lock();
  }

  /** Wake the longest waiter. */
  signal(): void {
    const call = this.owner.enter('condition.signal');
    const next = this.waiting.shift();
    if (next !== undefined) this.owner.wake(next);
    this.owner.exit(call);
  }

  /** Wake all waiters. */
  broadcast(): void {
    const call = this.owner.enter('condition.broadcast');
    const all = this.waiting;
    this.waiting = [];
    for (const resume of all) this.owner.wake(resume);
    this.owner.exit(call);
  }
}
