import { appendModel } from '../models/append.ts';
import { isRecord } from '../models/shape.ts';
import type { Operation } from '../history/operation.ts';
import type { ReadOperation } from './history-line.ts';
import type { JsonLine } from './json-fields.ts';

/**
 * Reads the flat line of key/value histories from elsewhere:
 * `{client, call, return, op, key, value, version, output: {value, version, error}}`.
 *
 * `return` absent = pending. Times are nanoseconds from any origin; beyond 2^53 JSON numbers lose
 * their last digits, which can only make stamps equal and thereby operations overlap, so no legal
 * history becomes illegal. `error` absent or empty = OK. For the model `append` values count and
 * versions and errors do not; for all others the operation is one of versioned KV.
 *
 * @throws HistoryError with line and field
 */
export function readFlatKvLine(line: JsonLine, modelName: string): ReadOperation {
  const { fields } = line;
  const returned = line.has('return');
  if (returned && !isRecord(fields['output'])) throw line.unexpected('output', 'an object');
  const output = isRecord(fields['output']) ? fields['output'] : {};
  const convert = modelName === appendModel.name ? appendOutput : versionedOutput;
  const operation: Operation<unknown, unknown> = {
    clientId: line.identity('client'),
    input: inputOf(fields),
    call: line.stamp('call'),
    ...(returned ? { output: convert(fields['op'], output), return: line.stamp('return') } : {}),
    metadata: { line: line.number },
  };
  return { operation, counts: true };
}

type Fields = Readonly<Record<string, unknown>>;

function inputOf({ op, key, value, version }: Fields): Fields {
  if (op === 'get') return { op, key };
  return version === undefined ? { op, key, value } : { op, key, value, version };
}

function appendOutput(op: unknown, { value }: Fields): Fields {
  return op === 'get' ? { value } : {};
}

function versionedOutput(op: unknown, { value, version, error }: Fields): Fields {
  const err = error === undefined || error === '' ? 'OK' : error;
  return op === 'get' ? { value, version, err } : { err };
}
