/** What the lists, logs and sets of our models hold. */
export type Element = string | number;

/**
 * A list that grows at its end, shared between all the lists that grow out of it, so that a model
 * can keep every state of a long history: one element more takes constant time and memory.
 *
 * Found by index in logarithmic time, by the second link of Myers ("An applicative random-access
 * stack", 1983).
 */
export interface Sequence {
  readonly length: number;
  /** The last element; undefined in the empty sequence only. */
  readonly last: Element | undefined;
  /** The sequence without its last element; of the empty one itself. */
  readonly before: Sequence;
  /** A shorter sequence that this one begins with; a few such links lead to any place. */
  readonly skip: Sequence;
  /**
   * The elements as JSON, with commas between: the same for equal sequences and only for them. The
   * engine joins the text when it is first looked at, which the certifying of an order never does.
   */
  readonly text: string;
}

/** The sequence without elements. */
export const EMPTY: Sequence = emptySequence();

function emptySequence(): Sequence {
  const empty = { length: 0, last: undefined, text: '' } as { before?: object; skip?: object };
  empty.before = empty;
  empty.skip = empty;
  return empty as Sequence;
}

/** The sequence with one element more. */
export function push(before: Sequence, last: Element): Sequence {
  const { length, skip } = before;
  const twoEqualSteps = length - skip.length === skip.length - skip.skip.length && length > 0;
  return {
    length: length + 1,
    last,
    before,
    skip: twoEqualSteps ? skip.skip : before,
    text: length === 0 ? JSON.stringify(last) : `${before.text},${JSON.stringify(last)}`,
  };
}

/** The element at a place, from 0 on; undefined if there is none. */
export function elementAt(sequence: Sequence, place: number): Element | undefined {
  if (!(place >= 0 && place < sequence.length)) return undefined;
  let found = sequence;
  while (found.length !== place + 1) {
    found = found.skip.length > place ? found.skip : found.before;
  }
  return found.last;
}

/** Are these the elements, in this order? */
export function holdsExactly(
  sequence: Sequence,
  elements: readonly Element[] | undefined,
): boolean {
  if (sequence.length !== elements?.length) return false;
  let rest = sequence;
  for (let place = elements.length - 1; place >= 0; place--) {
    if (rest.last !== elements[place]) return false;
    rest = rest.before;
  }
  return true;
}
