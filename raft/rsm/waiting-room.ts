import type { SubmitResult } from './contract.ts';
import type { Waiting } from './rules.ts';

interface Entry {
  readonly waiting: Waiting;
  readonly done: (result: SubmitResult) => void;
}

/** Requests that were started here, by their index: who waits is answered exactly once. */
export class WaitingRoom {
  /** Several may hope for one index: those that another leader's entries have replaced wait on. */
  private readonly byIndex = new Map<number, Entry[]>();

  get isEmpty(): boolean {
    return this.byIndex.size === 0;
  }

  enter(waiting: Waiting, done: (result: SubmitResult) => void): void {
    const entry = { waiting, done };
    const others = this.byIndex.get(waiting.index);
    if (others === undefined) this.byIndex.set(waiting.index, [entry]);
    else others.push(entry);
  }

  /** Answer those who hope for an index. */
  answerAt(index: number, answer: (waiting: Waiting) => SubmitResult): void {
    const entries = this.byIndex.get(index);
    if (entries === undefined) return;
    this.byIndex.delete(index);
    for (const { waiting, done } of entries) done(answer(waiting));
  }

  /** Answer all for whom `answer` has one; the others wait on. */
  answerWhere(answer: (waiting: Waiting) => SubmitResult | undefined): void {
    for (const [index, entries] of [...this.byIndex]) {
      const leaving: [Entry, SubmitResult][] = [];
      const staying = entries.filter((entry) => {
        const result = answer(entry.waiting);
        if (result !== undefined) leaving.push([entry, result]);
        return result === undefined;
      });
      if (staying.length > 0) this.byIndex.set(index, staying);
      else this.byIndex.delete(index);
      for (const [{ done }, result] of leaving) done(result);
    }
  }
}
