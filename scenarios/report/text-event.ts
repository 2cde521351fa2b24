import pc from 'picocolors';
import type { Trace, TraceRecord } from '../../sim/index.ts';
import { toJson } from './json.ts';
import { Journeys } from './journeys.ts';
import { fold } from './text-fold.ts';
import { LineForm } from './text-lines.ts';

/** Some events with all that was noted while they ran, and every payload in full. */
export function eventLines(trace: Trace, first: number, last: number, width: number): string[] {
  const records = eventRecords(trace, first, last);
  const form = new LineForm(records, width, new Journeys(trace));
  return [
    form.header(),
    ...records.flatMap((record) => [...form.rows(record), ...more(record, width)]),
  ];
}

/** The records of a range of events. */
export function eventRecords(trace: Trace, first: number, last: number): TraceRecord[] {
  return [...trace].filter(({ event }) => event >= first && event <= last);
}

/** What a line has no room for: the cause of an event, and the payload as JSON. */
function more({ event, cause, payload }: TraceRecord, width: number): string[] {
  const details = [
    ...(cause === event ? [] : [cause === 0 ? 'scheduled at set-up' : `caused by event ${cause}`]),
    ...(payload === undefined ? [] : [toJson(payload)]),
  ];
  return details.flatMap((text) => fold(text, width - 8).map((line) => pc.dim(`        ${line}`)));
}
