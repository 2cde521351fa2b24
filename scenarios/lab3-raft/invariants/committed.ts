import type { ObservedServer } from './observed-server.ts';

/** What has been committed so far, as far as any server knows. */
export class Committed {
  // By index, from 0: the log up to there; the term of who was first to know, and its name. Three
  // arrays instead of one of objects: a long run keeps a place for each of its entries.
  private readonly hashes: number[] = [0];
  private readonly terms: number[] = [0];
  private readonly ids: string[] = [''];

  /** Highest index known to be committed. */
  get index(): number {
    return this.hashes.length - 1;
  }

  /** What the log up to a committed index amounts to. */
  hash(index: number): number {
    return this.hashes[index] ?? 0;
  }

  /**
   * A term in which an index was committed for sure: that of the first server that knew. The entry
   * itself may be of an older term (§5.4.2).
   */
  term(index: number): number {
    return this.terms[index] ?? 0;
  }

  /** A server says that its log is committed up to an index: is that what others have committed? */
  disagreement(server: ObservedServer, upTo: number): string | undefined {
    const { hashes, terms, ids } = this;
    const { currentTerm: term, log } = server.view;
    if (upTo > log.lastIndex) return `${server.id} has committed index ${upTo}, and lacks it`;
    // As far as others have come: a hash stands for all up to there.
    const known = Math.min(upTo, this.index);
    const own = server.hash(known);
    if (own !== undefined && own !== hashes[known]) {
      const { id } = server;
      if (ids[known] === id)
        return `${id} has given up entries that it committed, up to index ${known}`;
      return `${id} and ${ids[known]} have committed different entries up to index ${known}`;
    }
    for (let index = hashes.length; index <= upTo; index++) {
      const hash = server.hash(index);
      if (hash === undefined) return `${server.id} has committed index ${index}, and lacks it`;
      hashes.push(hash);
      terms.push(term);
      ids.push(server.id);
    }
    return undefined;
  }
}
