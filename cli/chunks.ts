/** What a worker is given to do at a time, in ms of real time. */
const CHUNK_MS = 100;

/** So many at most: who stops a sweep throws away what is under way. */
const MOST_SEEDS = 256;

/**
 * Seeds in chunks, for workers. Handing one over and hearing of it costs a turn of two threads,
 * which may take longer than a short run. The first chunk is one seed, so that there soon is a
 * result; later ones are as large as is worth it, and one seed again where seeds take long.
 */
export class Chunks implements Iterable<readonly string[]> {
  private readonly seeds: Iterator<string>;
  private size = 1;

  constructor(seeds: Iterable<string>) {
    this.seeds = seeds[Symbol.iterator]();
  }

  /** How long a chunk of so many seeds took, in ms of real time: the next are cut by that. */
  took(ms: number, seeds: number): void {
    const fitting = Math.floor((CHUNK_MS * seeds) / Math.max(ms, 1));
    this.size = Math.max(1, Math.min(fitting, 2 * this.size, MOST_SEEDS));
  }

  *[Symbol.iterator](): Generator<readonly string[], void, void> {
    for (let chunk = this.next(); chunk.length > 0; chunk = this.next()) yield chunk;
  }

  private next(): readonly string[] {
    const chunk: string[] = [];
    while (chunk.length < this.size) {
      const seed = this.seeds.next();
      if (seed.done === true) break;
      chunk.push(seed.value);
    }
    return chunk;
  }
}
