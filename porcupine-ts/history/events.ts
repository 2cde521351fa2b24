import { HistoryError } from './history-error.ts';
import type { Operation } from './operation.ts';
import { buildTimeline } from './timeline.ts';
import { findClientOverlap } from './validate-history.ts';

/** What the calls and returns of a history have in common. */
interface EventBase {
  /** Who called. A client has one call open at a time. */
  readonly clientId: string | number;
  /** Which operation it is: its call and its return have the same id, and no other has it. */
  readonly id: string | number;
  /** Anything the caller wants to find again; the checker does not look at it. */
  readonly metadata?: unknown;
}

/** A client calls an operation; `value` is the input. */
export interface CallEvent<I> extends EventBase {
  readonly kind: 'call';
  readonly value: I;
}

/** An operation returns; `value` is the output, absent if nobody knows it. */
export interface ReturnEvent<O> extends EventBase {
  readonly kind: 'return';
  readonly value?: O | undefined;
}

/**
 * A call or a return. A history of events is in the order in which they happened; it has no stamps.
 */
export type Event<I, O> = CallEvent<I> | ReturnEvent<O>;

/**
 * The operations that the events are about, in order of their calls. The index of an event is its
 * stamp. A call without return is a pending operation, after which its client may go on.
 *
 * The metadata of an operation is that of its return, or that of its call if the return has none.
 *
 * @throws HistoryError with the index of the first event that cannot have happened
 */
export function operationsOf<I, O>(events: readonly Event<I, O>[]): Operation<I, O>[] {
  const operations: Operation<I, O>[] = [];
  /** Index of the operation of an id. */
  const byId = new Map<string | number, number>();
  events.forEach((event, at) => {
    const problem = eventProblem(event);
    if (problem !== undefined) throw new HistoryError(problem, { event: at });
    const known = byId.get(event.id);
    const id = JSON.stringify(event.id);
    if (event.kind === 'call') {
      if (known !== undefined) {
        const first = `event ${operations[known]!.call}`;
        throw new HistoryError(`id ${id} was called before, by ${first}`, { event: at });
      }
      byId.set(event.id, operations.length);
      const { clientId, value, metadata } = event;
      operations.push({
        clientId,
        input: value,
        call: at,
        ...(metadata === undefined ? {} : { metadata }),
      });
      return;
    }
    if (known === undefined) {
      throw new HistoryError(`id ${id} returns, but was not called before`, { event: at });
    }
    operations[known] = returned(operations[known]!, event, at);
  });
  refuseOverlaps(operations);
  return operations;
}

function returned<I, O>(
  operation: Operation<I, O>,
  { clientId, id, value, metadata }: ReturnEvent<O>,
  at: number,
): Operation<I, O> {
  const what = `id ${JSON.stringify(id)}`;
  if (operation.return !== undefined) {
    const first = `event ${operation.return}`;
    throw new HistoryError(`${what} returned before, by ${first}`, { event: at });
  }
  if (operation.clientId !== clientId) {
    const client = JSON.stringify(clientId);
    const caller = JSON.stringify(operation.clientId);
    throw new HistoryError(
      `${what} returns to client ${client}, ` +
        `but client ${caller} called it, by event ${operation.call}`,
      { event: at },
    );
  }
  return {
    ...operation,
    return: at,
    ...(value === undefined ? {} : { output: value }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** What is wrong with the shape of an event, in words, or undefined. */
function eventProblem({ kind, id, clientId }: Event<unknown, unknown>): string | undefined {
  if (kind !== 'call' && kind !== 'return') {
    return `kind must be "call" or "return", not ${String(kind)}`;
  }
  if (!isIdentity(id)) return `id must be a string or a finite number, not ${String(id)}`;
  if (!isIdentity(clientId)) {
    return `clientId must be a string or a finite number, not ${String(clientId)}`;
  }
  return undefined;
}

function isIdentity(value: unknown): boolean {
  return typeof value === 'string' || Number.isFinite(value);
}

function refuseOverlaps(operations: readonly Operation<unknown, unknown>[]): void {
  const overlap = findClientOverlap(operations, buildTimeline(operations));
  if (overlap === undefined) return;
  const earlier = operations[overlap.earlier]!;
  const later = operations[overlap.later]!;
  throw new HistoryError(
    `client ${JSON.stringify(later.clientId)} calls, but its call of event ${earlier.call} ` +
      `returns only at event ${earlier.return}; a client calls one operation at a time`,
    { event: later.call },
  );
}
