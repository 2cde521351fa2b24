/** Where in its source a {@link HistoryError} was found; whatever is known. */
export interface HistoryErrorPlace {
  /** Line of the history file, from 1. */
  readonly line?: number;
  /** Index of the operation in the history, from 0. */
  readonly operation?: number;
  /** Index of the event in the history, from 0. */
  readonly event?: number;
  /** Field of the line, for example `output.version`. */
  readonly field?: string;
}

/**
 * The history itself is malformed, so there is nothing to judge: a file that does not parse, a
 * return before its call, a client with two calls at a time. The message begins with the place.
 */
export class HistoryError extends Error {
  override readonly name = 'HistoryError';
  /** Line of the history file, from 1; undefined for a history that came from no file. */
  readonly line: number | undefined;
  /** Index of the operation in the history, from 0; undefined where only the line is known. */
  readonly operation: number | undefined;
  /** Index of the event, from 0; undefined for a history that was not given as events. */
  readonly event: number | undefined;
  /** Field of the line, for example `output.version`; undefined where no single one is wrong. */
  readonly field: string | undefined;

  constructor(message: string, place: HistoryErrorPlace = {}) {
    super(describePlace(place) + message);
    this.line = place.line;
    this.operation = place.operation;
    this.event = place.event;
    this.field = place.field;
  }
}

function describePlace(place: HistoryErrorPlace): string {
  const parts: string[] = [];
  if (place.line !== undefined) parts.push(`line ${place.line}`);
  else if (place.event !== undefined) parts.push(`event ${place.event}`);
  else if (place.operation !== undefined) parts.push(`operation ${place.operation}`);
  if (place.field !== undefined) parts.push(place.field);
  return parts.map((part) => `${part}: `).join('');
}
