import { HistoryError } from '../history/history-error.ts';
import type { UnknownReason } from '../check-result.ts';
import type { Model } from '../model.ts';
import { GeneralPart } from './general-part.ts';
import type { OnlineOperation, OperationId } from './online-operation.ts';
import type { OnlineBudget, OnlineEvidence, OnlinePart } from './online-part.ts';
import type { OnlineResult, OnlineVerdict, OnlineViolation } from './online-result.ts';

const CONFIGURATIONS_MAX_DEFAULT = 1_000_000;

/** Settings of an {@link OnlineChecker}. */
export interface OnlineOptions {
  /**
   * Budget of the general algorithm in steps over the whole run; beyond it the verdict is
   * `unknown`. A step applies the model once. May be overrun by some steps for each open operation.
   * Default: unlimited.
   */
  readonly maxSteps?: number | undefined;
  /**
   * How many configurations (states, and what has taken effect) the general algorithm may hold at a
   * time for one part; beyond it the verdict is `unknown`. One takes some 30 bytes. Default:
   * 1,000,000.
   */
  readonly maxConfigurations?: number | undefined;
  /**
   * `auto`: exact algorithms where the model has one. `search`: the general one for all. Default:
   * `auto`.
   */
  readonly algorithm?: 'auto' | 'search' | undefined;
}

/** A part of the history, and what is counted about it. */
interface WatchedPart<I, O> {
  readonly key: string | undefined;
  operations: number;
  /** Undefined once it has given up. */
  judge: OnlinePart<I, O> | undefined;
}

interface OpenCall<I, O> {
  readonly operation: OnlineOperation<I, O>;
  readonly part: WatchedPart<I, O>;
}

/**
 * Judges a history while it happens, and forgets what is settled: memory follows the operations
 * that overlap, not the length of the run. (Each part, such as a key, keeps what its state may be.)
 *
 * Events are told in the order in which they happen; the order of the method calls is the order of
 * time. An operation can be judged when all operations that were open at its return have settled,
 * that is, returned or been abandoned, because only then is it known what they did. A violation is
 * told by then at the latest; and whenever the verdict is `illegal`, what was told so far, with the
 * open calls pending, is not linearizable.
 *
 * **A long run** is judged as it goes on by calling `call` where a client sends a request, `return`
 * where it has the answer, and `abandon` where it crashes or gives up, or where the answer leaves
 * open whether the request can still arrive ("maybe": see `openMaybe`); by ending the run when
 * `verdict` is not `ok so far`; and by `finish` at its end. A call that is never settled keeps all
 * that comes after it in memory, so give up on calls that take too long. An abandoned operation of
 * which it never becomes certain whether it took effect is held for ever, as it may take effect at
 * any time; with versioned keys only until its version has passed.
 */
export class OnlineChecker<S, I, O> {
  private readonly model: Model<S, I, O>;
  private readonly algorithm: 'auto' | 'search';
  private readonly budget: OnlineBudget;
  private readonly parts = new Map<string | undefined, WatchedPart<I, O>>();
  private readonly open = new Map<OperationId, OpenCall<I, O>>();
  /** What each client that has a call open calls it. */
  private readonly callOf = new Map<string | number, OperationId>();
  private events = 0;
  private operations = 0;
  private heldNow = 0;
  private violationFound: OnlineViolation<I, O> | undefined;
  /** Why a part was given up; of several, the first. */
  private lacking: UnknownReason | undefined;
  private result: OnlineResult<I, O> | undefined;

  /**
   * @param model - what a single-threaded object would answer
   * @throws RangeError if a budget is not a number from 0 on
   */
  constructor(model: Model<S, I, O>, options: OnlineOptions = {}) {
    const {
      maxSteps = Infinity,
      maxConfigurations = CONFIGURATIONS_MAX_DEFAULT,
      algorithm = 'auto',
    } = options;
    for (const [name, limit] of Object.entries({ maxSteps, maxConfigurations })) {
      if (!(limit >= 0)) throw new RangeError(`${name} must be 0 or more, not ${limit}`);
    }
    this.model = model;
    this.algorithm = algorithm;
    this.budget = { steps: 0, maxSteps, maxConfigurations };
  }

  /** What is known now. */
  get verdict(): OnlineVerdict {
    if (this.violationFound !== undefined) return 'illegal';
    return this.lacking === undefined ? 'ok so far' : 'unknown';
  }

  /** Why the history is illegal, as soon as that is certain. */
  get violation(): OnlineViolation<I, O> | undefined {
    return this.violationFound;
  }

  /** How many operations are in memory. */
  get held(): number {
    return this.heldNow;
  }

