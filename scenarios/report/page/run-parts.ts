import type { CheckedHistory } from '../../define/check.ts';
import type { HistoryLine } from '../../define/history.ts';
import type { RunResult } from '../../define/result.ts';
import type { Span } from '../../define/span.ts';
import type { Revealed, View } from '../../define/view.ts';

/** The small part of what a page says of a run. */
export interface RunAbout {
  readonly result: RunResult;
  /** How the world was, in a word each: network, disk, clocks, hardware, ties. */
  readonly world: Readonly<Record<string, string>>;
  readonly params: Readonly<Record<string, unknown>>;
  readonly views: readonly View[];
  readonly spans: readonly Span[];
  /** Number of records in the trace. */
  readonly records: number;
  readonly strings: readonly string[];
  /** What the reader should know of this page, in a sentence each. */
  readonly remarks: readonly string[];
}

/** Sections of JSON that are read when somebody looks at them, or at once where small. */
export interface RunParts {
  readonly history: readonly HistoryLine[];
  readonly checked: readonly CheckedHistory[];
  readonly revealed: readonly Revealed[];
}
