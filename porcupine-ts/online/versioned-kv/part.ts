import { claimOfGet, IMPOSSIBLE, isVersion } from '../../exact/versioned-kv/claims.ts';
import { Frontier, START } from '../../exact/versioned-kv/frontier.ts';
import { Intervals } from '../../exact/versioned-kv/intervals.ts';
import { Spans } from '../../exact/versioned-kv/spans.ts';
import { NEVER } from '../../history/timeline.ts';
import type {
  VersionedGetOutput,
  VersionedKvInput,
  VersionedKvOutput,
  VersionedPut,
} from '../../models/versioned-kv-operation.ts';
import type { OnlineOutcome, OnlinePart } from '../online-part.ts';
import { Queue } from '../queue.ts';
import { blocked, contradiction, impossible, late, premature, type Step } from './reasons.ts';
import {
  type KvOperation,
  lastGap,
  type SummarySpans,
  valueOf,
  VersionRecord,
} from './version-record.ts';

/** Below this many stored operations it is not worth looking for those that say nothing. */
const PRUNE_MIN = 8;

/** An operation, and a version of which its answer tells that it was there when it returned. */
interface Proof {
  readonly version: number;
  readonly operation: KvOperation;
}

/** The step of the frontier that is taken back when the value of the new version comes out. */
interface Tentative {
  readonly gapsBefore: Intervals;
  readonly step: Step;
}

/**
 * Judges one key of the strict versioned KV while it happens: the sweep over the versions (see
 * {@link Frontier}), each as soon as it is **closed**.
 *
 * Version v is closed when something has returned that proves that v + 1 was there, and everything
 * that was called before that return has settled. All that can still come was called when v + 1 was
 * there: a get of v or an OK put at v is then wrong at once, and what any other put at v could say
 * is true. So all about v is known, the frontier takes the step to v + 1, and v is forgotten.
 *
 * That finds every violation. With all settled, the frontier is at the highest version `top` that
 * is proven. No version above it has a get or an OK put; all that the refused puts above it say is
 * true if `top` is the last; and a put at `top` of which that is not so is a proof of `top + 1`.
 */
export class OnlineVersionedKv implements OnlinePart<VersionedKvInput, VersionedKvOutput> {
  outcome: OnlineOutcome<VersionedKvInput, VersionedKvOutput> = 'open';

  private readonly frontier = new Frontier();
  /** What is known of the versions that are not closed. */
  private readonly records = new Map<number, VersionRecord>();
  /** How many operations they hold. */
  private stored = 0;
  private pruneAt = PRUNE_MIN;
  /** Operations by call; those that have settled are taken out when they are at the head. */
  private readonly calls = new Queue<KvOperation>();
  /** The last event known of. */
  private now = START;
  /** Proofs of higher and higher versions, by return. */
  private readonly proofs = new Queue<Proof>();
  private highestProven = 0;
  /** The proof that version `top` was there by which the version before it was closed. */
  private passedBy: KvOperation | undefined;
  /** Of those that saw a version before it, the one that was called last. */
  private keptBy: KvOperation | undefined;
  /** The last gap in which `top` can have been created. */
  private lastCreation = START;
  /** The first operation known to tell, since `top` was reached, that `top + 1` was there. */
  private forced: KvOperation | undefined;
  /** Set while it is not known which of several values `top` has. */
  private tentative: Tentative | undefined;
  private readonly spans: SummarySpans = { writers: new Spans(), refusals: new Spans() };

  get held(): number {
    // Two are kept for the sake of reasons only.
    const kept = (this.passedBy === undefined ? 0 : 1) + (this.keptBy === undefined ? 0 : 1);
    return this.calls.size + this.stored + kept + (this.tentative?.step.record.size ?? 0);
  }

  call(operation: KvOperation): void {
    this.now = operation.call;
    this.calls.push(operation);
  }

  settle(operation: KvOperation): void {
    const { input, output } = operation;
    this.now = operation.return ?? this.now;
    while (this.calls.first()?.open === false) this.calls.shift();
    if (this.now >= NEVER) {
      // Gaps are integers of 32 bits.
      this.outcome = 'memory';
      return;
    }
    if (input.op === 'put') this.settlePut(operation, input);
    else if (output !== undefined) this.settleGet(operation, output as VersionedGetOutput);
    this.closeVersions();
    if (this.stored > this.pruneAt) this.prune();
  }

