import type { FaultSpan } from '../../scenarios/report/fault-spans.ts';
import type { Span } from '../../scenarios/define/span.ts';
import type { Fact } from '../model/over-time.ts';
import { tracksOf, type Operation } from '../model/operations.ts';
import type { RunModel } from '../model/run-model.ts';
import { factsOf, heightOfFact, ownershipOf, rowFacts } from './know-rows.ts';

/** Things that take time, on tracks where none overlaps another: each track by its times. */
export interface Tracks<T> {
  readonly items: readonly (readonly T[])[];
  readonly fromUs: readonly Float64Array[];
  readonly untilUs: readonly Float64Array[];
}

interface At {
  readonly key: string;
  readonly title: string;
  /** Place from the top of all rows, and size, in px. */
  readonly y: number;
  readonly height: number;
}

/** A stretch of time that somebody spent on something, in µs. */
export interface Spent {
  readonly span: Span;
  readonly fromUs: number;
  readonly untilUs: number;
}

/** One row of the diagram, from the top to the bottom. */
export type Row =
  | (At & { readonly kind: 'section'; readonly isFolded: boolean; readonly note: string })
  | (At & { readonly kind: 'fact'; readonly fact: Fact; readonly isInner: boolean })
  | (At & { readonly kind: 'faults'; readonly tracks: Tracks<FaultSpan> })
  | (At & { readonly kind: 'lane'; readonly lane: number; readonly stripHeight: number })
  | (At & { readonly kind: 'operations'; readonly tracks: Tracks<Operation> })
  | (At & { readonly kind: 'spans'; readonly tracks: Tracks<Spent>; readonly isNumbers: boolean });

type Content = {
  [K in Row['kind']]: Omit<Extract<Row, { kind: K }>, 'y'>;
}[Row['kind']];

export const SECTION_PX = 24;
export const STRIP_PX = 14;
export const TRACK_PX = 17;
/** Tracks of one client; more of them would be a picture of their own. */
const MOST_TRACKS = 6;
const LANE_PX = 44;
const PLAIN_LANE_PX = 26;

/** The parts of rows that do not change while somebody looks. */
export interface RowParts {
  readonly faults: Tracks<FaultSpan>;
  readonly operations: ReadonlyMap<string, Tracks<Operation>>;
  readonly spans: ReadonlyMap<string, Tracks<Spent>>;
}

export function rowParts({ faults, operations, data }: RunModel): RowParts {
  const byClient = groups(operations.all, ({ client }) => client);
  const spent = data.about.spans.map((span): Spent => {
    return { span, fromUs: span.fromMs * 1000, untilUs: span.toMs * 1000 };
  });
  const byRow = groups(spent, ({ span }) => span.row);
  return {
    faults: onTracks(faults, data.endUs, 16),
    operations: new Map(
      operations.clients.map((id) => [id, onTracks(byClient.get(id) ?? [], data.endUs)]),
    ),
    spans: new Map([...byRow].map(([row, items]) => [row, onTracks(items, data.endUs)])),
  };
}

function groups<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const same = found.get(key);
    if (same === undefined) found.set(key, [item]);
    else same.push(item);
  }
  return found;
}

function onTracks<T extends { readonly fromUs: number; readonly untilUs: number }>(
  items: readonly T[],
  endUs: number,
  most: number = MOST_TRACKS,
): Tracks<T> {
  const sorted = items.toSorted((a, b) => a.fromUs - b.fromUs);
  const tracks: T[][] = [];
  for (const [i, track] of tracksOf(sorted).entries()) {
    (tracks[Math.min(track, most - 1)] ??= []).push(sorted[i]!);
  }
  return {
    items: tracks,
    fromUs: tracks.map((track) => Float64Array.from(track, ({ fromUs }) => fromUs)),
    untilUs: tracks.map((track) =>
      Float64Array.from(track, ({ untilUs }) => Math.min(untilUs, endUs)),
    ),
  };
}

/** What is hidden, and which sections are folded. */
export interface RowChoices {
  readonly folded: ReadonlySet<string>;
  readonly hiddenNodes: ReadonlySet<string>;
  /** Nodes of which all that they know is shown over time. */
  readonly known: ReadonlySet<string>;
  /** Rows of tables that are shown over time. */
  readonly pinned: ReadonlySet<string>;
  /** Is who owns what told by owner, rather than by what is owned? */
  readonly isByOwner: boolean;
}

/**
 * The rows as they stand, from the top.
 * @param room if they need less height than this, lanes get what is left, up to twice their own
 */
