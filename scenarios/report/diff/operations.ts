import type { HistoryLine } from '../../define/history.ts';
import { toJson } from '../json.ts';

/** An operation of a client that is not the same in two runs. */
export interface OperationChange {
  readonly client: string;
  /** Which of its operations, from 1. */
  readonly number: number;
  /** Undefined where the client had no such operation. */
  readonly a: HistoryLine | undefined;
  readonly b: HistoryLine | undefined;
}

/** The operations of two runs, each matched with the one that its client began in its place. */
export interface Operations {
  readonly same: number;
  /** The one that was seen first to differ. */
  readonly first: OperationChange | undefined;
  readonly changed: number;
}

/** Compare what clients asked and were told; when does not count. */
export function compareOperations(
  a: readonly HistoryLine[],
  b: readonly HistoryLine[],
): Operations {
  const [byA, byB] = [byClient(a), byClient(b)];
  const changes: OperationChange[] = [];
  let same = 0;
  for (const client of new Set([...byA.keys(), ...byB.keys()])) {
    const [ofA, ofB] = [byA.get(client) ?? [], byB.get(client) ?? []];
    for (let i = 0; i < Math.max(ofA.length, ofB.length); i++) {
      const change = { client, number: i + 1, a: ofA[i], b: ofB[i] };
      if (textOf(change.a) === textOf(change.b)) same++;
      else changes.push(change);
    }
  }
  const [first] = changes.toSorted((one, other) => seenUs(one) - seenUs(other));
  return { same, first, changed: changes.length };
}

function byClient(lines: readonly HistoryLine[]): Map<string, HistoryLine[]> {
  const clients = new Map<string, HistoryLine[]>();
  for (const line of lines) {
    const known = clients.get(line.client);
    if (known === undefined) clients.set(line.client, [line]);
    else known.push(line);
  }
  return clients;
}

function textOf(line: HistoryLine | undefined): string {
  return line === undefined ? '' : toJson([line.input, line.status, line.output]);
}

/** When one could see it at the earliest: when another answer came, or something else was asked. */
function seenUs({ a, b }: OperationChange): number {
  const isOtherQuestion = toJson(a?.input) !== toJson(b?.input);
  const moment = (line: HistoryLine | undefined): number =>
    (isOtherQuestion ? line?.invokedUs : line?.completedUs) ?? Infinity;
  return Math.min(moment(a), moment(b));
}
