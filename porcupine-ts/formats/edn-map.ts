import { HistoryError } from '../history/history-error.ts';
import type { NumberedLine } from './lines.ts';

const PAIR = /\s*:([\w-]+)\s+(:[\w-]+|-?\d+|"(?:[^"\\]|\\.)*"|nil)\s*(?:,|$)/y;

/**
 * Splits a line like `{:process 0, :f :get, :value nil}` into its fields. The values stay as they
 * are written, so that a keyword, a number and a string can be told apart.
 *
 * @throws HistoryError if the line is not a flat map of keywords to integers, strings, keywords and
 *   nil
 */
export function parseEdnMap(line: NumberedLine): Map<string, string> {
  const fields = new Map<string, string>();
  const body = /^\{(.*)\}$/.exec(line.text)?.[1];
  if (body === undefined) throw notAMap(line);
  PAIR.lastIndex = 0;
  while (PAIR.lastIndex < body.length) {
    const pair = PAIR.exec(body);
    if (pair === null) throw notAMap(line);
    fields.set(pair[1]!, pair[2]!);
  }
  return fields;
}

/** The text of a string as EDN writes it; its escapes are those of JSON as far as logs use them. */
export function ednText(written: string): string | undefined {
  if (!written.startsWith('"')) return undefined;
  try {
    return JSON.parse(written) as string;
  } catch {
    return undefined;
  }
}

function notAMap(line: NumberedLine): HistoryError {
  return new HistoryError(
    `expected a map like {:process 0, :type :invoke, :f :get, :key "0", :value nil}, ` +
      `got ${JSON.stringify(line.text)}`,
    { line: line.number },
  );
}
