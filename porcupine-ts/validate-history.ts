import { HistoryError } from './history-error.ts';
import type { Operation } from './operation.ts';

/** Two operations of one client, by index: the later was called before the earlier returned. */
export interface ClientOverlap {
  readonly earlier: number;
  readonly later: number;
}

type AnyOperation = Operation<unknown, unknown>;

/**
 * Refuses histories that no run can have produced.
 *
 * Checked: stamps are finite numbers, no return is before its call, pending operations have no
 * output, and no client calls while an operation of its own that does return is still open. A
 * pending operation may be followed by further calls of its client: a client that was told "maybe"
 * goes on, while the request may still be on its way.
 *
 * @throws HistoryError with the index of the first offending operation
 */
export function validateHistory(history: readonly AnyOperation[]): void {
  history.forEach((operation, index) => {
    const problem = stampProblem(operation);
    if (problem !== undefined) throw new HistoryError(problem, { operation: index });
  });
  const overlap = findClientOverlap(history);
  if (overlap === undefined) return;
  const { earlier, later } = overlap;
  throw new HistoryError(
    overlapProblem(history[earlier]!, history[later]!, `operation ${earlier}`),
    { operation: later },
  );
}

/** Says that a client called before its earlier operation, found at `place`, had returned. */
export function overlapProblem(earlier: AnyOperation, later: AnyOperation, place: string): string {
  return (
    `client ${JSON.stringify(later.clientId)} called at ${later.call}, before its operation ` +
    `(${place}) returned at ${earlier.return}; a client calls one operation at a time`
  );
}

/** What is wrong with the stamps of one operation, in words, or undefined. */
export function stampProblem(operation: AnyOperation): string | undefined {
  if (!Number.isFinite(operation.call)) {
    return `call must be a finite number, not ${String(operation.call)}`;
  }
  if (operation.return === undefined) {
    if (operation.output === undefined) return undefined;
    return 'has an output but no return; a pending operation has neither';
  }
  if (!Number.isFinite(operation.return)) {
    return `return must be a finite number, not ${String(operation.return)}; absent = pending`;
  }
  if (operation.return < operation.call) {
    return `return ${operation.return} is before call ${operation.call}`;
  }
  return undefined;
}

/**
 * The first two operations, in order of calls, that one client had open at the same time; undefined
 * if there are none. A call at the stamp of the previous return is not an overlap. Stamps must be
 * valid.
 */
export function findClientOverlap(history: readonly AnyOperation[]): ClientOverlap | undefined {
  const order = Int32Array.from(history.keys());
  order.sort((a, b) => compareCalls(history[a]!, history[b]!) || a - b);
  /** For each client, the operation that returned last among those seen so far. */
  const lastReturned = new Map<string | number, number>();
  for (const index of order) {
    const operation = history[index]!;
    const earlier = lastReturned.get(operation.clientId);
    if (earlier !== undefined && operation.call < history[earlier]!.return!) {
      return { earlier, later: index };
    }
    if (operation.return !== undefined) lastReturned.set(operation.clientId, index);
  }
  return undefined;
}

/** Earlier calls first; among equal calls pending operations, then those that return first. */
function compareCalls(a: AnyOperation, b: AnyOperation): number {
  if (a.call !== b.call) return a.call - b.call;
  return (a.return ?? -Infinity) - (b.return ?? -Infinity) || 0;
}
