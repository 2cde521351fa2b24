import pc from 'picocolors';
import type { TraceRecord } from '../../sim/index.ts';
import { Gutter } from './gutter.ts';
import type { Journeys } from './journeys.ts';
import { clean, cut, fold, padded, widthOf } from './text-fold.ts';
import { rule } from './text-rule.ts';
import type { TraceForm } from './trace-form.ts';
import { paintOf, wordsOf } from './trace-words.ts';

/** Most columns that the names of nodes take. */
const MAX_NAME = 16;

/** Most lines that a record takes. */
const MAX_LINES = 3;

/** The form of a trace for narrow pages: each line begins with the name of its node. */
export class LineForm implements TraceForm {
  private readonly gutter: Gutter;
  private readonly width: number;
  private readonly journeys: Journeys | undefined;
  private readonly nameWidth: number;

  constructor(records: Iterable<TraceRecord>, width: number, journeys?: Journeys) {
    let nameWidth = 'node'.length;
    for (const record of records) nameWidth = Math.max(nameWidth, widthOf(nameOf(record)));
    this.nameWidth = Math.min(MAX_NAME, nameWidth);
    this.gutter = new Gutter(records);
    this.width = width;
    this.journeys = journeys;
  }

  header(): string {
    return pc.dim(`${this.gutter.header}${padded('node', this.nameWidth)}  what`);
  }

  see(): void {}

  rows(record: TraceRecord): string[] {
    const { gutter, width, nameWidth, journeys } = this;
    const words = wordsOf(record, journeys);
    if (record.node === undefined) {
      return rule(words, width - gutter.width).map((line, i) => this.left(record, i) + line);
    }
    const paint = paintOf(record, journeys);
    const lines = fold(words, width - gutter.width - nameWidth - 2, MAX_LINES);
    return lines.map((line, i) => {
      const name = i === 0 ? cut(nameOf(record), nameWidth) : '';
      return `${this.left(record, i)}${padded(name, nameWidth)}  ${paint(line)}`;
    });
  }

  /** A line that is about several events. */
  remark(text: string): string[] {
    return fold(text, this.width - this.gutter.width).map((line) =>
      pc.dim(`${this.gutter.blank}${line}`),
    );
  }

  /** A rule for something that lasts. */
  rule(text: string): string[] {
    const { blank, width } = this.gutter;
    return rule(text, this.width - width).map((line) => blank + line);
  }

  private left(record: TraceRecord, line: number): string {
    return line === 0 ? this.gutter.of(record) : this.gutter.blank;
  }
}

/** `server#3`: the node and its life. */
function nameOf({ node, incarnation }: TraceRecord): string {
  if (node === undefined) return '';
  return clean(incarnation === undefined ? node : `${node}#${incarnation}`);
}
