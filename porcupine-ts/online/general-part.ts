import { describeOperation, describeState } from '../explain/describe.ts';
import { kindOf } from '../explain/violation.ts';
import type { Model } from '../model.ts';
import { INITIAL_STATE, NO_STATE, States } from '../search/states.ts';
import { ConfigurationSet } from './configuration-set.ts';
import type { OnlineOperation } from './online-operation.ts';
import type { OnlineBudget, OnlineOutcome, OnlinePart } from './online-part.ts';
import { clearBit, hasBit, OpenSlots, setBit } from './open-slots.ts';
import { Queue } from './queue.ts';

/** States that are not in use are forgotten when there are so many times more of them. */
const STATES_SLACK = 4;
const STATES_MIN = 64;
/** How many of the possible states a reason names. */
const STATES_NAMED = 3;

/**
 * Judges a part for any model by **just-in-time linearization** (Lowe, "Testing for
 * linearizability", 2017, section 5).
 *
 * A frontier moves over the calls and returns in order. Known there are all configurations that the
 * object may be in: a state, and which of the open operations have taken effect. No operation takes
 * effect before it must: at the return of x, configurations in which it has not are followed by
 * every sequence of open operations that ends in x. Operations that are proven to change no state
 * take effect as soon as they are legal, since that only sets others free. If no configuration is
 * left, there is no linearization.
 *
 * What an operation answered says whether it could take effect, so the frontier waits at a return
 * until all operations that were open there have settled. Behind it all is forgotten.
 */
export class GeneralPart<S, I, O> implements OnlinePart<I, O> {
  outcome: OnlineOutcome<I, O> = 'open';

  private readonly model: Model<S, I, O>;
  private readonly budget: OnlineBudget;
  private readonly slots: OpenSlots<I, O>;
  private states: States<S, I, O>;
  /** Calls and returns that the frontier has not passed; a return is told by `isReturn`. */
  private readonly queue = new Queue<QueuedEvent<I, O>>();
  private queuedCalls = 0;
  /** Operations at the frontier that have not settled. */
  private unsettled = 0;
  /** The configurations at the frontier. */
  private current = new ConfigurationSet();
  /** Room for the next ones, and for those on the way to them. */
  private following = new ConfigurationSet();
  private readonly visited = new ConfigurationSet();
  private maskBefore: Int32Array = new Int32Array(0);
  private maskAfter: Int32Array = new Int32Array(0);

  constructor(model: Model<S, I, O>, budget: OnlineBudget) {
    this.model = model;
    this.budget = budget;
    this.slots = new OpenSlots(
      ({ input, output }) => output !== undefined && model.isReadOnly?.(input, output) === true,
    );
    this.states = new States(model, this.slots.operations);
    this.current.reset(this.slots.optional);
    this.current.add(INITIAL_STATE, this.slots.optional, 0);
  }

  get held(): number {
    return this.slots.size + this.queuedCalls;
  }

  call(operation: OnlineOperation<I, O>): void {
    this.queue.push({ operation, isReturn: false });
    this.queuedCalls++;
    this.advance();
  }

  settle(operation: OnlineOperation<I, O>): void {
    if (this.slots.has(operation)) this.unsettled--;
    if (operation.return !== undefined) this.queue.push({ operation, isReturn: true });
    this.advance();
  }

  private advance(): void {
    while (this.outcome === 'open') {
      const event = this.queue.first();
      if (event === undefined) return;
      const { operation, isReturn } = event;
      if (isReturn) {
        if (this.unsettled > 0) return;
        this.passReturn(operation);
      } else {
        this.slots.take(operation);
        this.queuedCalls--;
        if (operation.open) this.unsettled++;
      }
      this.queue.shift();
    }
  }

  /** The frontier passes the return of an operation: it has taken effect in what is left. */
  private passReturn(operation: OnlineOperation<I, O>): void {
    const { slots, current, visited, following } = this;
    slots.settle();
    const target = slots.of(operation);
    const words = slots.optional.length;
    if (this.maskBefore.length < words) {
      this.maskBefore = new Int32Array(words);
      this.maskAfter = new Int32Array(words);
    }
    visited.reset(slots.optional);
    following.reset(slots.optional);
    for (let entry = 0; entry < current.size; entry++) {
      current.readMask(entry, this.maskAfter);
      this.arrive(current.stateAt(entry), target, 0);
    }
    let lacking = this.lacking();
    for (let entry = 0; entry < visited.size && lacking === undefined; entry++) {
      this.extend(entry, target);
      lacking = this.lacking();
    }
    if (lacking !== undefined) {
      this.outcome = lacking;
      return;
    }
    if (following.size === 0) return this.refute(operation);
    slots.release(target);
    this.current = following;
    this.following = current;
    this.forgetCertain();
    this.forgetStates();
  }

