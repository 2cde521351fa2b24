import type { LogView } from '../../scenarios/define/view.ts';
import type { LogMoment } from './revealed.ts';
import type { RunData } from './run-data.ts';

/** Stretches of time, one after the other, in each of which something was the same. */
interface Stretches {
  readonly fromUs: Float64Array;
  readonly untilUs: Float64Array;
  /** The record with which each began. */
  readonly records: Uint32Array;
}

/** Words over time. */
export interface WordsOverTime extends Stretches {
  readonly kind: 'words';
  /** What to write: the first that has room, or the last as far as there is any. */
  readonly texts: readonly (readonly string[])[];
  /** Number of a colour; -1 = none: nothing that stands out. */
  readonly hues: Int8Array;
}

/** A number over time. */
export interface NumberOverTime extends Stretches {
  readonly kind: 'number';
  readonly values: Float64Array;
}

/** Which of some things somebody had, over time. */
export interface MembersOverTime extends Stretches {
  readonly kind: 'members';
  /** All that anybody ever had. */
  readonly members: readonly string[];
  readonly sets: readonly ReadonlySet<string>[];
}

/** A log over time, with how far it was committed, applied, or whatever its marks say. */
export interface LogOverTime extends Stretches {
  readonly kind: 'log';
  readonly view: LogView;
  readonly moments: readonly LogMoment[];
  /** By mark of the view: its value in each stretch; NaN if it was not known. */
  readonly marks: readonly Float64Array[];
}

export type Drawn = WordsOverTime | NumberOverTime | MembersOverTime | LogOverTime;

/** What is known in one respect, over time: a row below that of the node. */
export interface Fact {
  readonly key: string;
  readonly title: string;
  readonly drawn: Drawn;
}

/** From a record on something has a value; undefined = none. */
export interface Change<T> {
  readonly record: number;
  readonly value: T | undefined;
}

/**
 * The stretches between changes, of those that last at all and have a value.
 * @param isSame of two values that follow each other
 */
export function stretchesOf<T>(
  data: RunData,
  changes: readonly Change<T>[],
  isSame: (a: T, b: T) => boolean = Object.is,
): Stretches & { readonly values: readonly T[] } {
  const found: { fromUs: number; untilUs: number; record: number; value: T }[] = [];
  for (const [i, { record, value }] of changes.entries()) {
    if (value === undefined) continue;
    const fromUs = data.timeUs[record] ?? data.endUs;
    const next = changes[i + 1];
    const untilUs = next === undefined ? data.endUs : (data.timeUs[next.record] ?? data.endUs);
    if (untilUs <= fromUs) continue;
    const before = found[found.length - 1];
    if (before !== undefined && before.untilUs === fromUs && isSame(before.value, value)) {
      before.untilUs = untilUs;
    } else found.push({ fromUs, untilUs, record, value });
  }
  return {
    fromUs: Float64Array.from(found, ({ fromUs }) => fromUs),
    untilUs: Float64Array.from(found, ({ untilUs }) => untilUs),
    records: Uint32Array.from(found, ({ record }) => record),
    values: found.map(({ value }) => value),
  };
}

export function numberOverTime(data: RunData, changes: readonly Change<number>[]): NumberOverTime {
  const { values, ...stretches } = stretchesOf(data, changes);
  return { kind: 'number', ...stretches, values: Float64Array.from(values) };
}

/** What words say, and the colour of it. */
export interface Word {
  /** In full first, and then shorter and shorter. */
  readonly texts: readonly string[];
  readonly hue: number;
}

export function wordsOverTime(data: RunData, changes: readonly Change<Word>[]): WordsOverTime {
  const { values, ...stretches } = stretchesOf(data, changes, (a, b) => a.texts[0] === b.texts[0]);
  return {
    kind: 'words',
    ...stretches,
    texts: values.map(({ texts }) => texts),
    hues: Int8Array.from(values, ({ hue }) => hue),
  };
}

export function membersOverTime(
  data: RunData,
  changes: readonly Change<readonly string[]>[],
  members: readonly string[],
): MembersOverTime {
  const isSame = (a: readonly string[], b: readonly string[]): boolean => a.join() === b.join();
  const { values, ...stretches } = stretchesOf(data, changes, isSame);
  return { kind: 'members', ...stretches, members, sets: values.map((value) => new Set(value)) };
}

/** What a log and its marks were, at each moment at which one of them changed. */
export function logOverTime(
  data: RunData,
  view: LogView,
  changes: readonly Change<{ readonly moment: LogMoment; readonly marks: readonly number[] }>[],
): LogOverTime {
  const { values, ...stretches } = stretchesOf(data, changes);
  return {
    kind: 'log',
    view,
    ...stretches,
    moments: values.map(({ moment }) => moment),
    marks: view.marks.map((_, i) => Float64Array.from(values, ({ marks }) => marks[i] ?? NaN)),
  };
}