  private get top(): number {
    return this.frontier.version;
  }

  private settleGet(get: KvOperation, answer: VersionedGetOutput): void {
    const { value, version } = answer;
    if (claimOfGet(answer) === IMPOSSIBLE || !isVersion(version)) {
      this.outcome = impossible(get);
    } else if (version < this.top) {
      this.outcome = late(get, this.passedBy!);
    } else if (version === 0 || this.learnValue(version, value, get)) {
      this.note(version, (record) => {
        record.firstSeen ??= get;
        record.sawUntil(get);
      });
      this.prove(version, get);
    }
  }

  private settlePut(put: KvOperation, { version, value }: VersionedPut): void {
    const { top } = this;
    const past = version < top;
    // A version that can never be there is as good as one of the far future.
    const named = isVersion(version);
    switch (put.output?.err) {
      case 'OK':
        if (!named) this.outcome = impossible(put);
        else if (past) this.outcome = late(put, this.passedBy!);
        else this.settleWrite(put, version, value);
        return;
      case 'ErrNoKey':
        if (version === 0) this.outcome = impossible(put);
        else if (top > 0) this.outcome = late(put, this.passedBy!);
        else this.note(0, (record) => record.sawUntil(put));
        return;
      case 'ErrVersion':
        // The key existed, and if version 1 was not its version, version 2 did.
        for (const left of version === 1 ? [0, 1] : [0]) {
          if (left < top) continue;
          this.note(left, (record) => (record.left ??= put));
          this.prove(left + 1, put);
        }
        if (named && !past && version > 1) this.settleRefusal(put, version);
        return;
      case 'ErrMaybe':
      case undefined:
        if (past || !named) return;
        this.note(version, (record) => {
          if (record.written === undefined) record.unsure.push(put);
        });
        if (put.return !== undefined) this.settleRefusal(put, version);
        return;
      default:
        this.outcome = impossible(put);
    }
  }

  private settleWrite(put: KvOperation, version: number, value: string): void {
    const first = this.records.get(version)?.written;
    if (first !== undefined) {
      this.outcome = contradiction(first, put);
    } else if (this.learnValue(version + 1, value, put)) {
      this.note(version, (record) => {
        record.written = put;
        record.unsure = [];
      });
      this.prove(version + 1, put);
    }
  }

  private settleRefusal(put: KvOperation, version: number): void {
    this.note(version, (record) => record.refused.push(put));
    // Called when the version was there for certain, and it was not, when this took effect.
    if (version === this.top && put.call > this.lastCreation) this.prove(version + 1, put);
  }

  /** The version has this value, as the operation tells. False if it has another one. */
  private learnValue(version: number, value: string, from: KvOperation): boolean {
    const record = this.records.get(version);
    if (record?.value !== undefined) {
      if (record.value === value) return true;
      this.outcome = contradiction(record.valueFrom!, from);
      return false;
    }
    this.note(version, (fresh) => {
      fresh.value = value;
      fresh.valueFrom = from;
    });
    return version !== this.top || this.tentative === undefined || this.takeAgain(this.tentative);
  }

  /** Changes what is known of a version. */
  private note(version: number, change: (record: VersionRecord) => void): void {
    let record = this.records.get(version);
    if (record === undefined) {
      record = new VersionRecord();
      this.records.set(version, record);
    }
    const before = record.size;
    change(record);
    this.stored += record.size - before;
  }

  private prove(version: number, operation: KvOperation): void {
    if (version <= this.highestProven) return;
    this.highestProven = version;
    this.proofs.push({ version, operation });
  }

  private closeVersions(): void {
    while (this.outcome === 'open') {
      const proof = this.earliestProof();
      if (proof === undefined) return;
      const oldest = this.calls.first();
      if (oldest !== undefined && oldest.call < proof.return!) return;
      this.close(proof);
    }
  }

