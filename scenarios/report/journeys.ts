import type { TraceRecord } from '../../sim/index.ts';

/** A message is slow that takes so many times as long as the fastest quarter of its type, ... */
const SLOW_FACTOR = 4;
/** ... and at least this long, in µs. */
const SLOW_US = 5_000;

/** What becomes of a message on its way, as its receiver is told. */
const MISHAPS: Readonly<Partial<Record<TraceRecord['kind'], string>>> = {
  held: 'was held',
  corrupted: 'damaged',
  duplicated: 'one of two',
};

/** The messages of a trace: where each was sent, how long it took and what befell it. */
export class Journeys {
  private readonly sendings = new Map<string, TraceRecord>();
  private readonly losses = new Map<string, TraceRecord>();
  private readonly arrivals = new Map<string, TraceRecord>();
  /** What befell each message, and in which event. */
  private readonly mishaps = new Map<string, Map<string, number>>();
  /** By type: messages that took longer than this, in µs, were slow. */
  private readonly slowUs = new Map<string, number>();

  constructor(trace: Iterable<TraceRecord>) {
    const times = new Map<string, number[]>();
    for (const record of trace) {
      const key = messageOf(record);
      if (key === undefined) continue;
      if (record.kind === 'send') this.sendings.set(key, record);
      if (record.kind === 'lost') this.losses.set(key, record);
      if (isArrival(record)) this.arrivals.set(key, record);
      const mishap = MISHAPS[record.kind];
      if (mishap !== undefined) {
        const known = this.mishaps.get(key) ?? new Map<string, number>();
        this.mishaps.set(key, known.set(mishap, record.event));
      }
      const tookUs = isArrival(record) ? this.tookUs(record) : undefined;
      if (tookUs === undefined) continue;
      const same = times.get(record.label);
      if (same === undefined) times.set(record.label, [tookUs]);
      else same.push(tookUs);
    }
    for (const [label, all] of times) {
      const quarter = all.toSorted((a, b) => a - b)[all.length >> 2] ?? 0;
      this.slowUs.set(label, Math.max(SLOW_US, SLOW_FACTOR * quarter));
    }
  }

  /** Where the message of a record was sent. */
  sending(record: TraceRecord): TraceRecord | undefined {
    return this.sendings.get(messageOf(record) ?? '');
  }

  /** What became of the message of a record: where it was lost or, otherwise, where it arrived. */
  end(record: TraceRecord): TraceRecord | undefined {
    const message = messageOf(record) ?? '';
    return this.losses.get(message) ?? this.arrivals.get(message);
  }

  /** What was unusual about a message that arrives: `after 812 ms, was held`. */
  remarks(record: TraceRecord): string {
    const key = messageOf(record);
    if (key === undefined || !isArrival(record)) return '';
    const tookUs = this.tookUs(record) ?? 0;
    const slow =
      tookUs >= (this.slowUs.get(record.label) ?? Infinity)
        ? [`after ${Math.round(tookUs / 1000)} ms`]
        : [];
    // What happens to it on this very arrival is told by a note of its own.
    const before = [...(this.mishaps.get(key) ?? [])].filter(([, event]) => event < record.event);
    return [...slow, ...before.map(([mishap]) => mishap)].join(', ');
  }

  private tookUs(record: TraceRecord): number | undefined {
    const sending = this.sending(record);
    return sending === undefined ? undefined : record.timeUs - sending.timeUs;
  }
}

/** Does it bring a message to its receiver? A call that fails brings none. */
export function isArrival({ kind, from }: TraceRecord): boolean {
  return (kind === 'message' || kind === 'answer') && from !== undefined;
}

/** A message is known by its link, its type and its ordinal among those. */
export function messageOf({ from, to, label, n }: TraceRecord): string | undefined {
  if (from === undefined || to === undefined || n === undefined) return undefined;
  return `${from}>${to} ${n} ${label}`;
}
