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
  /**
   * For each of them the state after it, as an index into the part's `states`; -1 if it was left
   * out: see {@link InfoLimits}.
   */
  readonly states: readonly number[];
  /** The operations that could come next, were they not illegal there. */
  readonly illegalNext: readonly number[];
}

/**
 * How much is put into words. The states of a list that grows take space in the square of its
 * length, and so can the many beginnings of linearizations that a long search has found.
 */
export interface InfoLimits {
  /**
   * Places in the partial linearizations of one part, together; the longest are kept, and the first
   * in any case. Default: no limit.
   */
  readonly places?: number;
  /** Characters of the states of one part, together. Default: no limit. */
  readonly stateCharacters?: number;
}

/**
 * Puts into words what a verbose check found.
 *
 * @param history - the history that was checked; of events, what {@link operationsOf} makes
 * @param result - of a check with `verbose`
 * @param annotations - default: none
 * @param limits - default: none
 * @throws TypeError if the result is not verbose, or an annotation is malformed
 */
export function linearizationInfo<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
  result: CheckResult<I, O>,
  annotations: readonly Annotation[] = [],
  limits: InfoLimits = {},
): LinearizationInfo {
  const { parts, reason, steps, verdict } = result;
  if (parts === undefined) throw new TypeError('the check must be verbose: pass verbose: true');
  return {
    model: model.name,
    verdict,
    ...(reason === undefined ? {} : { reason }),
    steps,
    operations: history.map((operation) => describe(model, operation)),
    parts: parts.map((part) => describePart(model, history, part, limits)),
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
  limits: InfoLimits,
): DescribedPart {
  const { key, verdict, operations, violation } = part;
  const states = new StateTexts(model, limits.stateCharacters);
  const partialLinearizations = ordersOf(part, limits).map((order) => {
    let state = model.init();
    const after = order.map((index) => {
      const { input, output } = history[index]!;
      const next = model.step(state, input, output);
      if (next === ILLEGAL) {
        throw new ModelError(model.name, 'step answered differently on the same arguments');
      }
      state = next;
      return states.numberOf(state);
    });
    const illegalNext = candidatesAfter(history, operations, order).filter((index) => {
      const { input, output } = history[index]!;
      return model.step(state, input, output) === ILLEGAL;
    });
    return { operations: order, states: after, illegalNext };
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
    states: states.texts,
    partialLinearizations,
  };
}

/** The longest beginnings, as far as there is room for them; of an illegal part at least one. */
function ordersOf<I, O>(
  { verdict, partialLinearizations }: PartResult<I, O>,
  { places = Infinity }: InfoLimits,
): readonly (readonly number[])[] {
  if (verdict === 'illegal' && partialLinearizations.length === 0) return [[]];
  let left = places;
  return partialLinearizations.filter((order, number) => {
    left -= order.length;
    return left >= 0 || number === 0;
  });
}

/** States in words, each once; the first is that before any operation. */
class StateTexts<S> {
  private readonly numbers = new Map<string, number>();
  private readonly model: Pick<Model<S, unknown, unknown>, 'init' | 'describeState'>;
  private left: number;

  constructor(
    model: Pick<Model<S, unknown, unknown>, 'init' | 'describeState'>,
    characters: number = Infinity,
  ) {
    this.model = model;
    this.left = characters;
    this.numberOf(model.init());
  }

  get texts(): string[] {
    return [...this.numbers.keys()];
  }

  /** @returns -1 once there is no room for any more */
  numberOf(state: S): number {
    if (this.left < 0) return -1;
    const text = describeState(this.model, state);
    // What is known already costs the time to describe it, and so it counts, too.
    this.left -= text.length;
    const number = this.numbers.get(text) ?? this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }
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
