/** The part of Node's diagnostic report that is of use here. */
interface WorkerReport {
  readonly header?: { readonly threadId?: number };
  readonly javascriptStack?: { readonly stack?: readonly string[] };
  readonly javascriptHeap?: { readonly usedMemory: number; readonly externalMemory?: number };
}

/** How often to look, until code under test is on the stack. */
const MOST_LOOKS = 20;

/**
 * Where a worker is right now, even if it never comes back: Node interrupts it for its diagnostic
 * report. Undefined if that does not tell.
 * @param isTelling is it a frame that says something? A task that only ever waits for what is there
 *   already is off the stack most of the time
 */
export function stackOf(
  threadId: number,
  isTelling: (frame: string) => boolean,
): string | undefined {
  for (let look = 0; look < MOST_LOOKS; look++) {
    const frames = reportOf(threadId)?.javascriptStack?.stack ?? [];
    if (frames.some(isTelling)) return frames.map((frame) => `    ${frame}`).join('\n');
  }
  return undefined;
}

/** What a worker has on its heap right now, and what hangs on that, in MB. */
export function memoryMbOf(threadId: number): number {
  const { usedMemory = 0, externalMemory = 0 } = reportOf(threadId)?.javascriptHeap ?? {};
  return Math.round((usedMemory + externalMemory) / 2 ** 20);
}

function reportOf(threadId: number): WorkerReport | undefined {
  const { workers = [] } = process.report.getReport() as { workers?: readonly WorkerReport[] };
  return workers.find(({ header }) => header?.threadId === threadId);
}
