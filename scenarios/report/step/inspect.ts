import pc from 'picocolors';
import type { Trace, TraceRecord } from '../../../sim/index.ts';
import { compact } from '../compact.ts';
import { milliseconds } from '../gutter.ts';
import { statesAfter, type NodeState } from '../state-at.ts';
import { clean, fold } from '../text-fold.ts';

const VALUE_ROOM = 200;

/** One thing that is known of a node. */
interface Item {
  /** What it is, whatever its value: `term`. */
  readonly name: string;
  readonly text: string;
  /** There may be a hundred of this sort: those that did not change are told together. */
  readonly sort?: (typeof SORTS)[number];
}

const SORTS = ['operations', 'calls', 'files'] as const;

/** So many that did not change are told one by one. */
const MOST_UNCHANGED = 4;

/**
 * What each node (or one of them) knows after an event, a line a thing. `*` marks what is not as it
 * was after an earlier (or later) event, `-` what is no more.
 */
export function inspectLines(
  trace: Trace,
  now: number,
  before: number,
  node: string | undefined,
  width: number,
): string[] {
  const ascending = [now, before].toSorted((a, b) => a - b);
  const states = statesAfter(trace, ascending);
  const past = new Map(states[ascending.indexOf(before)]?.map((state) => [state.node, state]));
  return (states[ascending.lastIndexOf(now)] ?? [])
    .filter((state) => node === undefined || state.node === node)
    .flatMap((state) => [
      pc.bold(clean(state.node)),
      ...markedLines(itemsOf(state), past.get(state.node), width),
    ]);
}

function markedLines(items: readonly Item[], past: NodeState | undefined, width: number): string[] {
  const had = past === undefined ? [] : itemsOf(past);
  const texts = new Map(had.map(({ name, text }) => [name, text]));
  const names = new Set(items.map(({ name }) => name));
  const isOld = ({ name, text }: Item): boolean => texts.get(name) === text;
  const changed = items.filter((item) => !isOld(item));
  const gone = had.filter(({ name }) => !names.has(name));
  return [
    ...items
      .filter((item) => item.sort === undefined)
      .flatMap((item) =>
        isOld(item) ? line(' ', item.text, width) : line('*', changedText(item, texts), width),
      ),
    ...SORTS.flatMap((sort) => {
      const [old, fresh] = [items.filter(isOld), changed].map((some) =>
        some.filter((item) => item.sort === sort),
      ) as [Item[], Item[]];
      return sort === 'files'
        ? [...fileLines(' ', old, width), ...fileLines('*', fresh, width)]
        : [...oldLines(old, sort, width), ...fresh.flatMap(({ text }) => line('*', text, width))];
    }),
    ...gone.flatMap(({ text }) => line('-', text, width)),
  ];
}

/** `term = 3  (was 2)` */
function changedText({ name, text }: Item, texts: ReadonlyMap<string, string>): string {
  const was = texts.get(name);
  return was === undefined ? text : `${text}  (was ${was.replace(`${name} = `, '')})`;
}

function fileLines(mark: string, files: readonly Item[], width: number): string[] {
  const names = files.map(({ name }) => name.slice('file '.length)).join(', ');
  return names === '' ? [] : line(mark, `files ${names}`, width);
}

/** What has not changed: of many, the last ones. */
function oldLines(items: readonly Item[], sort: string, width: number): string[] {
  const left = items.length - MOST_UNCHANGED;
  const lines = items.slice(-MOST_UNCHANGED).flatMap(({ text }) => line(' ', text, width));
  return left <= 0 ? lines : [...line(' ', `${left} older ${sort}, and:`, width), ...lines];
}

function line(mark: string, text: string, width: number): string[] {
  const paint = mark === '*' ? pc.yellow : mark === '-' ? pc.dim : (plain: string) => plain;
  return fold(text, width - 4).map((part, i) => paint(`${i === 0 ? mark : ' '}   ${part}`));
}

function itemsOf({ status, incarnation, fields, operations, calls, files }: NodeState): Item[] {
  const life = incarnation === 0 ? status : `${status}, life ${incarnation}`;
  return [
    { name: 'status', text: life },
    ...Object.entries(fields).map(([name, value]) => ({
      name,
      text: `${name} = ${compact([value], VALUE_ROOM).slice(1, -1)}`,
    })),
    ...operations.map((record): Item => ({
      sort: 'operations',
      name: `operation ${record.event} ${compact(record.payload)}`,
      text: `in ${compact(record.payload, VALUE_ROOM)} ${since(record)}`,
    })),
    ...calls.map((call): Item => ({
      sort: 'calls',
      name: `call ${call.to} ${call.label} ${call.n}`,
      text: `waits for ${call.to}: ${call.label} #${call.n} ${since(call)}`,
    })),
    ...files.map((file): Item => ({ sort: 'files', name: `file ${file}`, text: `file ${file}` })),
  ];
}

function since({ timeUs, event }: TraceRecord): string {
  return `since ${milliseconds(timeUs)} ms (event ${event})`;
}
