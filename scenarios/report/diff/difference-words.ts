import type { TraceRecord } from '../../../sim/index.ts';
import { compact } from '../compact.ts';
import { milliseconds } from '../gutter.ts';
import { wordsOf } from '../trace-words.ts';
import type { Alignment, Difference } from './alignment.ts';
import { pathOf } from './content-difference.ts';
import { noteEdits } from './note-edits.ts';
import type { ToldEvent } from './told-events.ts';

const VALUE_ROOM = 100;

/** What two runs differ in at one place, in a sentence. */
export function differenceWords({ a, b }: Alignment, difference: Difference): string {
  switch (difference.kind) {
    case 'only': {
      const { side, at } = difference;
      const { event } = (side === 'a' ? a : b).at(at);
      return `only in ${side.toUpperCase()}, at ${milliseconds(event.timeUs)} ms: ${told(event)}`;
    }
    case 'time': {
      const [one, other] = [a.at(difference.a).event, b.at(difference.b).event];
      const byUs = other.timeUs - one.timeUs;
      const times = `at ${milliseconds(one.timeUs)} ms in A, at ${milliseconds(other.timeUs)} in B`;
      const by = `${milliseconds(Math.abs(byUs))} ms ${byUs > 0 ? 'later' : 'earlier'}`;
      return `${by} in B: ${told(one)} (${times})`;
    }
    case 'order': {
      const [one, other] = [a.at(difference.a).event, b.at(difference.b).event];
      const at = `another order at ${milliseconds(one.timeUs)} ms`;
      return `${at}: A goes on with ${told(one)}; B with ${told(other)}`;
    }
    case 'content': {
      const [one, other] = [a.at(difference.a), b.at(difference.b)];
      const { what } = difference;
      const words = what.kind === 'notes' ? noteWords(one, other) : contentWords(what.a, what.b);
      return `${told(one.event)}, at ${milliseconds(one.event.timeUs)} ms: ${words}`;
    }
  }
}

/** What an event carried, or whose life it entered. */
function contentWords(a: TraceRecord, b: TraceRecord): string {
  if (a.incarnation !== b.incarnation) {
    return `in life ${a.incarnation} in A, ${b.incarnation} in B`;
  }
  const path = pathOf(a.payload, b.payload);
  const where = path.length === 0 ? '' : `${path.join('.')} is `;
  const [one, other] = [a, b].map(({ payload }) => compact(within(payload, path), VALUE_ROOM));
  return `${where}${one} in A, ${other} in B`;
}

/** What came of it: the first thing that one run has and the other has not, or has otherwise. */
function noteWords(a: ToldEvent, b: ToldEvent): string {
  const edits = noteEdits(a.notes, b.notes);
  const first = edits.findIndex((edit) => edit.a === undefined || edit.b === undefined);
  const rest = edits.slice(first);
  const end = rest.findIndex((edit) => edit.a !== undefined && edit.b !== undefined);
  const run = end === -1 ? rest : rest.slice(0, end);
  const [one, other] = [run.find((edit) => edit.a)?.a, run.find((edit) => edit.b)?.b];
  if (one !== undefined && other !== undefined) {
    return `A: ${noteText(one)}; B: ${noteText(other)}`;
  }
  return one === undefined ? `B also: ${noteText(other)}` : `A also: ${noteText(one)}`;
}

function noteText(note: TraceRecord | undefined): string {
  return note === undefined ? '' : wordsOf(note);
}

function within(value: unknown, path: readonly string[]): unknown {
  return path.reduce((inner, name) => (inner as Record<string, unknown>)[name], value);
}

function told(event: TraceRecord): string {
  const { node = 'the world' } = event;
  return `${node} ${wordsOf({ ...event, payload: undefined })}`;
}
