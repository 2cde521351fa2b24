import { HistoryError } from '../history/history-error.ts';
import type { AppendInput, AppendOutput } from '../models/append.ts';
import type { Operation } from '../history/operation.ts';
import { ednText, parseEdnMap } from './edn-map.ts';
import { EventPairing, type EventType, type LogEvent } from './event-pairing.ts';
import { numberedLines } from './lines.ts';

/** One line, taken apart. */
interface KvEvent extends LogEvent {
  readonly key: string;
  /** Undefined for nil. */
  readonly value: string | undefined;
}

/**
 * Reads the key/value logs of Porcupine's test data, for the model `append`: one EDN map a line,
 * `{:process N, :type :invoke|:ok|:fail|:info, :f :get|:put|:append, :key "K", :value nil|"V"}`.
 *
 * `:fail` = known to have had no effect, left out; `:info` = nobody knows, pending for ever.
 *
 * @throws HistoryError with the line's number and the field
 */
export function parsePorcupineKv(text: string): Operation<AppendInput, AppendOutput>[] {
  const pairing = new EventPairing<AppendInput, AppendOutput>();
  for (const line of numberedLines(text)) {
    const event = parseEvent(parseEdnMap(line), line.number);
    if (event.type === 'invoke') pairing.begin(event, inputOf(event));
    else if (event.type === 'ok') pairing.return(event, outputOf(event, pairing.inputOf(event)));
    else if (event.type === 'fail') pairing.discard(event);
    else pairing.abandon(event);
  }
  return pairing.operations;
}

function inputOf({ line, name, key, value }: KvEvent): AppendInput {
  if (name === 'get') return { op: 'get', key };
  if (value === undefined) {
    throw new HistoryError(`expected a string to ${name}, got nil`, { line, field: ':value' });
  }
  return { op: name === 'put' ? 'put' : 'append', key, value };
}

function outputOf({ line, key, value }: KvEvent, input: AppendInput): AppendOutput {
  if (key !== input.key) {
    throw new HistoryError(
      `expected ${JSON.stringify(input.key)} as in the call, got ${JSON.stringify(key)}`,
      { line, field: ':key' },
    );
  }
  return input.op === 'get' ? { value: value ?? '' } : {};
}

function parseEvent(fields: ReadonlyMap<string, string>, line: number): KvEvent {
  const field = <T>(
    name: string,
    expected: string,
    read: (written: string) => T | undefined,
  ): T => {
    const written = fields.get(name);
    const value = written === undefined ? undefined : read(written);
    if (value !== undefined) return value;
    throw new HistoryError(`expected ${expected}, got ${written ?? 'nothing'}`, {
      line,
      field: `:${name}`,
    });
  };
  const word =
    (...words: readonly string[]) =>
    (written: string): string | undefined =>
      words.find((word) => written === `:${word}`);
  const types = word('invoke', 'ok', 'fail', 'info');
  const value = field('value', 'nil or a string', (written) =>
    written === 'nil' ? { text: undefined } : wrap(ednText(written)),
  );
  return {
    line,
    process: field('process', 'a number', (written) =>
      /^\d+$/.test(written) ? Number(written) : undefined,
    ),
    type: field('type', ':invoke, :ok, :fail or :info', types) as EventType,
    name: field('f', ':get, :put or :append', word('get', 'put', 'append')),
    key: field('key', 'a string', ednText),
    value: value.text,
  };
}

function wrap(text: string | undefined): { readonly text: string } | undefined {
  return text === undefined ? undefined : { text };
}
