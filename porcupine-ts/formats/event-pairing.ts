import { HistoryError } from '../history/history-error.ts';
import type { Operation } from '../history/operation.ts';

/**
 * What a log of events says of an operation: it began; it returned; it is known to have had no
 * effect; nobody knows.
 */
export type EventType = 'invoke' | 'ok' | 'fail' | 'info';

/** One event of a log. */
export interface LogEvent {
  /** Line of the log, from 1; its stamp, too. */
  readonly line: number;
  readonly process: number;
  readonly type: EventType;
  /** Name of the function called; the same when it ends. */
  readonly name: string;
}

interface OpenOperation<I, O> {
  readonly event: LogEvent;
  operation: Operation<I, O> | undefined;
}

/**
 * Puts operations together from the events of a log in which each process has at most one operation
 * open. The line numbers of the events serve as stamps. What never ends stays pending.
 */
export class EventPairing<I, O> {
  private readonly open = new Map<number, OpenOperation<I, O>>();
  private readonly all: OpenOperation<I, O>[] = [];

  /** The operations that may have had an effect, in order of their calls. */
  get operations(): Operation<I, O>[] {
    return this.all.flatMap(({ operation }) => (operation === undefined ? [] : [operation]));
  }

  /** @throws HistoryError if the process has an operation open */
  begin(event: LogEvent, input: I): void {
    const earlier = this.open.get(event.process);
    if (earlier !== undefined) {
      throw new HistoryError(
        `process ${event.process} calls ${event.name}, but its ${earlier.event.name} of line ` +
          `${earlier.event.line} has not returned`,
        { line: event.line },
      );
    }
    const operation = {
      clientId: event.process,
      input,
      call: event.line,
      metadata: { line: event.line },
    };
    const begun: OpenOperation<I, O> = { event, operation };
    this.open.set(event.process, begun);
    this.all.push(begun);
  }

  /**
   * The input of the operation that an event ends.
   * @throws HistoryError if there is none of that name
   */
  inputOf(event: LogEvent): I {
    return this.openFor(event).operation!.input;
  }

  /** The operation returned. */
  return(event: LogEvent, output: O): void {
    const ended = this.close(event);
    ended.operation = { ...ended.operation!, output, return: event.line };
  }

  /** The operation had no effect and tells nothing: it is left out. */
  discard(event: LogEvent): void {
    this.close(event).operation = undefined;
  }

  /** Nobody knows: the operation stays pending for ever, and its process may go on. */
  abandon(event: LogEvent): void {
    this.close(event);
  }

  private close(event: LogEvent): OpenOperation<I, O> {
    const ended = this.openFor(event);
    this.open.delete(event.process);
    return ended;
  }

  private openFor(event: LogEvent): OpenOperation<I, O> {
    const begun = this.open.get(event.process);
    if (begun?.event.name === event.name) return begun;
    const has = begun === undefined ? 'nothing' : `${begun.event.name} of line ${begun.event.line}`;
    throw new HistoryError(`process ${event.process} ends ${event.name}, but has ${has} open`, {
      line: event.line,
    });
  }
}
