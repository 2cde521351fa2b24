import type { ObservedServer } from './observed-server.ts';

/** What has been committed so far, as far as any server knows. */
export class Committed {
  /** By index, from 0: the log up to there; the term of who was first to know, and its name. */
  private readonly entries: { hash: number; term: number; id: string }[] = [
    { hash: 0, term: 0, id: '' },
  ];

  /** Highest index known to be committed. */
  get index(): number {
    return this.entries.length - 1;
  }

  /** What the log up to a committed index amounts to. */
  hash(index: number): number {
    return this.entries[index]?.hash ?? 0;
  }

  /**
   * A term in which an index was committed for sure: that of the first server that knew. The entry
   * itself may be of an older term (§5.4.2).
   */
  term(index: number): number {
    return this.entries[index]?.term ?? 0;
  }

  /** A server says that its log is committed up to an index: is that what others have committed? */
  disagreement(server: ObservedServer, upTo: number): string | undefined {
    const { entries } = this;
    const { currentTerm: term } = server.view;
    for (let index = entries.length; index <= upTo; index++) {
      const hash = server.hash(index);
      if (hash === undefined) return `${server.id} has committed index ${index}, and lacks it`;
      entries.push({ hash, term, id: server.id });
    }
    const hash = server.hash(upTo);
    const first = entries[upTo]!;
    if (hash === undefined || hash === first.hash) return undefined;
    return `${server.id} and ${first.id} have committed different entries up to index ${upTo}`;
  }
}