  /** What was the first to return and tell that `top + 1` was there. */
  private earliestProof(): KvOperation | undefined {
    const { proofs, forced, top } = this;
    let first = proofs.first();
    while (first !== undefined && first.version <= top) {
      proofs.shift();
      first = proofs.first();
    }
    if (forced === undefined) return first?.operation;
    return first === undefined || forced.return! < first.operation.return!
      ? forced
      : first.operation;
  }

  private close(proof: KvOperation): void {
    const { frontier, records, top, passedBy } = this;
    const record = records.get(top) ?? new VersionRecord();
    const writers = record.writersOf(records.get(top + 1)?.value);
    const { lastSeen } = record;
    if (lastSeen !== undefined && lastSeen.call > (this.keptBy?.call ?? START)) {
      this.keptBy = lastSeen;
    }
    const step: Step = {
      version: top,
      record,
      earliest: frontier.gaps.lows[0]!,
      writers,
      proof,
      passedBy,
      keptBy: this.keptBy,
    };
    const first = writers[0];
    const ambiguous = writers.some((put) => valueOf(put) !== valueOf(first!));
    this.tentative = undefined;
    if (ambiguous) {
      const gapsBefore = new Intervals();
      gapsBefore.intersect(frontier.gaps, frontier.gaps);
      this.tentative = { gapsBefore, step };
    }
    if (!this.take(step)) return;
    if (records.delete(top)) this.stored -= record.size;
    this.passedBy = proof;
    this.highestProven = Math.max(this.highestProven, top + 1);
    if (!ambiguous && records.get(top + 1)?.value === undefined) {
      this.learnValue(top + 1, valueOf(first!), first!);
    }
  }

  /** The frontier goes on by one version; false if it cannot. */
  private take(step: Step): boolean {
    if (!this.frontier.advance(step.record.summarize(step.writers, this.spans))) {
      this.outcome = blocked(step);
      return false;
    }
    return this.arrive(step);
  }

  /** Takes the step to `top` once more, now that its value is known. */
  private takeAgain({ gapsBefore, step }: Tentative): boolean {
    const { frontier } = this;
    const { value, valueFrom } = this.records.get(this.top)!;
    this.tentative = undefined;
    frontier.gaps = gapsBefore;
    frontier.version = step.version;
    const writers = step.record.writersOf(value);
    return this.take({ ...step, writers, proof: writers.length === 0 ? valueFrom! : step.proof });
  }

  /** Looks at what is known already of the version that the frontier has come to. */
  private arrive(step: Step): boolean {
    const { gaps } = this.frontier;
    const record = this.records.get(this.top);
    const seenBy = record?.seenBy ?? NEVER;
    if (gaps.lows[0]! > seenBy) {
      this.outcome = premature(record!.firstSeen!, step);
      return false;
    }
    let interval = gaps.count - 1;
    while (gaps.lows[interval]! > seenBy) interval--;
    this.lastCreation = Math.min(gaps.highs[interval]!, seenBy);
    this.forced = undefined;
    for (const put of record?.refused ?? []) {
      if (put.call <= this.lastCreation) continue;
      if (this.forced === undefined || put.return! < this.forced.return!) this.forced = put;
    }
    return true;
  }

  /**
   * Forgets puts at versions above `top` that name a version of the future as long as nothing else
   * could be true: called before `top + 1` can have been there, or unable to create anything.
   */
  private prune(): void {
    const { top } = this;
    const from = this.nextCreationFrom();
    for (const [version, record] of this.records) {
      if (version <= top) continue;
      const before = record.size;
      record.refused = record.refused.filter((put) => put.call > from);
      record.unsure = record.unsure.filter((put) => lastGap(put) >= from);
      this.stored += record.size - before;
      if (record.size === 0) this.records.delete(version);
    }
    this.pruneAt = Math.max(PRUNE_MIN, 2 * this.stored);
  }

  /** No version above `top` can have been created before this gap. */
  private nextCreationFrom(): number {
    const record = this.records.get(this.top);
    const kept = Math.max(this.frontier.gaps.lows[0]!, record?.lastSeen?.call ?? START);
    // What creates it is known, or open, or yet to come.
    let writer = this.calls.first()?.call ?? this.now;
    for (const put of record?.writersOf(undefined) ?? []) writer = Math.min(writer, put.call);
    return Math.max(kept, writer);
  }
}