  /**
   * A client calls an operation.
   *
   * @param id - the name of the operation until it settles; afterwards it may be used again
   * @throws HistoryError if an open operation has that name, if the client has one open, or after
   *   `finish`; the event then counts as not told
   * @throws ModelError if the model breaks its contract
   */
  call(id: OperationId, clientId: string | number, input: I): void {
    if (this.result !== undefined) throw this.misuse('call after finish');
    if (this.open.has(id)) {
      throw this.misuse(`operation ${JSON.stringify(id)} is called while one of that id is open`);
    }
    const other = this.callOf.get(clientId);
    if (other !== undefined) {
      throw this.misuse(
        `client ${JSON.stringify(clientId)} called before its operation ` +
          `${JSON.stringify(other)} returned or was abandoned; ` +
          'a client calls one operation at a time',
      );
    }
    const part = this.partOf(input);
    const operation: OnlineOperation<I, O> = {
      id,
      clientId,
      input,
      call: this.events,
      output: undefined,
      return: undefined,
      index: this.operations,
      open: true,
    };
    this.events++;
    this.operations++;
    part.operations++;
    this.open.set(id, { operation, part });
    this.callOf.set(clientId, id);
    this.tell(part, operation);
  }

  /**
   * An operation returns.
   *
   * @param output - what was answered; undefined if nobody knows
   * @throws HistoryError if no open operation has that id, or after `finish`; the event then counts
   *   as not told
   * @throws ModelError if the model breaks its contract
   */
  return(id: OperationId, output: O | undefined): void {
    const { operation, part } = this.close(id, 'return');
    operation.output = output;
    operation.return = this.events++;
    this.tell(part, operation);
  }

  /**
   * An operation will never return: its client crashed, or was told "maybe". It may take effect at
   * any time from its call on, or never. The client may go on.
   *
   * @throws HistoryError if no open operation has that id, or after `finish`; the event then counts
   *   as not told
   * @throws ModelError if the model breaks its contract
   */
  abandon(id: OperationId): void {
    const { operation, part } = this.close(id, 'abandon');
    this.events++;
    this.tell(part, operation);
  }

  /** Ends the history: open calls are pending. Calling it once more gives the same result. */
  finish(): OnlineResult<I, O> {
    if (this.result !== undefined) return this.result;
    for (const id of this.open.keys()) this.abandon(id);
    const { verdict, lacking } = this;
    this.result = {
      verdict: verdict === 'ok so far' ? 'ok' : verdict,
      steps: this.budget.steps,
      partitions: this.parts.size,
      operations: this.operations,
      ...(verdict === 'unknown' ? { reason: lacking! } : {}),
      ...(this.violationFound === undefined ? {} : { violation: this.violationFound }),
    };
    return this.result;
  }

  /** Tells the judge of the part that an operation was called or has settled. */
  private tell(part: WatchedPart<I, O>, operation: OnlineOperation<I, O>): void {
    const { judge } = part;
    // Nothing that happens after a violation can mend it.
    if (judge === undefined || this.violationFound !== undefined) return;
    const heldBefore = judge.held;
    if (operation.open) judge.call(operation);
    else judge.settle(operation);
    const { outcome } = judge;
    if (outcome === 'open') {
      this.heldNow += judge.held - heldBefore;
      return;
    }
    part.judge = undefined;
    this.heldNow -= heldBefore;
    if (typeof outcome === 'string') this.lacking ??= outcome;
    else this.refute(part, outcome);
  }

  private refute(part: WatchedPart<I, O>, evidence: OnlineEvidence<I, O>): void {
    const { kind, reason, culprit, operations } = evidence;
    this.violationFound = {
      partition: part.key,
      partitionOperations: part.operations,
      index: culprit.index,
      operation: culprit,
      operations: operations.map(({ index }) => index),
      kind,
      reason,
      id: culprit.id,
      ids: operations.map(({ id }) => id),
    };
    for (const watched of this.parts.values()) watched.judge = undefined;
    this.heldNow = 0;
  }

  private partOf(input: I): WatchedPart<I, O> {
    const key = this.model.partitionKey?.(input);
    let part = this.parts.get(key);
    if (part === undefined) {
      const exact = this.algorithm === 'auto' ? this.model.online?.() : undefined;
      const judge = exact ?? new GeneralPart(this.model, this.budget);
      part = { key, operations: 0, judge };
      this.parts.set(key, part);
    }
    return part;
  }

  private close(id: OperationId, what: string): OpenCall<I, O> {
    if (this.result !== undefined) throw this.misuse(`${what} after finish`);
    const call = this.open.get(id);
    if (call === undefined) {
      throw this.misuse(`${what} of operation ${JSON.stringify(id)}, which is not open`);
    }
    this.open.delete(id);
    this.callOf.delete(call.operation.clientId);
    call.operation.open = false;
    return call;
  }

  private misuse(problem: string): HistoryError {
    return new HistoryError(problem, { event: this.events });
  }
}
