import { byNumber } from './nodes.ts';
import { lowerBound, type RunData } from './run-data.ts';

export type Fields = Readonly<Record<string, unknown>>;
export type Status = 'up' | 'down' | 'paused';

/** What a node showed from a record on. */
interface Shown {
  readonly record: number;
  readonly fields: Fields;
  /** Names of those that are new. */
  readonly changed: readonly string[];
}

interface StatusChange {
  readonly record: number;
  readonly status: Status;
  readonly life: number;
}

/** A stretch of time in which a node was the same in one respect. */
export interface Stretch {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly value: string;
  readonly beside: string;
}

/** What one node showed of itself, over the run. */
export class NodeHistory {
  readonly id: string;
  readonly shown: Shown[] = [];
  readonly statuses: StatusChange[] = [];
  private at: number[] = [];

  constructor(id: string) {
    this.id = id;
  }

  show(record: number, fields: Fields): void {
    const before = this.shown[this.shown.length - 1];
    const changed = Object.keys(fields);
    if (before?.record === record) this.shown.pop();
    const all = before?.record === record ? [...before.changed, ...changed] : changed;
    this.shown.push({ record, fields: { ...before?.fields, ...fields }, changed: all });
  }

  setStatus(record: number, status: Status, life: number): void {
    this.statuses.push({ record, status, life });
    // Memory goes.
    if (status === 'down') this.shown.push({ record, fields: {}, changed: [] });
  }

  /** Did it ever show anything? */
  get hasShown(): boolean {
    return this.shown.some(({ changed }) => changed.length > 0);
  }

  /** What it shows after a record; nothing before it shows anything. */
  after(record: number): Shown | undefined {
    if (this.at.length !== this.shown.length) this.at = this.shown.map((shown) => shown.record);
    const i = lowerBound(this.at, record + 1) - 1;
    return this.shown[i];
  }

  statusAfter(record: number): StatusChange | undefined {
    return this.statuses.findLast((change) => change.record <= record);
  }

  /** The stretches of one field, with another one beside it. */
  stretches(data: RunData, field: string, beside: string | undefined): Stretch[] {
    const stretches: Stretch[] = [];
    let open: Omit<Stretch, 'untilUs'> | undefined;
    const close = (untilUs: number): void => {
      if (open !== undefined && untilUs > open.fromUs) stretches.push({ ...open, untilUs });
    };
    for (const { record, fields } of this.shown) {
      const raw = fields[field];
      const value = raw === undefined ? '' : String(raw);
      const also = beside === undefined ? '' : String(fields[beside] ?? '');
      if (open?.value === value && open.beside === also) continue;
      const fromUs = data.timeUs[record] as number;
      close(fromUs);
      open = value === '' ? undefined : { fromUs, value, beside: also };
    }
    close(data.endUs);
    return stretches;
  }

  /** When it was not up. */
  outages(data: RunData): { fromUs: number; untilUs: number; status: Status }[] {
    const { statuses } = this;
    return statuses.flatMap(({ record, status }, i) => {
      if (status === 'up') return [];
      const next = statuses[i + 1];
      const untilUs = next === undefined ? data.endUs : (data.timeUs[next.record] as number);
      return [{ fromUs: data.timeUs[record] as number, untilUs, status }];
    });
  }
}

/** What all nodes showed: of the trace, and of what the scenario told beside it. */
export function nodeHistories(data: RunData): Map<string, NodeHistory> {
  const histories = new Map<string, NodeHistory>();
  const of = (id: string): NodeHistory => {
    let history = histories.get(id);
    if (history === undefined) histories.set(id, (history = new NodeHistory(id)));
    return history;
  };
  const told = data.revealed.filter(({ view }) => view === 'fields');
  let next = 0;
  for (let i = 0; i < data.length; i++) {
    // What is told of an event holds after it: the last of its records.
    const event = data.event[i] as number;
    for (; next < told.length && (told[next]?.event ?? 0) < event; next++) {
      const { node, change } = told[next]!;
      of(node).show(Math.max(0, i - 1), change as Fields);
    }
    const id = data.node[i] as number;
    if (id !== 0) follow(data, i, () => of(data.string(id)));
  }
  for (const { node, change } of told.slice(next)) {
    of(node).show(Math.max(0, data.length - 1), change as Fields);
  }
  return new Map([...histories].toSorted(([a], [b]) => byNumber(a, b)));
}

function follow(data: RunData, i: number, history: () => NodeHistory): void {
  const kind = data.kindAt(i);
  const life = (): number => data.record(i).incarnation ?? 0;
  switch (kind) {
    case 'state': {
      const fields = data.payloadAt(i);
      if (typeof fields === 'object' && fields !== null) history().show(i, fields as Fields);
      break;
    }
    case 'crash':
      history().setStatus(i, 'down', life());
      break;
    case 'pause':
      history().setStatus(i, 'paused', life());
      break;
    case 'restart':
    case 'resume':
      history().setStatus(i, 'up', life());
      break;
    default:
  }
}
