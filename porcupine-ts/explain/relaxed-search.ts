import type { Part } from '../history/partition.ts';
import { NEVER } from '../history/timeline.ts';
import type { Model } from '../model.ts';
import { contentKeyIfAny } from '../search/content-key.ts';
import { INITIAL_STATE, NO_STATE, States } from '../search/states.ts';

/**
 * So much work that is no application of the model counts as a step: characters of states, or
 * operations that are gone through.
 */
const WORK_PER_STEP = 64;

/** What {@link searchRelaxed} found, and in how many steps: model calls, or as much work. */
export interface RelaxedOutcome {
  readonly isIllegal: boolean;
  readonly steps: number;
}

/** A point of the search. */
interface Configuration {
  /** Number of returns, by time, whose operations are all placed. */
  readonly front: number;
  /** Bit i: is the operation of return `front + i` placed? Bit 0 is never set. */
  readonly ahead: bigint;
  readonly state: number;
  /** Classes of the pending operations that took effect, sorted; one entry for each of them. */
  readonly used: readonly number[];
}

/**
 * Is a part with few answers and many pending operations illegal?
 *
 * `PartitionSearch` tries every subset of the pending operations, two to the power of their number.
 * Here configurations come in the order of how many of them took effect. One that has used a
 * superset of the pending operations of another, and is like it otherwise, is dropped: whatever can
 * follow it can follow the other. Pending operations of equal inputs are interchangeable, so they
 * are used in the order of their calls. For a register this leaves a handful of subsets for each
 * state.
 *
 * It is made for small parts: it remembers configurations as text.
 *
 * @param maxSteps - beyond it the part is not called illegal
 */
export function searchRelaxed<S, I, O>(
  model: Model<S, I, O>,
  part: Part<I, O>,
  maxSteps: number,
): RelaxedOutcome {
  const candidatesAt = candidatesOf(part, maxSteps * WORK_PER_STEP);
  if (candidatesAt === undefined) return { isIllegal: false, steps: maxSteps };
  return new RelaxedSearch(model, part, candidatesAt).run(maxSteps);
}

class RelaxedSearch<S, I, O> {
  private applications = 0;
  /** Operations gone through. */
  private visits = 0;
  private readonly part: Part<I, O>;
  private readonly states: States<S, I, O>;
  private readonly readOnly: Uint8Array;
  /** For each return: the returns from it on whose calls came before it, the latest first. */
  private readonly candidatesAt: readonly (readonly number[])[];
  /** The pending operations of equal inputs, by call. */
  private readonly classes: readonly (readonly number[])[];
  /** For each number of pending operations that took effect, configurations to go on from. */
  private readonly layers: Configuration[][] = [[]];
  /** By front, placed operations and state: the sets of pending operations it was reached with. */
  private readonly visited = new Map<string, (readonly number[])[]>();

  constructor(
    model: Model<S, I, O>,
    part: Part<I, O>,
    candidatesAt: readonly (readonly number[])[],
  ) {
    this.part = part;
    this.states = new States(model, part.operations);
    this.readOnly = Uint8Array.from(part.operations, ({ input, output }) =>
      output !== undefined && model.isReadOnly?.(input, output) === true ? 1 : 0,
    );
    this.candidatesAt = candidatesAt;
    for (const candidates of candidatesAt) this.visits += candidates.length;
    this.classes = classesOf(part);
  }

  private get steps(): number {
    return this.applications + (this.visits + this.states.charactersRead) / WORK_PER_STEP;
  }

  run(maxSteps: number): RelaxedOutcome {
    const { returnedCount } = this.part.timeline;
    this.offer({ front: 0, ahead: 0n, state: INITIAL_STATE, used: [] });
    // Layers are added while they are gone through.
    for (const layer of this.layers) {
      for (let next = layer.pop(); next !== undefined; next = layer.pop()) {
        if (next.front === returnedCount || this.steps > maxSteps) {
          return { isIllegal: false, steps: this.steps };
        }
        if (this.isKnown(next)) continue;
        this.placeReturned(next);
        this.placePending(next);
      }
    }
    return { isIllegal: true, steps: this.steps };
  }

