import { topicOf, type TraceRecord } from '../../../sim/index.ts';
import { contentDifference } from './content-difference.ts';
import type { Alignment, Difference } from './alignment.ts';
import { noteEdits } from './note-edits.ts';
import type { ToldEvent, ToldEvents } from './told-events.ts';

/** A record as two runs have it: both, or one of them. */
export interface DiffRow {
  readonly mark: ' ' | '-' | '+';
  readonly record: TraceRecord;
}

/** Events that are told before the first difference. */
const BEFORE = 3;
/** Records that are told of each run from there on. */
const AFTER = 8;

/** A few events before the place where two runs part, this place, and what differs later. */
export function rowsAround(alignment: Alignment, first: Difference): DiffRow[] {
  const start = startOf(first);
  const parting = rowsOf(alignment, first);
  return [...before(alignment.a, start), ...parting, ...after(alignment, start, eventsOf(first))];
}

/** The event of each run in which they part. */
export function rowsOf({ a, b }: Alignment, difference: Difference): DiffRow[] {
  if (difference.kind !== 'only') return pairRows(a.at(difference.a), b.at(difference.b));
  const { side, at } = difference;
  const mark = side === 'a' ? '-' : '+';
  return oneSided((side === 'a' ? a : b).at(at), mark, true);
}

/** Up to there, both runs are event for event the same. */
function startOf(first: Difference): number {
  return first.kind === 'only' ? first.at : Math.min(first.a, first.b);
}

/** The events of the first difference, which are told before all others. */
function eventsOf(first: Difference): ReadonlySet<string> {
  if (first.kind === 'only') return new Set([`${first.side}${first.at}`]);
  return new Set([`a${first.a}`, `b${first.b}`]);
}

function before(events: ToldEvents, start: number): DiffRow[] {
  const told: DiffRow[][] = [];
  for (let i = start - 1; i >= 0 && told.length < BEFORE; i--) {
    const rows = oneSided(events.at(i), ' ', false);
    if (rows.length > 0) told.push(rows);
  }
  return told.toReversed().flat();
}

function after(alignment: Alignment, start: number, told: ReadonlySet<string>): DiffRow[] {
  const { a, b } = alignment;
  const rows: DiffRow[] = [];
  const left = { '-': AFTER, '+': AFTER, ' ': Infinity };
  let [i, j] = [start, start];
  while ((i < a.length || j < b.length) && (left['-'] > 0 || left['+'] > 0)) {
    const isOfA = a.timeUs(i) <= b.timeUs(j);
    const [name, event] = isOfA ? [`a${i}`, ofA(alignment, i)] : [`b${j}`, ofB(alignment, j)];
    if (isOfA) i++;
    else j++;
    // One run may be silent where the other is not: what it then says is worth as much.
    if (told.has(name) || event.some(({ mark }) => left[mark] <= 0)) continue;
    for (const { mark } of event) left[mark]--;
    rows.push(...event);
  }
  return rows;
}

/** What to tell of an event of `a`; nothing if it is the same in `b`. */
function ofA(alignment: Alignment, i: number): DiffRow[] {
  const { a, b } = alignment;
  const j = alignment.inB(i);
  if (j === undefined || a.timeUs(i) !== b.timeUs(j)) return oneSided(a.at(i), '-', false);
  const [one, other] = [a.at(i), b.at(j)];
  return contentDifference(one, other) === undefined ? [] : pairRows(one, other);
}

/** What to tell of an event of `b`; nothing if that of `a` at the same time tells it. */
function ofB(alignment: Alignment, j: number): DiffRow[] {
  const { a, b } = alignment;
  const i = alignment.inA(j);
  const isTold = i !== undefined && a.timeUs(i) === b.timeUs(j);
  return isTold ? [] : oneSided(b.at(j), '+', false);
}

/** Two tellings of one event: what they share, and what not. */
function pairRows(one: ToldEvent, other: ToldEvent): DiffRow[] {
  const isAtOnce = one.event.timeUs === other.event.timeUs;
  return noteEdits([one.event, ...one.notes], [other.event, ...other.notes]).flatMap(({ a, b }) => {
    if (a !== undefined && b !== undefined && isAtOnce) return [{ mark: ' ', record: a }];
    const left: DiffRow[] = a === undefined ? [] : [{ mark: '-', record: a }];
    return b === undefined ? left : [...left, { mark: '+', record: b }];
  });
}

/** An event as one run has it, without what says nothing but that time has passed. */
function oneSided({ event, notes }: ToldEvent, mark: DiffRow['mark'], isWhole: boolean): DiffRow[] {
  const records = [event, ...notes].filter((one) => isWhole || topicOf(one.kind) !== 'timer');
  return records.map((record) => ({ mark, record }));
}
