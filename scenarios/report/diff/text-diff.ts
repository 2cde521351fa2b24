import pc from 'picocolors';
import { compact } from '../compact.ts';
import { Journeys } from '../journeys.ts';
import { fold } from '../text-fold.ts';
import { LineForm } from '../text-lines.ts';
import { verdictText } from '../text-run.ts';
import type { HistoryLine } from '../../define/history.ts';
import type { Counts, Difference } from './alignment.ts';
import type { ComparedRun, Comparison } from './compare-runs.ts';
import { differenceWords } from './difference-words.ts';
import type { OperationChange } from './operations.ts';
import type { PlanChange } from './plan-changes.ts';
import { rowsAround, rowsOf, type DiffRow } from './rows.ts';

/** Changes of a plan that are told of each sort. */
const MOST_CHANGES = 5;
const VALUE_ROOM = 80;

/**
 * What two runs differ in, to read: both verdicts, the plans, the first difference with what stands
 * around it, and what became of the rest.
 * @param width in columns, from 60
 */
export function comparisonLines(comparison: Comparison, width: number): string[] {
  const { a, b, alignment, first, substance, counts, isSame } = comparison;
  const lines = [...head('A', a, width), ...head('B', b, width), ...planLines(comparison, width)];
  if (isSame) return [...lines, `The runs are the same: ${events(counts.same)}.`];
  if (first === undefined) {
    const why = 'what differs are wake-ups on the way, the history, or what a check made of it';
    return [...lines, ...fold(`All ${events(counts.same)} are the same; ${why}.`, width)];
  }
  const journeys = [new Journeys(a.trace), new Journeys(b.trace)] as const;
  const show = (rows: readonly DiffRow[]): string[] => rowLines(rows, journeys, width);
  lines.push(
    ...sentence('First difference', differenceWords(alignment, first), width),
    ...show(rowsAround(alignment, first)),
  );
  if (substance !== undefined && isOnlyWhen(first)) {
    lines.push(
      '',
      ...sentence('First that is more than when', differenceWords(alignment, substance), width),
    );
    if (!isOfOneEvent(first, substance)) lines.push(...show(rowsOf(alignment, substance)));
  }
  lines.push('', ...fold(countWords(counts), width), ...operationLines(comparison, width));
  return lines;
}

function head(side: string, { name, result }: ComparedRun, width: number): string[] {
  const { scenario, seed, verdict, check = '', reason = '', digest } = result;
  const what = `${scenario} seed ${seed}${name === '' ? '' : `, ${name}`}`;
  const [first = '', ...more] = fold(what, width - side.length - 2);
  const found = [check, reason].filter((text) => text !== '').join(': ');
  return [
    `${pc.bold(side)}  ${first}`,
    ...more,
    `   ${verdictText(verdict)}  digest ${digest || '-'}`,
    ...(found === '' ? [] : fold(found, width - 3, 3).map((line) => `   ${line}`)),
  ];
}

function planLines({ a, b, plans }: Comparison, width: number): string[] {
  if (a.plan === undefined || b.plan === undefined) return [''];
  if (plans.length === 0) return ['', 'The plans are the same.', ''];
  const sorts = new Map<string, PlanChange[]>();
  for (const change of plans) {
    sorts.set(change.sort, [...(sorts.get(change.sort) ?? []), change]);
  }
  return [
    '',
    'The plans differ:',
    ...[...sorts.values()].flatMap((of) => sortLines(of, width)),
    '',
  ];
}

function sortLines(changes: readonly PlanChange[], width: number): string[] {
  const lines = changes.slice(0, MOST_CHANGES).flatMap(({ sort, what, a, b }) => {
    const name = sort === 'world' ? what : `${sort} ${what}`;
    const one = (mark: string, text: string): string[] =>
      fold(`${mark} ${name}: ${text}`, width - 2, 2).map((line) => painted(mark, `  ${line}`));
    return [...(a === undefined ? [] : one('-', a)), ...(b === undefined ? [] : one('+', b))];
  });
  const more = changes.length - MOST_CHANGES;
  if (more > 0) lines.push(pc.dim(`    ... and ${more} more of this sort`));
  return lines;
}

function rowLines(
  rows: readonly DiffRow[],
  [inA, inB]: readonly [Journeys, Journeys],
  width: number,
): string[] {
  const records = rows.map(({ record }) => record);
  const forms = [inA, inB].map((journeys) => new LineForm(records, width - 2, journeys));
  const [ofA, ofB] = forms as [LineForm, LineForm];
  const lines = [`  ${ofA.header()}`];
  for (const { mark, record } of rows) {
    const told = (mark === '+' ? ofB : ofA).rows(record);
    lines.push(...told.map((line, i) => `${painted(mark, i === 0 ? mark : ' ')} ${line}`));
  }
  return lines;
}

function sentence(title: string, words: string, width: number): string[] {
  const [first = '', ...rest] = fold(`${title}: ${words}`, width);
  return [first.replace(`${title}:`, pc.bold(`${title}:`)), ...rest];
}

/** Is a difference nothing but another time or order? */
function isOnlyWhen({ kind }: Difference): boolean {
  return kind === 'time' || kind === 'order';
}

/** Are two differences about one event, so that one picture shows both? */
function isOfOneEvent(one: Difference, other: Difference): boolean {
  return one.kind !== 'only' && other.kind !== 'only' && one.a === other.a && one.b === other.b;
}

function countWords({ same, moved, changed, onlyA, onlyB }: Counts): string {
  const parts = [
    `${events(same)} the same`,
    `${moved} at another time`,
    `${changed} with other content`,
    `${onlyA} only in A, ${onlyB} only in B`,
  ];
  return `In all: ${parts.join(', ')}.`;
}

function operationLines({ operations }: Comparison, width: number): string[] {
  const { same, changed, first } = operations;
  if (first === undefined) {
    return same === 0 ? [] : [`Clients: ${operationsText(same)} with the same answers.`];
  }
  const text = `Clients: ${operationsText(same)} the same, ${changed} not; the first of them:`;
  return [...fold(text, width), ...changeLines(first, width)];
}

function changeLines({ client, number, a, b }: OperationChange, width: number): string[] {
  return ([a, b] as const).flatMap((line, i) => {
    const mark = i === 0 ? '-' : '+';
    const text = `${mark} ${client}, operation ${number}: ${operationText(line)}`;
    return fold(text, width - 2, 3).map((part) => painted(mark, `  ${part}`));
  });
}

function operationText(line: HistoryLine | undefined): string {
  if (line === undefined) return 'there is none';
  const { input, output, status, event } = line;
  const asked = compact(input, VALUE_ROOM);
  if (status === 'pending') return `${asked}: no answer`;
  if (status === 'failed') return `${asked}: known to have had no effect`;
  return `${asked}: ${compact(output, VALUE_ROOM)} (event ${event})`;
}

function painted(mark: string, text: string): string {
  if (mark === '-') return pc.red(text);
  return mark === '+' ? pc.green(text) : text;
}

function events(count: number): string {
  return count === 1 ? '1 event' : `${count} events`;
}

function operationsText(count: number): string {
  return count === 1 ? '1 operation' : `${count} operations`;
}
