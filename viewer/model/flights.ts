import { lowerBound, type RunData } from './run-data.ts';

/** What became of a message. */
export const fates = [
  'delivered',
  'lost',
  'duplicated',
  'delayed',
  'held',
  'damaged',
  'under way',
] as const;
export type Fate = (typeof fates)[number];

/** A message is slow that takes so many times as long as the fastest quarter of its type, ... */
const SLOW_FACTOR = 4;
/** ... and at least this long, in µs. As in the texts of a replay: see journeys.ts. */
const SLOW_US = 5_000;

/** The messages of a run, by their sending: a column a field. */
export class Flights {
  readonly length: number;
  /** Index of the record of its sending. */
  readonly sent: Int32Array;
  /** Index of the record of its end: arrival or loss; -1 if it was under way at the end. */
  readonly ended: Int32Array;
  readonly fromUs: Float64Array;
  readonly untilUs: Float64Array;
  /** Place in {@link fates}. */
  readonly fate: Uint8Array;
  /** Flights by the record of their arrival. */
  private readonly byEnd = new Map<number, number>();
  /** For each block of flights, the latest end so far: what lies before has landed. */
  private readonly latest: Float64Array;

  constructor(data: RunData) {
    const rows = flightsOf(data);
    this.length = rows.length;
    this.sent = Int32Array.from(rows, ({ sent }) => sent);
    this.ended = Int32Array.from(rows, ({ ended }) => ended);
    this.fromUs = Float64Array.from(rows, ({ sent }) => data.timeUs[sent] as number);
    this.untilUs = Float64Array.from(rows, ({ ended }) =>
      ended < 0 ? data.endUs : (data.timeUs[ended] as number),
    );
    this.fate = Uint8Array.from(rows, ({ fate }) => fates.indexOf(fate));
    markSlow(data, this);
    this.latest = new Float64Array(rows.length >> BLOCK_BITS);
    let latest = -Infinity;
    for (let i = 0; i < rows.length; i++) {
      latest = Math.max(latest, this.untilUs[i] as number);
      if ((i + 1) % (1 << BLOCK_BITS) === 0) this.latest[i >> BLOCK_BITS] = latest;
      const end = this.ended[i] as number;
      if (end >= 0) this.byEnd.set(end, i);
    }
  }

  fateOf(i: number): Fate {
    return fates[this.fate[i] as number] as Fate;
  }

  /** The flight that ended with a record; undefined if none did. */
  endedBy(record: number): number | undefined {
    return this.byEnd.get(record);
  }

  /** The flights that a record of a sending began. */
  begunBy(record: number): number[] {
    const found: number[] = [];
    for (let i = lowerBound(this.sent, record); this.sent[i] === record; i++) found.push(i);
    return found;
  }

  /** The range of flights of which some may touch a stretch of time: [first, end). */
  during(fromUs: number, untilUs: number): [first: number, end: number] {
    const end = lowerBound(this.fromUs, untilUs);
    // Ends so far ascend, so all blocks before this one have landed.
    const first = lowerBound(this.latest, fromUs) << BLOCK_BITS;
    return [Math.min(first, end), end];
  }
}

const BLOCK_BITS = 7;

interface Row {
  readonly sent: number;
  readonly ended: number;
  readonly fate: Fate;
}

/** What was noted of a message by its sender. */
interface Sending {
  readonly sent: number;
  lost: number;
  remark: Fate | undefined;
  arrivals: number[];
}

function flightsOf(data: RunData): Row[] {
  const sendings = new Map<string, Sending>();
  for (let i = 0; i < data.length; i++) {
    const n = data.n[i] as number;
    if (n < 0 || data.from[i] === 0 || data.to[i] === 0) continue;
    const key = `${data.from[i]} ${data.to[i]} ${data.label[i]} ${n}`;
    const kind = data.kindAt(i);
    if (kind === 'send') {
      sendings.set(key, { sent: i, lost: -1, remark: undefined, arrivals: [] });
      continue;
    }
    const sending = sendings.get(key);
    if (sending !== undefined) note(sending, kind, i);
  }
  return [...sendings.values()].flatMap(rowsOf);
}

function note(sending: Sending, kind: string, i: number): void {
  if (kind === 'message' || kind === 'answer') sending.arrivals.push(i);
  else if (kind === 'lost') sending.lost = i;
  else if (kind === 'held') sending.remark = 'held';
  else if (kind === 'corrupted') sending.remark = 'damaged';
}

function rowsOf({ sent, lost, remark, arrivals }: Sending): Row[] {
  const landed = arrivals.map((ended, i): Row => {
    return { sent, ended, fate: i > 0 ? 'duplicated' : (remark ?? 'delivered') };
  });
  if (lost >= 0) return [...landed, { sent, ended: lost, fate: 'lost' }];
  return landed.length > 0 ? landed : [{ sent, ended: -1, fate: 'under way' }];
}

/** Of those that simply arrived, some took much longer than others of their type. */
function markSlow(data: RunData, flights: Flights): void {
  const times = new Map<number, number[]>();
  const arrived = fates.indexOf('delivered');
  const each = (see: (i: number, label: number, tookUs: number) => void): void => {
    for (let i = 0; i < flights.length; i++) {
      if (flights.fate[i] !== arrived) continue;
      const label = data.label[flights.sent[i] as number] as number;
      see(i, label, (flights.untilUs[i] as number) - (flights.fromUs[i] as number));
    }
  };
  each((_i, label, tookUs) => {
    const same = times.get(label);
    if (same === undefined) times.set(label, [tookUs]);
    else same.push(tookUs);
  });
  const slowUs = new Map(
    [...times].map(([label, all]) => {
      const quarter = all.toSorted((a, b) => a - b)[all.length >> 2] ?? 0;
      return [label, Math.max(SLOW_US, SLOW_FACTOR * quarter)];
    }),
  );
  each((i, label, tookUs) => {
    if (tookUs >= (slowUs.get(label) ?? Infinity)) flights.fate[i] = fates.indexOf('delayed');
  });
}
