import type { TraceRecord } from '../../sim/index.ts';

/** How records become lines of a page. */
export interface TraceForm {
  header(): string;
  /** Told of every record of the trace in its order, before {@link rows}. */
  see(record: TraceRecord): void;
  rows(record: TraceRecord): string[];
}
