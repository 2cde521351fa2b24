import type { Decision } from './exact/decision.ts';
import type { Operation } from './history/operation.ts';
import type { Part } from './history/partition.ts';
import type { OnlinePart } from './online/online-part.ts';

/** What {@link Model.step} answers when the output is impossible in that state. */
export const ILLEGAL: unique symbol = Symbol('illegal');

interface DeadStateTest<S, I, O> {
  isDead(state: S, read: Operation<I, O>): boolean;
}

/**
 * Does no sequence of operations, the empty one included, lead from `state` to a state in which the
 * read-only operation `read` is legal? (The type of a method, so that models of all types are an
 * {@link AnyModel}.)
 */
export type DeadStates<S, I, O> = DeadStateTest<S, I, O>['isDead'];

/**
 * The sequential specification that a history is judged against: what a single-threaded object
 * would have answered.
 *
 * All functions must be pure: no mutation of arguments, the same answer for the same arguments. A
 * model caught breaking this is reported with a {@link ModelError}, since no verdict of it means
 * anything.
 *
 * @typeParam S - state; plain data unless `stateKey` is given
 * @typeParam I - input of an operation
 * @typeParam O - output of an operation
 */
export interface Model<S, I, O> {
  /** Name by which users choose the model, for example `versioned-kv`. */
  readonly name: string;

  /**
   * Key of the independent part to which an operation belongs, for example the key of a key/value
   * store. Linearizability is a local property (Herlihy & Wing 1990, theorem 1): a history is
   * linearizable exactly if each part is, so each part is searched by itself. Absent: one part.
   */
  partitionKey?(input: I): string;

  /** State of one part before any operation. */
  init(): S;

  /**
   * State after the operation, or {@link ILLEGAL} if it cannot answer `output` in `state`.
   *
   * `output` undefined means that nobody knows what was answered, as with a pending operation: any
   * output goes. Where such an operation can have no effect, return `state` itself.
   */
  step(state: S, input: I, output: O | undefined): S | typeof ILLEGAL;

  /**
   * Does the pair prove that the operation changes no state, in whatever state it is legal? The
   * search then places it at once and never tries the alternatives. True for a get, a put that was
   * refused, a failed compare-and-set; never for an answer that leaves the effect open. A wrong
   * `true` makes verdicts wrong; a wrong `false` only costs time. Default: false.
   */
  isReadOnly?(input: I, output: O): boolean;

  /**
   * Decides one part by an exact algorithm that is made for this model, in polynomial time; answers
   * undefined where the part does not qualify, and the general search takes it. A `decide` that is
   * wrong about an illegal part makes verdicts wrong; an order that is wrong is found out, and
   * reported with a {@link ModelError}.
   */
  decide?(part: Part<I, O>): Decision | undefined;

  /**
   * A judge of one part of a history while it happens, by an exact algorithm that is made for this
   * model. Absent: the general algorithm, which is exponential in the number of open operations.
   */
  online?(): OnlinePart<I, O>;

  /**
   * Recognises dead states, from which the general search turns back at once: a get answered "ab",
   * and the state is "b", to which one can only append.
   *
   * Called once for each part that is searched, with its operations; answers a test for that part.
   * The search gives it each new state with the read-only operation that returns first among those
   * not linearized yet, if there is one. True promises that no sequence of the part's operations,
   * with repetitions and in whatever order, leads from the state to one in which the read is legal.
   * **A wrong `true` makes verdicts wrong: it turns a linearizable history illegal**; a wrong
   * `false` only costs time. Called in the innermost loop: do the work beforehand. Answer undefined
   * if no state of the part can be dead. Default: none are known.
   */
  deadStates?(operations: readonly Operation<I, O>[]): DeadStates<S, I, O> | undefined;

  /**
   * Key that is equal for equal states and only for them. Default: the state itself if it is a
   * primitive, its content (JSON with sorted keys) if it is plain data.
   */
  stateKey?(state: S): string | number;

  /**
   * What is wrong with the shape of an operation, in words for its author (`unknown operation
   * "incr"; expected get or put`), or undefined. Called by the readers of history files with parsed
   * JSON; `output` is undefined where it is not known.
   */
  validate?(input: unknown, output: unknown): string | undefined;

  /** The operation on one line, for people. Default: input and output as JSON. */
  describeOperation?(input: I, output: O | undefined): string;

  /** The operation's metadata on one line, for people. Default: JSON. */
  describeOperationMetadata?(metadata: unknown): string;

  /** The state on one line, for people. Default: JSON. */
  describeState?(state: S): string;
}

/** A model whose types are not known, as in a registry. */
export type AnyModel = Model<unknown, unknown, unknown>;
