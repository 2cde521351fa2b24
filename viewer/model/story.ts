import type { View } from '../../scenarios/define/view.ts';
import { wordsOf } from '../../scenarios/report/trace-words.ts';
import type { NodeHistory } from './states.ts';
import type { Operations } from './operations.ts';
import type { RunData } from './run-data.ts';

/** What a line of a story is about. */
export const storyKinds = [
  'violation',
  'fault',
  'node',
  'state',
  'commit',
  'probe',
  'log',
] as const;
export type StoryKind = (typeof storyKinds)[number];

/** A notable event. */
export interface StoryItem {
  readonly kind: StoryKind;
  readonly timeUs: number;
  /** Index of its record. */
  readonly record: number;
  readonly who: string;
  readonly text: string;
}

/** The notable events of a run, in their order. */
export function storyOf(
  data: RunData,
  nodes: ReadonlyMap<string, NodeHistory>,
  operations: Operations,
): StoryItem[] {
  const items = [...recorded(data), ...stateChanges(data, nodes), ...violations(data, operations)];
  return items.toSorted((a, b) => a.timeUs - b.timeUs || a.record - b.record);
}

function recorded(data: RunData): StoryItem[] {
  const items: StoryItem[] = [];
  for (let i = 0; i < data.length; i++) {
    const kind = storyKindOf(data.kindAt(i));
    if (kind === undefined) continue;
    const record = data.record(i);
    const who = record.node ?? '';
    items.push({ kind, timeUs: record.timeUs, record: i, who, text: wordsOf(record) });
  }
  return items;
}

function storyKindOf(kind: string): StoryKind | undefined {
  switch (kind) {
    case 'fault':
    case 'heal':
      return 'fault';
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return 'node';
    case 'probe':
      return 'probe';
    case 'log':
      return 'log';
    default:
      return undefined;
  }
}

function stateChanges(data: RunData, nodes: ReadonlyMap<string, NodeHistory>): StoryItem[] {
  const rules = data.about.views.flatMap((view: View) =>
    view.kind === 'fields' ? (view.story ?? []) : [],
  );
  const items: StoryItem[] = [];
  for (const { field, becomes, words, beside } of rules) {
    const found: StoryItem[] = [];
    for (const [who, { shown }] of nodes) {
      for (const { record, fields, changed } of shown) {
        if (!changed.includes(field)) continue;
        const value = fields[field];
        if (becomes !== undefined ? value !== becomes : typeof value !== 'number') continue;
        const also = beside === undefined ? '' : `, ${beside.title ?? beside.name} `;
        const tail = becomes === undefined ? ` ${String(value)}` : '';
        const besides = beside === undefined ? '' : String(fields[beside.name]);
        const text = `${words}${tail}${also}${besides}`;
        const kind = becomes === undefined ? 'commit' : 'state';
        found.push({ kind, timeUs: data.timeUs[record] as number, record, who, text });
      }
    }
    items.push(...(becomes === undefined ? firsts(found, nodes, field) : found));
  }
  return items;
}

/** Of those who reach a number, the first. */
function firsts(
  found: readonly StoryItem[],
  nodes: ReadonlyMap<string, NodeHistory>,
  field: string,
): StoryItem[] {
  // Nodes of one group share a prefix up to the last dot: `g1.s0`.
  const highest = new Map<string, number>();
  return found
    .toSorted((a, b) => a.record - b.record)
    .filter(({ who, record }) => {
      const group = who.includes('.') ? who.slice(0, who.lastIndexOf('.')) : '';
      const value = Number(nodes.get(who)?.after(record)?.fields[field]);
      if (!(value > (highest.get(group) ?? 0))) return false;
      highest.set(group, value);
      return true;
    });
}

function violations(data: RunData, operations: Operations): StoryItem[] {
  const { result } = data.about;
  const items: StoryItem[] = (result.story ?? []).map(({ timeUs, who, text, isCulprit }) => ({
    kind: 'violation',
    timeUs,
    record: Math.max(0, data.firstAt(timeUs + 1) - 1),
    who,
    text: isCulprit === true ? `${text} (here)` : text,
  }));
  const { event, reason = '', check = '' } = result;
  if (event !== undefined && reason !== '') {
    const record = Math.min(data.firstOf(event), Math.max(0, data.length - 1));
    const timeUs = data.timeUs[record] ?? data.endUs;
    items.push({ kind: 'violation', timeUs, record, who: '', text: `${check}: ${reason}` });
  }
  // The same history may be judged by several checks; each is told at what it blames.
  if (event === undefined) {
    for (const { culprit, reason: why, check: name } of operations.blames) {
      const operation = operations.get(culprit);
      if (operation === undefined) continue;
      const timeUs = operation.untilUs;
      const record = Math.max(0, data.firstAt(timeUs + 1) - 1);
      const text = `${name}: ${why}`;
      items.push({ kind: 'violation', timeUs, record, who: operation.client, text });
    }
  }
  return items;
}