export function rowsOf(model: RunModel, parts: RowParts, choices: RowChoices, room: number): Row[] {
  const contents = [
    ...faultRows(parts),
    ...spanRows(model, parts, choices),
    ...laneRows(model, choices),
    ...commonRows(model, choices),
    ...operationRows(model, parts, choices),
  ];
  const shown: Content[] = [];
  let isFolded = false;
  for (const content of contents) {
    if (content.kind === 'section') isFolded = choices.folded.has(content.key);
    else if (isFolded) continue;
    shown.push(content.kind === 'section' ? { ...content, isFolded } : content);
  }
  const needed = shown.reduce((sum, { height }) => sum + height, 0);
  const lanes = shown.filter(({ kind }) => kind === 'lane').length;
  const spare = Math.floor(Math.max(0, room - needed) / Math.max(1, lanes));
  const rows: Row[] = [];
  let y = 0;
  for (const content of shown) {
    const more = content.kind === 'lane' ? Math.min(spare, content.height) : 0;
    const height = content.height + more;
    rows.push({ ...content, y, height });
    y += height;
  }
  return rows;
}

function section(key: string, title: string, note: string): Content {
  return { kind: 'section', key, title, note, height: SECTION_PX, isFolded: false };
}

function faultRows({ faults }: RowParts): Content[] {
  const count = faults.items.reduce((sum, track) => sum + track.length, 0);
  if (count === 0) return [];
  const height = faults.items.length * TRACK_PX + 5;
  return [
    section('faults', 'Faults', String(count)),
    { kind: 'faults', key: 'fault tracks', title: '', height, tracks: faults },
  ];
}

function spanRows(model: RunModel, { spans }: RowParts, { isByOwner }: RowChoices): Content[] {
  const view = model.data.about.views.find(
    ({ kind }) => kind === 'ownership' || kind === 'timeline',
  );
  if (spans.size === 0) return [];
  const numbers = view?.kind === 'ownership' ? view.numbers : undefined;
  const ownership = ownershipOf(model);
  const isPivoted = ownership !== undefined && isByOwner;
  const rows = [...spans].filter(([row]) => !isPivoted || row === numbers);
  return [
    section('spans', view?.title ?? 'Timeline', ''),
    ...rows.map(([row, tracks]): Content => {
      const height = tracks.items.length * TRACK_PX + 2;
      const isNumbers = row === numbers;
      return { kind: 'spans', key: `span ${row}`, title: row, height, tracks, isNumbers };
    }),
    ...(isPivoted ? factRows('owner', model.knowledge.owners(ownership), false) : []),
  ];
}

/** Tables that are nobody's in particular. */
function commonRows({ knowledge }: RunModel, { pinned }: RowChoices): Content[] {
  return knowledge.tables.flatMap((view) => {
    const count = knowledge.rowsOf(view, '').length;
    if (count === 0) return [];
    const facts = rowFacts(knowledge, view, '', pinned);
    const key = `table ${view.name}`;
    return [section(key, view.title, String(count)), ...factRows(key, facts, false)];
  });
}

/** @param isInner do they belong to the lane above them? */
function factRows(key: string, facts: readonly Fact[], isInner: boolean): Content[] {
  return facts.map((fact) => {
    const { title } = fact;
    const height = heightOfFact(fact);
    return { kind: 'fact', key: `${key} ${fact.key}`, title, height, fact, isInner };
  });
}

function laneRows(model: RunModel, { hiddenNodes, known, pinned }: RowChoices): Content[] {
  const { lanes, strips, marks } = model;
  const shown = [...lanes.entries()].filter(([lane, { id, part }]) => {
    // A tester that only waits says nothing.
    const isIdle = part === 'tester' || marks[lane]!.length === 0;
    return !hiddenNodes.has(id) && !(isIdle && hiddenNodes.has('idle'));
  });
  return [
    section('nodes', 'Nodes', String(shown.length)),
    ...shown.flatMap(([lane, { id }]): Content[] => {
      const stripHeight = strips[lane]!.length > 0 ? STRIP_PX : 0;
      const height = stripHeight > 0 ? LANE_PX : PLAIN_LANE_PX;
      const facts = known.has(id) ? factsOf(model, id, pinned) : [];
      return [
        { kind: 'lane', key: `lane ${id}`, title: id, lane, stripHeight, height },
        ...factRows(`fact ${id}`, facts, true),
      ];
    }),
  ];
}

function operationRows(
  { operations }: RunModel,
  parts: RowParts,
  { hiddenNodes }: RowChoices,
): Content[] {
  if (operations.all.length === 0) return [];
  return [
    section('operations', 'Operations', String(operations.all.length)),
    ...[...parts.operations]
      .filter(([client]) => !hiddenNodes.has(client))
      .map(([client, tracks]): Content => {
        const height = tracks.items.length * TRACK_PX + 4;
        return { kind: 'operations', key: `client ${client}`, title: client, height, tracks };
      }),
  ];
}

/** The height of all rows, in px. */
export function heightOf(rows: readonly Row[]): number {
  const last = rows[rows.length - 1];
  return last === undefined ? 0 : last.y + last.height;
}
