import pc from 'picocolors';
import type { TraceRecord } from '../../sim/index.ts';
import { Gutter } from './gutter.ts';
import type { Journeys } from './journeys.ts';
import { clean, cut, fold, padded } from './text-fold.ts';
import { rule } from './text-rule.ts';
import type { TraceForm } from './trace-form.ts';
import { paintOf, wordsOf } from './trace-words.ts';

/** A column narrower than this is not worth having; lifeline and gaps included. */
const MIN_COLUMN = 18;
/** Nor does anything gain from one wider than this. */
const MAX_COLUMN = 60;

/** Lifeline, the space behind it, and the gap to the next column. */
const FRAME = 3;

/** Most lines that a record takes. */
const MAX_LINES = 4;

/** How a lifeline shows what is the matter with its node. */
const LIFELINES: Readonly<Partial<Record<TraceRecord['kind'], string>>> = {
  crash: 'x',
  restart: '|',
  pause: '=',
  resume: '|',
};

/** The form of a trace for wide pages: a column for each node, with its lifeline. */
export class ColumnForm implements TraceForm {
  private readonly gutter: Gutter;
  private readonly journeys: Journeys | undefined;
  private readonly columnWidth: number;
  private readonly lifelines: Map<string, string>;
  /** Event of the row above: its number and time stand there already. */
  private event = -1;

  /** @param nodes those that have something to say in these records */
  constructor(
    records: Iterable<TraceRecord>,
    nodes: readonly string[],
    width: number,
    journeys?: Journeys,
  ) {
    this.gutter = new Gutter(records);
    this.journeys = journeys;
    this.lifelines = new Map(nodes.map((id) => [id, '|']));
    const room = Math.floor((width - this.gutter.width) / Math.max(1, nodes.length));
    this.columnWidth = Math.min(MAX_COLUMN, room);
  }

  /** Is there room for a column a node? */
  get fits(): boolean {
    return this.lifelines.size > 0 && this.columnWidth >= MIN_COLUMN;
  }

  header(): string {
    this.event = -1;
    const names = [...this.lifelines.keys()].map((id) =>
      padded(`  ${cut(clean(id), this.columnWidth - FRAME)}`, this.columnWidth),
    );
    return pc.dim(this.gutter.header) + pc.bold(names.join('').trimEnd());
  }

  /** Follow the lives of the nodes, also through records that are not shown. */
  see({ node, kind }: TraceRecord): void {
    const lifeline = LIFELINES[kind];
    if (lifeline === undefined || node === undefined) return;
    if (this.lifelines.has(node)) this.lifelines.set(node, lifeline);
  }

  rows(record: TraceRecord): string[] {
    const { columnWidth, journeys } = this;
    const words = wordsOf(record, journeys);
    if (record.node === undefined || !this.lifelines.has(record.node)) {
      const width = columnWidth * this.lifelines.size;
      return rule(words, width).map((line) => this.left(record) + line);
    }
    const paint = paintOf(record, journeys);
    return fold(words, columnWidth - FRAME, MAX_LINES).map(
      (line) => this.left(record) + this.row(record.node, line, paint),
    );
  }

  private row(node: string | undefined, text: string, paint: (text: string) => string): string {
    const cells = [...this.lifelines].map(([id, lifeline]) => {
      const cell = id === node ? paint(padded(text, this.columnWidth - FRAME)) : '';
      const filler = id === node ? '' : ' '.repeat(this.columnWidth - FRAME);
      return `${pc.dim(lifeline)} ${cell}${filler} `;
    });
    return cells.join('').trimEnd();
  }

  private left(record: TraceRecord): string {
    if (record.event === this.event) return this.gutter.blank;
    this.event = record.event;
    return this.gutter.of(record);
  }
}
