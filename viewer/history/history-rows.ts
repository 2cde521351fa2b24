import type { Annotation } from '../../porcupine-ts/index.ts';
import { byNumber } from '../model/nodes.ts';
import { tracksOf } from '../model/operations.ts';
import { unitAt, type Axes, type Axis } from './axes.ts';
import type { HistoryData } from './history-data.ts';

/** An annotation at its place. */
export interface Remark {
  readonly annotation: Annotation;
  readonly from: number;
  readonly until: number;
  readonly track: number;
}

/** A row of the picture. */
export interface HistoryRow {
  readonly key: string;
  readonly title: string;
  readonly y: number;
  readonly height: number;
  /** Above the bars, each on its track. */
  readonly remarks: readonly Remark[];
  /** By call. */
  readonly operations: Uint32Array;
  /** Of them: where they begin and end on the axis; what never returned ends at the next call. */
  readonly from: Float64Array;
  readonly until: Float64Array;
  /** Has a row no client, but the annotations of a tag? */
  readonly isTag: boolean;
}

export const TRACK_PX = 20;
/** Height of a client's row without annotations: the more clients, the less. */
function rowHeight(clients: number): number {
  return clients <= 8 ? 46 : clients <= 18 ? 34 : 26;
}

/** The rows of all operations, or of those of one part. */
export function historyRows(
  data: HistoryData,
  axes: Axes,
  axis: Axis,
  part: number | undefined,
): HistoryRow[] {
  const byClient = operationsByClient(data, part);
  const clients = [...byClient.keys()].toSorted((a, b) =>
    byNumber(data.clients[a] ?? '', data.clients[b] ?? ''),
  );
  const remarks = remarksBy(data, axes, axis);
  const rowPx = rowHeight(clients.length);
  const rows: HistoryRow[] = [];
  let y = 0;
  const add = (row: Omit<HistoryRow, 'y' | 'height'>, height: number): void => {
    rows.push({ ...row, y, height });
    y += height;
  };
  const none = { operations: new Uint32Array(0), from: EMPTY, until: EMPTY };
  const titles = new Set(clients.map((client) => data.clients[client] ?? ''));
  // Of clients that have no row here, too: a crash of theirs may be why.
  const others = [...remarks.clients].filter(([client]) => !titles.has(client));
  for (const [tag, told] of [...remarks.tags, ...others]) {
    const height = tracksIn(told) * TRACK_PX + 6;
    add({ key: `tag ${rows.length}`, title: tag, remarks: told, isTag: true, ...none }, height);
  }
  for (const client of clients) {
    const title = data.clients[client] ?? '';
    const told = remarks.clients.get(title) ?? [];
    const bars = barsOf(data, axis, byClient.get(client) ?? []);
    const height = tracksIn(told) * TRACK_PX + rowPx;
    add({ key: `client ${client}`, title, remarks: told, isTag: false, ...bars }, height);
  }
  return rows;
}

const EMPTY = new Float64Array(0);

export function tracksIn(remarks: readonly Remark[]): number {
  return remarks.reduce((most, { track }) => Math.max(most, track + 1), 0);
}

export function totalHeight(rows: readonly HistoryRow[]): number {
  const last = rows.at(-1);
  return last === undefined ? 0 : last.y + last.height;
}

/** The row at a height, from the top of the first. */
export function rowAt(rows: readonly HistoryRow[], y: number): HistoryRow | undefined {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle]!;
    if (row.y + row.height <= y) low = middle + 1;
    else high = middle;
  }
  const found = rows[low];
  return found !== undefined && found.y <= y ? found : undefined;
}

function operationsByClient(data: HistoryData, part: number | undefined): Map<number, number[]> {
  const byClient = new Map<number, number[]>();
  for (let operation = 0; operation < data.length; operation++) {
    if (part !== undefined && data.partOf[operation] !== part) continue;
    const client = data.client[operation] as number;
    const own = byClient.get(client);
    if (own === undefined) byClient.set(client, [operation]);
    else own.push(operation);
  }
  return byClient;
}

function barsOf(
  data: HistoryData,
  axis: Axis,
  operations: readonly number[],
): Pick<HistoryRow, 'operations' | 'from' | 'until'> {
  const from = Float64Array.from(operations, (operation) => axis.from[operation] as number);
  const until = Float64Array.from(operations, (operation, i) =>
    data.isPending(operation)
      ? (from[i + 1] ?? axis.bounds.untilUs)
      : (axis.until[operation] as number),
  );
  return { operations: Uint32Array.from(operations), from, until };
}

function remarksBy(
  { annotations }: HistoryData,
  axes: Axes,
  axis: Axis,
): { tags: Map<string, Remark[]>; clients: Map<string, Remark[]> } {
  const place = (stamp: number): number => unitAt(axis, axes.positionOf(stamp));
  const placed = (given: readonly Annotation[]): Remark[] => {
    const spans = given
      .toSorted((a, b) => a.start - b.start)
      .map((annotation) => {
        const { start, end = start } = annotation;
        return { annotation, from: place(start), until: place(end) };
      });
    const tracks = tracksOf(spans.map(({ from, until }) => ({ fromUs: from, untilUs: until })));
    return spans.map((span, i) => ({ ...span, track: tracks[i] ?? 0 }));
  };
  const groups = {
    tags: new Map<string, Annotation[]>(),
    clients: new Map<string, Annotation[]>(),
  };
  for (const annotation of annotations) {
    const { tag, clientId } = annotation;
    const group = tag === undefined ? groups.clients : groups.tags;
    const name = tag ?? String(clientId);
    const told = group.get(name);
    if (told === undefined) group.set(name, [annotation]);
    else told.push(annotation);
  }
  const each = (group: Map<string, Annotation[]>): Map<string, Remark[]> =>
    new Map(Array.from(group, ([name, given]) => [name, placed(given)]));
  return { tags: each(groups.tags), clients: each(groups.clients) };
}
