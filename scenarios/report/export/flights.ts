import type { TraceRecord } from '../../../sim/index.ts';
import { messageOf } from '../journeys.ts';
import type { Place, TraceEvent } from './trace-event.ts';

/** A message under way. */
interface Flight {
  readonly id: string;
  readonly label: string;
  readonly from: Place;
  readonly args: { readonly from: string; readonly to: string; readonly n: number };
  /** How many of it are under way: two of one that was duplicated. */
  copies: number;
  readonly fates: string[];
  readonly mishaps: { readonly name: string; readonly ts: number }[];
}

/** What may befall a message on its way. */
const MISHAPS: ReadonlySet<TraceRecord['kind']> = new Set(['held', 'corrupted', 'duplicated']);

/**
 * The messages of a trace as spans, from their sending to their end, which says what became of
 * them; and as arrows, from the event that sent them to the one that they reach.
 */
export class Flights {
  private readonly flying = new Map<string, Flight>();
  private count = 0;
  private arrows = 0;

  sends(note: TraceRecord, from: Place): void {
    const { label, from: sender = '', to = '', n = 0 } = note;
    const args = { from: sender, to, n };
    const id = `m${this.count++}`;
    const flight = { id, label, from, args, copies: 1, fates: [], mishaps: [] };
    this.flying.set(messageOf(note) ?? '', flight);
  }

  /** An event and its notes have been told: what came of the messages that they speak of. */
  *settle(
    event: TraceRecord | undefined,
    notes: readonly TraceRecord[],
    at: Place,
  ): Generator<TraceEvent, undefined> {
    const arrives = event === undefined ? undefined : messageOf(event);
    let isOver = false;
    for (const note of notes) {
      const key = messageOf(note);
      const flight = this.flying.get(key ?? '');
      if (key === undefined || flight === undefined) continue;
      const { kind } = note;
      if (kind === 'duplicated') flight.copies = 2;
      if (MISHAPS.has(kind)) flight.mishaps.push({ name: kind, ts: at.ts });
      if (key === arrives && (kind === 'held' || kind === 'lost')) isOver = true;
      // Of one that is lost as it is sent, no copy sets out.
      if (kind === 'lost') yield* this.lands(key, flight, 'lost', at, key !== arrives);
    }
    if (arrives === undefined || isOver) return;
    const flight = this.flying.get(arrives);
    if (flight === undefined) return;
    yield* this.arrow(flight, at);
    const isLate = notes.some(({ kind, n, from }) => kind === 'late' && isOf(flight, n, from));
    yield* this.lands(arrives, flight, isLate ? 'late' : 'arrived', at, false);
  }

  /** The trace ends: what is under way still is. */
  *end(endUs: number): Generator<TraceEvent, undefined> {
    for (const [key, flight] of [...this.flying]) {
      const isHeld = flight.mishaps.at(-1)?.name === 'held';
      const place = { pid: flight.from.pid, ts: endUs };
      yield* this.lands(key, flight, isHeld ? 'held' : 'under way', place, true);
    }
  }

  private *arrow({ label, from }: Flight, to: Place): Generator<TraceEvent, undefined> {
    const arrow = { cat: 'message', id: `a${this.arrows++}`, name: label, tid: 1 } as const;
    yield { ...arrow, ph: 's', pid: from.pid, ts: from.ts };
    yield { ...arrow, ph: 'f', bp: 'e', pid: to.pid, ts: to.ts };
  }

  /** One copy, or all, have come to their end; with the last one the span ends. */
  private *lands(
    key: string,
    flight: Flight,
    fate: string,
    { ts }: Place,
    isLast: boolean,
  ): Generator<TraceEvent, undefined> {
    flight.fates.push(fate);
    if (--flight.copies > 0 && !isLast) return;
    this.flying.delete(key);
    const { id, label: name, from, args, fates, mishaps } = flight;
    const span = { cat: 'message', id, name, pid: from.pid, tid: 1 } as const;
    yield { ...span, ph: 'b', ts: from.ts, args };
    for (const mishap of mishaps) yield { ...span, ...mishap, ph: 'n' };
    yield { ...span, ph: 'e', ts, args: { fate: fates.join(', ') } };
  }
}

function isOf({ args }: Flight, n: number | undefined, from: string | undefined): boolean {
  return args.n === n && args.from === from;
}
