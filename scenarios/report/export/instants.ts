import type { EventKindName, TraceRecord } from '../../../sim/index.ts';

/** An event of a trace with the notes made while it ran; set-up (0) has notes only. */
export interface EventGroup {
  readonly event?: TraceRecord | undefined;
  readonly notes: readonly TraceRecord[];
}

/** Complete by its type: a new kind of event does not compile until it is here. */
const EVENTS: Readonly<Record<EventKindName, true>> = {
  start: true,
  timer: true,
  wake: true,
  message: true,
  answer: true,
  invoke: true,
  action: true,
};

/** Is it an event, and not a note made within one? */
export function isEvent({ kind }: TraceRecord): boolean {
  return kind in EVENTS;
}

/** The events of a trace one after the other, each with its notes. */
export function* eventGroups(trace: Iterable<TraceRecord>): Generator<EventGroup, undefined> {
  let event: TraceRecord | undefined;
  let notes: TraceRecord[] = [];
  for (const record of trace) {
    if (!isEvent(record)) {
      notes.push(record);
      continue;
    }
    if (event !== undefined || notes.length > 0) yield { event, notes };
    event = record;
    notes = [];
  }
  if (event !== undefined || notes.length > 0) yield { event, notes };
}

/** The events of each moment of a run, together. */
export function* instants(trace: Iterable<TraceRecord>): Generator<EventGroup[], undefined> {
  let instant: EventGroup[] = [];
  let atUs = -1;
  for (const group of eventGroups(trace)) {
    const { timeUs } = (group.event ?? group.notes[0]) as TraceRecord;
    if (timeUs !== atUs && instant.length > 0) {
      yield instant;
      instant = [];
    }
    atUs = timeUs;
    instant.push(group);
  }
  if (instant.length > 0) yield instant;
}

/** The nodes that a trace tells of, in the order in which it first does. */
export function nodesOf(trace: Iterable<TraceRecord>): string[] {
  const nodes = new Set<string>();
  for (const { node } of trace) if (node !== undefined) nodes.add(node);
  return [...nodes];
}