  /** Follows a configuration by each open operation that is legal in it. */
  private extend(entry: number, target: number): void {
    const { slots, visited, maskBefore, maskAfter } = this;
    const state = visited.stateAt(entry);
    visited.readMask(entry, maskBefore);
    for (const slot of slots.used) {
      // Read-only operations that are legal here have taken effect already.
      if (slots.readOnly[slot] === 1 || !slots.mayFollow(maskBefore, slot)) continue;
      this.budget.steps++;
      const after = this.states.step(state, slot);
      if (after === NO_STATE) continue;
      // An operation without effect that need not be placed only uses up its later chances.
      if (after === state && slots.isOptional(slot)) continue;
      maskAfter.set(maskBefore);
      setBit(maskAfter, slot);
      this.arrive(after, target, entry + 1);
    }
  }

  /**
   * Arrives at the configuration of the state and `maskAfter`: places what needs no choice, and
   * sorts it by whether the operation in the slot `target` has taken effect.
   */
  private arrive(state: number, target: number, replaceFrom: number): void {
    const { slots, maskAfter } = this;
    for (const slot of slots.used) {
      if (slots.readOnly[slot] !== 1 || hasBit(maskAfter, slot)) continue;
      this.budget.steps++;
      if (this.states.step(state, slot) !== NO_STATE) setBit(maskAfter, slot);
    }
    if (hasBit(maskAfter, target)) {
      // The slot passes to whoever is called next, and that operation has not taken effect.
      clearBit(maskAfter, target);
      this.following.add(state, maskAfter, 0);
    } else {
      this.visited.add(state, maskAfter, replaceFrom);
    }
  }

  /** The budget that is used up, if one is. */
  private lacking(): 'steps' | 'memory' | undefined {
    const { steps, maxSteps, maxConfigurations } = this.budget;
    if (steps > maxSteps) return 'steps';
    return this.visited.size + this.following.size > maxConfigurations ? 'memory' : undefined;
  }

  private refute(operation: OnlineOperation<I, O>): void {
    const { current, slots, model } = this;
    const possible = new Set<number>();
    for (let entry = 0; entry < current.size; entry++) possible.add(current.stateAt(entry));
    const words = Array.from(possible, (state) => describeState(model, this.states.get(state)));
    const named = words.slice(0, STATES_NAMED).join(' or ');
    const others = words.length > STATES_NAMED ? ` (or ${words.length - STATES_NAMED} more)` : '';
    this.outcome = {
      kind: `${kindOf(operation.input)} fits nowhere`,
      reason:
        `${describeOperation(model, operation)} fits nowhere; what returned before it leads to ` +
        `state ${named}${others}, and no order of the operations open at its return leads on ` +
        'to a state that allows it',
      culprit: operation,
      operations: Array.from(slots.used, (slot) => slots.operations[slot]!),
    };
  }

  /** Abandoned operations that have taken effect in every configuration are settled after all. */
  private forgetCertain(): void {
    const { slots, current, maskBefore } = this;
    if (slots.optional.every((bits) => bits === 0)) return;
    current.intersect(maskBefore);
    for (const slot of slots.used) {
      if (!slots.isOptional(slot) || !hasBit(maskBefore, slot)) continue;
      current.clearOptional(slot);
      slots.release(slot);
    }
  }

  /** Numbers the states anew when most of them are not reachable any more. */
  private forgetStates(): void {
    const { states, current } = this;
    if (states.size < STATES_MIN || states.size < STATES_SLACK * current.size) return;
    states.assertUnchanged();
    this.states = new States(this.model, this.slots.operations);
    current.renumber((state) => this.states.numberOf(states.get(state)), this.maskBefore);
  }
}

interface QueuedEvent<I, O> {
  readonly operation: OnlineOperation<I, O>;
  readonly isReturn: boolean;
}
