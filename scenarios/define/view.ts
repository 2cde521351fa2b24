/**
 * What a system shows of its nodes. A view is data: it says which kind of picture to draw from
 * what nodes show (`env.show`), from what scenarios tell ({@link Tester.reveal}) and from the
 * spans of the run. Who draws knows these kinds, and no protocol.
 */
export type View = FieldsView | LogView | TableView | OwnershipView | TimelineView;

/** How much a value stands out. */
export type Tone = 'strong' | 'warn' | 'quiet' | 'good' | 'bad';

/** Fields of each node, with a strip over time for one of them. */
export interface FieldsView {
  readonly kind: 'fields';
  readonly title: string;
  /** In this order; those that a node shows and nobody names come after them. */
  readonly fields: readonly ShownField[];
  /** The field that colours the strip of a node; default: there is none. */
  readonly strip?: StripView;
  /** Which changes are worth telling in the story of a run. */
  readonly story?: readonly StoryRule[];
}

export interface ShownField {
  readonly name: string;
  /** Default: its name. */
  readonly title?: string;
}

export interface StripView {
  readonly field: string;
  /** By value; default: each value has a colour of its own. */
  readonly tones?: Readonly<Record<string, Tone>>;
  /** Another field, which is written behind the value with a short name: `term 3`. */
  readonly beside?: ShownField;
}

/** A change of a field that is an event of the story. */
export interface StoryRule {
  readonly field: string;
  /** The value that it takes. Default: a number that nobody has reached before. */
  readonly becomes?: string;
  /** What it is called: `is leader`, `commits`. */
  readonly words: string;
  /** Another field that is told with it. */
  readonly beside?: ShownField;
}

/** A log of each node: a strip of entries. Told by {@link LogChange}. */
export interface LogView {
  readonly kind: 'log';
  /** Under which it is told. */
  readonly name: string;
  readonly title: string;
  /** Fields that are indexes into it, with what they mark: `commitIndex`, `committed`. */
  readonly marks: readonly Required<ShownField>[];
  /** What the number is called that colours an entry: `term`. */
  readonly group: string;
}

/** From an index on, a log holds other entries than before. */
export interface LogChange {
  /** The index before the first entry that is there; what lies before is gone. */
  readonly base: number;
  /** The first index that has changed. */
  readonly from: number;
  /** From there to the end: the number that colours it, and what it says. */
  readonly entries: readonly (readonly [group: number, text: string])[];
}

/**
 * Rows by key, of each node or of the whole. Told by lists of {@link RowChange}; an empty one says
 * that there are no rows any more.
 */
export interface TableView {
  readonly kind: 'table';
  readonly name: string;
  readonly title: string;
  /** What the key of a row is called. */
  readonly key: string;
  readonly columns: readonly ShownField[];
}

/** A row is now so; without cells it is gone. */
export interface RowChange {
  readonly row: string;
  readonly cells?: Readonly<Record<string, string | number>>;
}

/** Who has what, over time: rows of spans, coloured by what they say. */
export interface OwnershipView {
  readonly kind: 'ownership';
  readonly title: string;
  /** The row that numbers the configurations; default: there is none. */
  readonly numbers?: string;
}

/** Who was at what, over time: rows of spans. */
export interface TimelineView {
  readonly kind: 'timeline';
  readonly title: string;
}

/** What a scenario told of a node, at a moment. */
export interface Revealed {
  /** Number of the event. */
  readonly event: number;
  readonly timeUs: number;
  /** Name of the view. */
  readonly view: string;
  /** Whose; '' if it is nobody's in particular. */
  readonly node: string;
  readonly change: unknown;
}
