import type { Operation } from '../history/operation.ts';
import type { JsonLine } from './json-fields.ts';

/** An operation as read from a line; `counts` is false if it is known to have had no effect. */
export interface ReadOperation {
  readonly operation: Operation<unknown, unknown>;
  readonly counts: boolean;
}

/** What a history line carries beside the operation itself; found as `metadata`. */
export interface HistoryLineMetadata {
  /** Line of the file, from 1. */
  readonly line: number;
  readonly id?: string | number;
  readonly session?: unknown;
  readonly tags?: unknown;
  /** Virtual times of call and return, in µs, where the stamps are sequence numbers. */
  readonly invokedUs?: number;
  readonly completedUs?: number;
}

/**
 * Reads our history line:
 * `{id, client, session?, invoked, completed?, status, input, output?, tags?}`.
 *
 * `invoked` and `completed` are stamps: sequence numbers that strictly increase, or any numbers.
 * The status is `ok` (completed), `pending` (not completed: may have had its effect or not) or
 * `failed` (known to have had none). Fields that are not known are let pass.
 *
 * @throws HistoryError with line and field
 */
export function readHistoryLine(line: JsonLine): ReadOperation {
  const { fields } = line;
  const id = line.identity('id');
  const status = line.word('status', 'ok', 'pending', 'failed');
  if (fields['input'] === undefined) throw line.unexpected('input', "the operation's input");
  if (status === 'pending') {
    for (const name of ['completed', 'output']) {
      if (line.has(name)) throw line.unexpected(name, 'nothing, as the operation is pending');
    }
  }
  const completed = status === 'ok' || line.has('completed') ? line.stamp('completed') : undefined;
  const output = status === 'ok' ? fields['output'] : undefined;
  const metadata: HistoryLineMetadata = {
    line: line.number,
    id,
    ...(fields['session'] === undefined ? {} : { session: fields['session'] }),
    ...(fields['tags'] === undefined ? {} : { tags: fields['tags'] }),
    ...timesOf(fields),
  };
  const operation: Operation<unknown, unknown> = {
    clientId: line.identity('client'),
    input: fields['input'],
    call: line.stamp('invoked'),
    ...(output === undefined ? {} : { output }),
    ...(completed === undefined ? {} : { return: completed }),
    metadata,
  };
  return { operation, counts: status !== 'failed' };
}

/** They say when, and never in what order: a file without them is judged alike. */
function timesOf(
  fields: JsonLine['fields'],
): Pick<HistoryLineMetadata, 'invokedUs' | 'completedUs'> {
  const { invokedUs, completedUs } = fields;
  if (typeof invokedUs !== 'number') return {};
  return { invokedUs, ...(typeof completedUs === 'number' ? { completedUs } : {}) };
}
