import { HistoryError } from './history-error.ts';
import type { Operation } from './operation.ts';
import { buildTimeline, NEVER, type Timeline } from './timeline.ts';

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
 * @returns the order of the calls and returns, which is known by then
 * @throws HistoryError with the index of the first offending operation
 */
export function validateHistory(history: readonly AnyOperation[]): Timeline {
  for (let index = 0; index < history.length; index++) {
    const problem = stampProblem(history[index]!);
    if (problem !== undefined) throw new HistoryError(problem, { operation: index });
  }
  const timeline = buildTimeline(history);
  const overlap = findClientOverlap(history, timeline);
  if (overlap === undefined) return timeline;
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
 * if there are none. A call at the stamp of the previous return is not an overlap.
 */
export function findClientOverlap(
  history: readonly AnyOperation[],
  { entries, callAt, returnAt, operationCount }: Timeline,
): ClientOverlap | undefined {
  const clientOf = numberClients(history);
  /** For each client, the operation that returned last among those seen so far, or -1. */
  const lastReturned = new Int32Array(operationCount).fill(-1);
  for (const entry of entries) {
    if (entry >= operationCount) continue;
    const client = clientOf[entry]!;
    const earlier = lastReturned[client]!;
    // In the order of positions the call comes before a return of the same stamp, so most
    // operations need no look at their stamps.
    if (
      earlier >= 0 &&
      callAt[entry]! < returnAt[earlier]! &&
      history[entry]!.call < history[earlier]!.return!
    ) {
      if (!couldPrecede(history[entry]!, history[earlier]!)) return { earlier, later: entry };
    } else if (returnAt[entry] !== NEVER) {
      lastReturned[client] = entry;
    }
  }
  return undefined;
}

/** A number for each operation that is equal for equal clients. */
function numberClients(history: readonly AnyOperation[]): Int32Array {
  const numbers = new Map<string | number, number>();
  const clientOf = new Int32Array(history.length);
  for (let index = 0; index < history.length; index++) {
    const { clientId } = history[index]!;
    let number = numbers.get(clientId);
    if (number === undefined) {
      number = numbers.size;
      numbers.set(clientId, number);
    }
    clientOf[index] = number;
  }
  return clientOf;
}

/** Called at the same stamp, could the client have been done with this one before? */
function couldPrecede(operation: AnyOperation, other: AnyOperation): boolean {
  return operation.call === other.call && (operation.return ?? operation.call) === operation.call;
}
