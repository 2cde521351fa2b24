import type { TraceRecord } from '../../sim/index.ts';
import type { Link } from './causes.ts';
import { isArrival, messageOf, type Journeys } from './journeys.ts';

/** Notes that say what an event came to, wherever it leads. */
const TELLING: ReadonlySet<TraceRecord['kind']> = new Set([
  'crash',
  'restart',
  'pause',
  'resume',
  'fault',
  'heal',
  'state',
  'log',
  'probe',
  'invocation',
  'completion',
  'gave-up',
  'late',
]);

/**
 * What there is to tell of an event of a chain: the event, its telling notes, and what became of
 * the message that leads on to the next one. Of the last event it is all that was noted.
 */
export function stepOf(chain: readonly Link[], i: number, journeys: Journeys): TraceRecord[] {
  const { event, notes } = chain[i] as Link;
  const next = chain[i + 1];
  if (next === undefined) return [event, ...notes];
  const told = notes.filter((note) => TELLING.has(note.kind) || leadsOn(note, event, next));
  return [
    ...sentBefore(event, next, journeys),
    event,
    ...told,
    ...endsElsewhere(told, chain, journeys),
  ];
}

/** Does an event say nothing but that a task went on? */
export function isDull(chain: readonly Link[], i: number): boolean {
  const [link, next] = [chain[i], chain[i + 1]];
  if (link === undefined || next === undefined || isArrival(next.event)) return false;
  const { event, notes } = link;
  if (event.kind !== 'wake' && event.kind !== 'start') return false;
  return notes.every((note) => !TELLING.has(note.kind) && !leadsOn(note, event, next));
}

/** Is a note about the message that the next event brings, or whose call it gives up? */
function leadsOn(note: TraceRecord, event: TraceRecord, next: Link): boolean {
  const { kind, label, n, from, to } = note;
  if (kind !== 'send' && kind !== 'lost') return false;
  const message = messageOf(note);
  if (message === messageOf(event)) return true;
  if (isArrival(next.event)) return message === messageOf(next.event);
  const { node } = next.event;
  return next.notes.some((late) => {
    if (late.kind !== 'gave-up') return false;
    const isRequest = from === node && label === late.label && n === late.n;
    return isRequest || (to === node && label.startsWith(`${late.label}.`));
  });
}

/** A message that was held up is brought by what released it: tell where it was sent, too. */
function sentBefore(event: TraceRecord, next: Link, journeys: Journeys): TraceRecord[] {
  const sending = isArrival(next.event) ? journeys.sending(next.event) : undefined;
  return sending === undefined || sending.event === event.event ? [] : [sending];
}

/** What became of the messages that were sent, if the chain does not pass there. */
function endsElsewhere(
  told: readonly TraceRecord[],
  chain: readonly Link[],
  journeys: Journeys,
): TraceRecord[] {
  return told.flatMap((note) => {
    const end = note.kind === 'send' ? journeys.end(note) : undefined;
    const isTold = end === undefined || chain.some(({ event }) => event.event === end.event);
    return isTold ? [] : [end];
  });
}
