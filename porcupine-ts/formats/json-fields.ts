import { HistoryError } from '../history/history-error.ts';

/** One line of a JSONL file, parsed, with readers for its fields that say what they expected. */
export class JsonLine {
  /** Number of the line, from 1. */
  readonly number: number;
  readonly fields: Readonly<Record<string, unknown>>;

  /** @throws HistoryError if the text is not a JSON object */
  constructor(number: number, text: string) {
    this.number = number;
    this.fields = parseObject(number, text);
  }

  /** Is there such a field? null counts as none. */
  has(name: string): boolean {
    return (this.fields[name] ?? undefined) !== undefined;
  }

  /** @throws HistoryError unless the field is a finite number */
  stamp(name: string): number {
    const value = this.fields[name];
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    throw this.unexpected(name, 'a number');
  }

  /** @throws HistoryError unless the field is a string or a number */
  identity(name: string): string | number {
    const value = this.fields[name];
    if (typeof value === 'string' || typeof value === 'number') return value;
    throw this.unexpected(name, 'a string or a number');
  }

  /** @throws HistoryError unless the field is one of the words */
  word<W extends string>(name: string, ...words: readonly W[]): W {
    const found = words.find((word) => word === this.fields[name]);
    if (found !== undefined) return found;
    throw this.unexpected(name, words.map((word) => JSON.stringify(word)).join(' or '));
  }

  /** An error about one field of this line. */
  unexpected(name: string, expected: string): HistoryError {
    const value = this.fields[name];
    const got = value === undefined ? 'nothing' : JSON.stringify(value);
    return this.error(`expected ${expected}, got ${got}`, name);
  }

  /** An error about this line. */
  error(message: string, field?: string): HistoryError {
    return new HistoryError(message, {
      line: this.number,
      ...(field === undefined ? {} : { field }),
    });
  }
}

function parseObject(line: number, text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // The engine's own message differs from engine to engine.
    throw new HistoryError(`not JSON: ${shorten(text)}`, { line });
  }
  if (typeof value === 'object' && value && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new HistoryError(`expected a JSON object, got ${shorten(text)}`, { line });
}

function shorten(text: string): string {
  return text.length <= 60 ? text : `${text.slice(0, 60)}...`;
}
