import { memoryMbOf } from './node-stack.ts';

/** What the code of a worker may take, in MB: its heap and what hangs on it, as typed arrays do. */
export const MEMORY_MB = 2048;

/**
 * Where V8 itself ends a worker. It is out of reach of most: if it is a large array that does not
 * fit, V8 ends the whole process. Below 2 GB it would collect the old space three times as often,
 * and each time throw away compiled code: a sweep was a tenth slower.
 */
export const HEAP_LIMIT_MB = 4096;

/** A worker that has to answer stands still for a moment, in ms between two questions. */
const PAUSE_MS = 1000;

/** Has a worker taken more than it may? */
export class MemoryWatch {
  private readonly threadId: number;
  private nextMs = 0;

  constructor(threadId: number) {
    this.threadId = threadId;
  }

  /** What it has taken, in MB, if that is too much. It is asked only if the process is large. */
  excessMb(nowMs: number): number | undefined {
    if (nowMs < this.nextMs || process.memoryUsage.rss() < MEMORY_MB * 2 ** 20) return undefined;
    const taken = memoryMbOf(this.threadId);
    if (taken > MEMORY_MB) return taken;
    this.nextMs = nowMs + PAUSE_MS;
    return undefined;
  }
}
