import { type Annotation, validAnnotations } from './annotation.ts';
import type { CheckResult, CheckVerdict, PartResult, UnknownReason } from './check-result.ts';
import { describeCall, describeMetadata, describeState } from './explain/describe.ts';
import type { Operation } from './history/operation.ts';
import { ILLEGAL, type Model } from './model.ts';
import { ModelError } from './model-error.ts';

/**
 * All that a picture of a checked history shows, as plain JSON: the model's describing functions
 * are already applied. Operations are named by their index in the history.
 */
export interface LinearizationInfo {
  /** Name of the model. */
  readonly model: string;
  readonly verdict: CheckVerdict;
  /** Exactly if the verdict is `unknown`. */
  readonly reason?: UnknownReason;
  /** Steps of the general search. */
  readonly steps: number;
  readonly operations: readonly DescribedOperation[];
  readonly parts: readonly DescribedPart[];
  readonly annotations: readonly Annotation[];
}

/** An operation, in words. */
export interface DescribedOperation {
  readonly clientId: string | number;
  readonly call: number;
  /** Absent: it is pending. */
  readonly return?: number;
  /** Input and output on one line. */
  readonly description: string;
  /** The metadata on one line; absent if there is none. */
  readonly metadata?: string;
}

/** One part of the history, in words. */
export interface DescribedPart {
  /** Absent if the model does not partition. */
  readonly key?: string;
  readonly verdict: CheckVerdict;
  /** The part's operations, ascending. */
  readonly operations: readonly number[];
  /** Why not; exactly if the verdict is `illegal`. */
  readonly violation?: DescribedViolation;
  /** The states that the linearizations meet, each once; the first is that before any operation. */
  readonly states: readonly string[];
  /** As in {@link PartResult}; of an illegal part at least the empty one. */
  readonly partialLinearizations: readonly DescribedLinearization[];
}

/** Why a part is not linearizable. */
export interface DescribedViolation {
  /** The operation to look at first. */
  readonly operation: number;
  /** All that the reason is about. */
  readonly operations: readonly number[];
  readonly kind: string;
  readonly reason: string;
}

/** A linearization, or the beginning of one. */
export interface DescribedLinearization {
  readonly operations: readonly number[];
  /** For each of them the state after it, as an index into the part's `states`. */
  readonly states: readonly number[];
  /** The operations that could come next, were they not illegal there. */
  readonly illegalNext: readonly number[];
}

/**
 * Puts into words what a verbose check found.
 *
 * @param history - the history that was checked; of events, what {@link operationsOf} makes
 * @param result - of a check with `verbose`
 * @param annotations - default: none
 * @throws TypeError if the result is not verbose, or an annotation is malformed
 */
export function linearizationInfo<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  result: CheckResult<I, O>,
  annotations: readonly Annotation[] = [],
): LinearizationInfo {
  const { parts, reason, steps, verdict } = result;
  if (parts === undefined) throw new TypeError('the check must be verbose: pass verbose: true');
  return {
    model: model.name,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    steps,
    operations: history.map((operation) => describe(model, operation)),
    parts: parts.map((part) => describePart(model, history, part)),
    annotations: validAnnotations(annotations),
  };
}

/** The same with more annotations. @throws TypeError if one is malformed */
export function annotate(
  info: LinearizationInfo,
  annotations: readonly Annotation[],
): LinearizationInfo {
  return { ...info, annotations: [...info.annotations, ...validAnnotations(annotations)] };
}

function describe<S, I, O>(model: Model<S, I, O>, operation: Operation<I, O>): DescribedOperation {
  const { clientId, call, return: end } = operation;
  const metadata = describeMetadata(model, operation.metadata);
  return {
    clientId,
    call,
    ...(end === undefined ? {} : { return: end }),
    description: describeCall(model, operation),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

function describePart<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  part: PartResult<I, O>,
): DescribedPart {
  const { key, verdict, operations, violation } = part;
  const texts = new Map<string, number>();
  const stateNumber = (state: S): number => {
    const text = describeState(model, state);
    const number = texts.get(text) ?? texts.size;
    texts.set(text, number);
    return number;
  };
  stateNumber(model.init());
  const { length } = part.partialLinearizations;
  const orders = verdict === 'illegal' && length === 0 ? [[]] : part.partialLinearizations;
  const partialLinearizations = orders.map((order) => {
    let state = model.init();
    const states = order.map((index) => {
      const { input, output } = history[index]!;
      const after = model.step(state, input, output);
      if (after === ILLEGAL) {
        throw new ModelError(model.name, 'step answered differently on the same arguments');
      }
      state = after;
      return stateNumber(state);
    });
    const illegalNext = candidatesAfter(history, operations, order).filter((index) => {
      const { input, output } = history[index]!;
      return model.step(state, input, output) === ILLEGAL;
    });
    return { operations: order, states, illegalNext };
  });
  return {
    ...(key === undefined ? {} : { key }),
    verdict,
    operations,
    ...(violation === undefined
      ? {}
      : {
          violation: {
            operation: violation.index,
            operations: violation.operations,
            kind: violation.kind,
            reason: violation.reason,
          },
        }),
    states: [...texts.keys()],
    partialLinearizations,
  };
}

/** The operations that real time allows next: called before any that is left has returned. */
function candidatesAfter(
  history: readonly Operation<unknown, unknown>[],
  operations: readonly number[],
  order: readonly number[],
): number[] {
  const placed = new Set(order);
  const left = operations.filter((index) => !placed.has(index));
  let firstReturn = Infinity;
  for (const index of left) {
    firstReturn = Math.min(firstReturn, history[index]!.return ?? Infinity);
  }
  return left.filter((index) => history[index]!.call <= firstReturn);
}
