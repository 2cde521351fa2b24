import type { TraceRecord } from '../../../sim/index.ts';
import { toJson } from '../json.ts';
import type { ToldEvent } from './told-events.ts';

/** What differs in an event that happened in two runs. */
export type ContentDifference =
  /** What it carried, or whose life it entered. */
  | { readonly kind: 'event'; readonly a: TraceRecord; readonly b: TraceRecord }
  /** What came of it. */
  | { readonly kind: 'notes' };

/**
 * The first thing in which two tellings of one event differ. Ordinals of messages count for
 * nothing: one message more shifts them all.
 */
export function contentDifference(a: ToldEvent, b: ToldEvent): ContentDifference | undefined {
  if (!isSame(a.event, b.event)) return { kind: 'event', a: a.event, b: b.event };
  const isAlike =
    a.notes.length === b.notes.length &&
    a.notes.every((note, i) => isSame(note, b.notes[i] as TraceRecord));
  return isAlike ? undefined : { kind: 'notes' };
}

/** Do two records say the same, whenever that was? */
export function isSame(a: TraceRecord, b: TraceRecord): boolean {
  return (
    a.kind === b.kind &&
    a.node === b.node &&
    a.label === b.label &&
    a.from === b.from &&
    a.to === b.to &&
    a.incarnation === b.incarnation &&
    a.text === b.text &&
    (a.payload === b.payload || toJson(a.payload) === toJson(b.payload))
  );
}

/** Where two values differ, as a path to the first place; empty if they differ as a whole. */
export function pathOf(a: unknown, b: unknown): string[] {
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) return [];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const name of names) {
    if (toJson(a[name]) !== toJson(b[name])) return [name, ...pathOf(a[name], b[name])];
  }
  return [];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value);
}