  /** To be looked at later, with all read-only operations placed that are legal in its state. */
  private offer(configuration: Configuration): void {
    let { front, ahead } = configuration;
    const { state, used } = configuration;
    const { byReturn } = this.part.timeline;
    for (let found = true; found;) {
      found = false;
      while (isPlaced(ahead, 0)) [front, ahead] = [front + 1, ahead >> 1n];
      const candidates = this.candidates(front);
      this.visits += candidates.length;
      for (const rank of candidates) {
        const operation = byReturn[rank]!;
        if (this.readOnly[operation] === 0 || isPlaced(ahead, rank - front)) continue;
        if (this.step(state, operation) === NO_STATE) continue;
        ahead |= 1n << BigInt(rank - front);
        found = true;
      }
    }
    const layer = (this.layers[used.length] ??= []);
    layer.push({ front, ahead, state, used });
  }

  private placeReturned({ front, ahead, state, used }: Configuration): void {
    const { byReturn } = this.part.timeline;
    // The last of them is tried first: what returned earliest.
    for (const rank of this.candidates(front)) {
      const operation = byReturn[rank]!;
      if (this.readOnly[operation] === 1 || isPlaced(ahead, rank - front)) continue;
      const after = this.step(state, operation);
      if (after === NO_STATE) continue;
      this.offer({ front, ahead: ahead | (1n << BigInt(rank - front)), state: after, used });
    }
  }

  private placePending({ front, ahead, state, used }: Configuration): void {
    const { byReturn, callAt, returnAt } = this.part.timeline;
    const end = returnAt[byReturn[front]!]!;
    const usedOf = new Map<number, number>();
    for (const number of used) usedOf.set(number, (usedOf.get(number) ?? 0) + 1);
    this.visits += used.length + this.classes.length;
    for (const [number, members] of this.classes.entries()) {
      const operation = members[usedOf.get(number) ?? 0];
      if (operation === undefined || callAt[operation]! > end) continue;
      const after = this.step(state, operation);
      if (after === NO_STATE || after === state) continue;
      this.visits += used.length;
      this.offer({ front, ahead, state: after, used: [...used, number].toSorted((a, b) => a - b) });
    }
  }

  /** Was it reached with no more pending operations before? If not, it is now. */
  private isKnown({ front, ahead, state, used }: Configuration): boolean {
    const key = `${front},${ahead},${state}`;
    const sets = this.visited.get(key);
    this.visits += (sets?.length ?? 0) * used.length;
    if (sets === undefined) this.visited.set(key, [used]);
    else if (sets.some((set) => isContained(set, used))) return true;
    else sets.push(used);
    return false;
  }

  /** The returns, by rank, of the operations that could be placed at this front. */
  private candidates(front: number): readonly number[] {
    return this.candidatesAt[front] ?? [];
  }

  private step(state: number, operation: number): number {
    this.applications++;
    return this.states.step(state, operation);
  }
}

function isPlaced(ahead: bigint, place: number): boolean {
  return ((ahead >> BigInt(place)) & 1n) === 1n;
}

/** Are both sorted, and does the second hold all of the first, as often? */
function isContained(few: readonly number[], many: readonly number[]): boolean {
  let found = 0;
  for (const item of many) if (found < few.length && few[found] === item) found++;
  return found === few.length;
}

/** By front; undefined if there are more than `limit` of them all together. */
function candidatesOf({ timeline }: Part<unknown, unknown>, limit: number): number[][] | undefined {
  const { byReturn, returnAt, operationCount, entries } = timeline;
  const rankOf = new Int32Array(operationCount);
  byReturn.forEach((operation, rank) => (rankOf[operation] = rank));
  // By time: what is called joins; what returns leaves, and is the last of them.
  const open: number[] = [];
  const candidates: number[][] = [];
  let count = 0;
  for (const entry of entries) {
    if (entry >= operationCount) {
      count += open.length;
      if (count > limit) return undefined;
      candidates.push([...open]);
      open.pop();
    } else if (returnAt[entry] !== NEVER) {
      open.splice(firstBelow(open, rankOf[entry]!), 0, rankOf[entry]!);
    }
  }
  return candidates;
}

/** The first place in numbers that descend of one that is below the bound. */
function firstBelow(numbers: readonly number[], bound: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! > bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function classesOf({ operations, timeline }: Part<unknown, unknown>): number[][] {
  const { entries, operationCount, returnAt } = timeline;
  const classes = new Map<unknown, number[]>();
  for (const entry of entries) {
    if (entry >= operationCount || returnAt[entry] !== NEVER) continue;
    const { input } = operations[entry]!;
    // An input whose content cannot be seen is like no other.
    const key = contentKeyIfAny(input) ?? input;
    const members = classes.get(key);
    if (members === undefined) classes.set(key, [entry]);
    else members.push(entry);
  }
  return [...classes.values()];
}
