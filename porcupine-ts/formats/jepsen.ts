import { HistoryError } from '../history/history-error.ts';
import type { CasRegisterInput, CasRegisterOutput } from '../models/cas-register.ts';
import type { Operation } from '../history/operation.ts';
import { EventPairing, type EventType, type LogEvent } from './event-pairing.ts';
import { type NumberedLine, numberedLines } from './lines.ts';

const EVENT =
  /^INFO\s+jepsen\.util\s+-\s+(\d+)\s+:(invoke|ok|fail|info)\s+:(read|write|cas)\s+(.+)$/;
const NUMBER = /^-?\d+$/;
const PAIR = /^\[(-?\d+)\s+(-?\d+)\]$/;
const TIMED_OUT = ':timed-out';

type Pairing = EventPairing<CasRegisterInput, CasRegisterOutput>;

/**
 * Reads the log of Jepsen's test of etcd: one compare-and-set register, for the model
 * `cas-register`.
 *
 * `INFO  jepsen.util - PROCESS :invoke|:ok|:fail|:info :read|:write|:cas nil|N|[A B]|:timed-out`
 *
 * - `:info`: nobody knows; the operation stays pending for ever.
 * - `:fail :cas`: the comparison failed. `:fail :write`: had no effect and is left out.
 * - `:fail :read :timed-out`: a read that returned, nobody knows with what.
 *
 * @throws HistoryError with the line's number
 */
export function parseJepsenLog(text: string): Operation<CasRegisterInput, CasRegisterOutput>[] {
  const pairing: Pairing = new EventPairing();
  for (const line of numberedLines(text)) {
    const match = EVENT.exec(line.text);
    if (match === null) {
      throw new HistoryError(
        'expected "INFO  jepsen.util - PROCESS :invoke|:ok|:fail|:info :read|:write|:cas VALUE", ' +
          `got ${JSON.stringify(line.text)}`,
        { line: line.number },
      );
    }
    const [, process, type, name, value] = match as unknown as [
      string,
      string,
      string,
      string,
      string,
    ];
    const event: LogEvent = {
      line: line.number,
      process: Number(process),
      type: type as EventType,
      name,
    };
    record(pairing, event, { number: line.number, text: value });
  }
  return pairing.operations;
}

function record(pairing: Pairing, event: LogEvent, value: NumberedLine): void {
  if (event.type === 'invoke') pairing.begin(event, parseInput(event.name, value));
  else if (event.type === 'info') pairing.abandon(event);
  else if (event.type === 'ok') pairing.return(event, parseOutput(event.name, value));
  else if (event.name === 'cas') pairing.return(event, { ok: false });
  else if (event.name === 'read' && value.text === TIMED_OUT) pairing.return(event, {});
  else pairing.discard(event);
}

function parseInput(name: string, value: NumberedLine): CasRegisterInput {
  if (name === 'read') return { op: 'read' };
  if (name === 'write') return { op: 'write', value: parseNumber(value) };
  const pair = PAIR.exec(value.text);
  if (pair === null) throw unexpected(value, 'a pair like [1 2]');
  return { op: 'cas', from: Number(pair[1]), to: Number(pair[2]) };
}

function parseOutput(name: string, value: NumberedLine): CasRegisterOutput {
  if (name === 'cas') return { ok: true };
  if (name === 'write') return {};
  return { value: value.text === 'nil' ? null : parseNumber(value) };
}

function parseNumber(value: NumberedLine): number {
  if (!NUMBER.test(value.text)) throw unexpected(value, 'a number');
  return Number(value.text);
}

function unexpected(value: NumberedLine, expected: string): HistoryError {
  return new HistoryError(`expected ${expected}, got ${JSON.stringify(value.text)}`, {
    line: value.number,
    field: 'value',
  });
}
