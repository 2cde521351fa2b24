import { START, type VersionSummary } from '../../exact/versioned-kv/frontier.ts';
import type { Spans } from '../../exact/versioned-kv/spans.ts';
import { NEVER } from '../../history/timeline.ts';
import type {
  VersionedKvInput,
  VersionedKvOutput,
  VersionedPut,
} from '../../models/versioned-kv-operation.ts';
import type { OnlineOperation } from '../online-operation.ts';

/** An operation on a key. */
export type KvOperation = OnlineOperation<VersionedKvInput, VersionedKvOutput>;

/** All that is to be remembered of the operations that tell of one version v of a key. */
export class VersionRecord {
  /** Its value, as soon as there is only one that it can have; not used for version 0. */
  value: string | undefined;
  /** The operation from which that is known. */
  valueFrom: KvOperation | undefined;
  /** The get of v that returned first. */
  firstSeen: KvOperation | undefined;
  /** The one that was called last, of the gets of v and, for version 0, puts told ErrNoKey. */
  lastSeen: KvOperation | undefined;
  /** The put that was the first to return with an answer that says that v had been left. */
  left: KvOperation | undefined;
  /** The put at v that answered OK. */
  written: KvOperation | undefined;
  /** Without that: the puts at v of which it is not known whether they had their effect. */
  unsure: KvOperation[] = [];
  /** The puts at v that returned and may have had no effect. */
  refused: KvOperation[] = [];

  /** How many operations it holds, at most. */
  get size(): number {
    return (
      this.unsure.length +
      this.refused.length +
      (this.valueFrom === undefined ? 0 : 1) +
      (this.firstSeen === undefined ? 0 : 1) +
      (this.lastSeen === undefined ? 0 : 1) +
      (this.left === undefined ? 0 : 1) +
      (this.written === undefined ? 0 : 1)
    );
  }

  /** Notes that the operation saw v at some time after its call. */
  sawUntil(operation: KvOperation): void {
    if (this.lastSeen === undefined || operation.call > this.lastSeen.call) {
      this.lastSeen = operation;
    }
  }

  /** The last gap in which v can have been created, by the gets of it. */
  get seenBy(): number {
    return this.firstSeen === undefined ? NEVER : lastGap(this.firstSeen);
  }

  /** The puts one of which created v + 1, by call; `value` is that of v + 1 if known. */
  writersOf(value: string | undefined): readonly KvOperation[] {
    if (this.written !== undefined) return [this.written];
    if (this.unsure.length > 1) this.unsure.sort(byCall);
    if (value === undefined) return this.unsure;
    return this.unsure.filter((put) => valueOf(put) === value);
  }

  /** What the frontier needs to know; the spans are filled anew. */
  summarize(writers: readonly KvOperation[], spans: SummarySpans): VersionSummary {
    if (this.refused.length > 1) this.refused.sort(byCall);
    fill(spans.writers, writers);
    fill(spans.refusals, this.refused);
    return {
      seenBy: this.seenBy,
      keptUntil: this.lastSeen?.call ?? START,
      leftBy: this.left === undefined ? NEVER : lastGap(this.left),
      ...spans,
    };
  }
}

/** Room for the lists of a summary. */
export type SummarySpans = Pick<VersionSummary, 'writers' | 'refusals'>;

/** The last gap in which the operation can have taken effect. */
export function lastGap({ return: end }: KvOperation): number {
  return end === undefined ? NEVER : end - 1;
}

/** The value that a put writes. */
export function valueOf(put: KvOperation): string {
  return (put.input as VersionedPut).value;
}

function fill(spans: Spans, operations: readonly KvOperation[]): void {
  spans.clear();
  for (const operation of operations) spans.push(operation.call, lastGap(operation));
}

function byCall(a: KvOperation, b: KvOperation): number {
  return a.call - b.call;
}
