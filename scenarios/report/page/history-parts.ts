import type { Annotation } from '../../../porcupine-ts/index.ts';
import type { Verdict } from '../../define/verdict.ts';

/**
 * What a page says of a checked history beside its tables. Operations are numbered by their calls,
 * whatever their order in the file was.
 */
export interface HistoryAbout {
  /** Where the history was read. */
  readonly file: string;
  readonly model: string;
  readonly verdict: Verdict;
  /** Why it is undecided, in words. */
  readonly undecided?: string;
  /** Steps of the general search; 0 = all was decided exactly. */
  readonly steps: number;
  /** `whole`: stamps are whole numbers, packed as such; `real`: they are any. */
  readonly stamps: 'whole' | 'real';
  /** Are the times of calls and returns known, in µs, beside their order? */
  readonly hasTimes: boolean;
  /** The lengths of the tables that do not say theirs themselves. */
  readonly counts: HistoryCounts;
  /** The smallest contradiction; exactly if there is a violation. */
  readonly core?: Core;
  /** What the reader should know of this page, in a sentence each. */
  readonly remarks: readonly string[];
}

export interface HistoryCounts {
  readonly operations: number;
  readonly parts: number;
  /** Linearizations, or beginnings of some, of all parts. */
  readonly orders: number;
  /** Places in them that are not those of the one before. */
  readonly places: number;
  /** Operations that could not come next, of all of them. */
  readonly stuck: number;
}

/** Operations whose answers contradict each other, whatever all others did. */
export interface Core {
  readonly operations: readonly number[];
  /** Number of the others. */
  readonly relaxed: number;
  /** Can none be left out? */
  readonly isMinimal: boolean;
}

/** Why a part is not linearizable. */
export interface PartViolation {
  readonly part: number;
  /** The operation to look at first. */
  readonly culprit: number;
  readonly involved: readonly number[];
  readonly kind: string;
  readonly reason: string;
}

/** Sections of JSON. */
export interface HistoryJson {
  readonly violations: readonly PartViolation[];
  readonly annotations: readonly Annotation[];
}

/** The verdicts of parts, by the number under which a page keeps them. */
export const PART_VERDICTS = ['ok', 'illegal', 'unknown'] as const;
export type PartVerdict = (typeof PART_VERDICTS)[number];
