/** What the lists, logs and sets of our models hold. */
export type Element = string | number;

/**
 * A list that grows at its end. Lists that grow out of each other share one store, so that a model
 * can keep every state of a long history: one element more takes constant time and memory, and only
 * a second list that grows out of the same one is a copy.
 */
export interface Sequence {
  readonly length: number;
  /** The elements, and after them perhaps those of lists that grew out of this one. */
  readonly store: readonly Element[];
  /**
   * The elements as JSON, with commas between: the same for equal sequences and only for them. The
   * engine joins the text when it is first looked at, which the certifying of an order never does.
   */
  readonly text: string;
}

/** The sequence without elements. */
export const EMPTY: Sequence = { length: 0, store: [], text: '' };

/** The sequence with one element more. */
export function push({ length, store, text }: Sequence, element: Element): Sequence {
  // Nobody looks at what is behind the length, so that this changes no sequence. The store of the
  // empty one, which all histories share, is never added to.
  const grown =
    length > 0 && store.length === length ? (store as Element[]) : store.slice(0, length);
  grown.push(element);
  const json = JSON.stringify(element);
  return { length: length + 1, store: grown, text: length === 0 ? json : `${text},${json}` };
}

/** The element at a place, from 0 on; undefined if there is none. */
export function elementAt({ length, store }: Sequence, place: number): Element | undefined {
  return place < length ? store[place] : undefined;
}

/** Are these the elements, in this order? */
export function holdsExactly({ length, store }: Sequence, elements: readonly Element[]): boolean {
  if (length !== elements.length) return false;
  for (let place = 0; place < length; place++) {
    if (store[place] !== elements[place]) return false;
  }
  return true;
}
