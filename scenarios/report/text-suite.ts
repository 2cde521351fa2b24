import pc from 'picocolors';
import type { CourseFigure } from '../define/pack.ts';
import type { SeedRange } from '../define/seed-range.ts';
import {
  suiteTotal,
  type SuiteFigures,
  type SuiteRow,
  type SuiteSummary,
  type SuiteTotal,
} from './suite-rows.ts';
import { inItsColour, seconds, spelled, wrap } from './text-run.ts';

/** What a row has of figures: ours, and those of the course, if it has any. */
interface Figures extends SuiteFigures {
  readonly course?: CourseFigure | undefined;
}

interface Column {
  readonly heading: string;
  /** With the gap before it. */
  readonly width: number;
  readonly cell: (figures: Figures) => string;
  /** Where there is no room, 1 goes first, then 2; without one it stays. */
  readonly rank?: 1 | 2;
}

const COLUMNS: readonly Column[] = [
  { heading: 'virtual s', width: 11, cell: ({ simMs }) => (simMs / 1000).toFixed(1) },
  { heading: 'RPCs', width: 8, cell: ({ calls }) => String(calls) },
  { heading: 'kB', width: 10, cell: ({ bytes }) => (bytes / 1000).toFixed(1), rank: 1 },
  { heading: 'wall s', width: 8, cell: ({ wallMs }) => (wallMs / 1000).toFixed(2) },
  { heading: 'Go s', width: 7, cell: ({ course }) => course?.seconds.toFixed(1) ?? '-' },
  { heading: 'Go RPCs', width: 9, cell: ({ course }) => String(course?.calls ?? '-'), rank: 2 },
];

/** A name longer than this may have to stand on a line of its own. */
const MIN_NAME = 20;

export interface SuiteForm {
  /** The tests that are to come. */
  readonly tests: readonly string[];
  readonly range: SeedRange;
  /** Params that were set, as `key=value`. Default: none. */
  readonly set?: readonly string[] | undefined;
  /** Room for a line, in columns. */
  readonly width: number;
}

/**
 * The official tests as a table, line by line as they are done: figures of ours, which are medians
 * if there are several seeds, beside those of the course; a total behind each part of a lab.
 */
export class SuiteTable {
  private readonly rows: SuiteRow[] = [];
  private readonly range: SeedRange;
  private readonly set: readonly string[];
  private readonly isOneSeed: boolean;
  private readonly width: number;
  private readonly columns: readonly Column[];
  private readonly nameWidth: number;
  private readonly verdictWidth: number;

  constructor({ tests, range, set = [], width }: SuiteForm) {
    const seeds = range.last - range.first + 1;
    this.range = range;
    this.set = set;
    this.isOneSeed = seeds === 1;
    this.width = width;
    this.verdictWidth = Math.max('VIOLATION'.length, share(seeds, seeds).length);
    const longest = Math.max(MIN_NAME, ...tests.map((test) => test.length));
    const roomBeside = (columns: readonly Column[]): number =>
      width - columns.reduce((sum, column) => sum + column.width, 3 + this.verdictWidth);
    let columns = COLUMNS;
    for (const rank of [1, 2]) {
      if (roomBeside(columns) < longest) columns = columns.filter((column) => column.rank !== rank);
    }
    this.columns = columns;
    this.nameWidth = Math.max(MIN_NAME, Math.min(longest, roomBeside(columns)));
  }

  /** The next test: its lines, with the heading or the total of the part that is over before it. */
  add(row: SuiteRow): string {
    const last = this.rows.at(-1);
    const before = last === undefined ? [this.heading()] : this.endOfPart(last.part, row.part);
    this.rows.push(row);
    return [...before, ...this.linesOf(row)].join('\n');
  }

  /** What stands below the last test. */
  end(summary: SuiteSummary): string {
    const last = this.rows.at(-1);
    const isDivided = summary.parts.length > 1;
    return [
      ...(last === undefined ? [] : this.endOfPart(last.part)),
      ...(isDivided ? [this.total(summary), ''] : []),
      ...wrap(verdictLine(summary), '', this.width),
      ...(summary.isInterrupted ? [pc.yellow('interrupted: this is what was done')] : []),
    ].join('\n');
  }

  private heading(): string {
    const { prefix, first, last } = this.range;
    const seeds = this.isOneSeed
      ? `seed ${prefix}${first}`
      : `seeds ${prefix}${first}..${last} of each, medians`;
    const settings = this.set.length === 0 ? '' : ` with ${this.set.join(', ')}`;
    const title = `The official tests${settings}, ${seeds}; Go: the course's own run of 2025.`;
    const cells = this.columns.map(({ heading, width }) => heading.padStart(width)).join('');
    const verdict = (this.isOneSeed ? 'verdict' : 'passed').padEnd(this.verdictWidth);
    const columns = pc.dim(` ${'test'.padEnd(this.nameWidth)}  ${verdict}${cells}`);
    return [...wrap(title, '', this.width), '', columns].join('\n');
  }

  /** A test; if it did not pass, with what is wrong and the command that shows it. */
  private linesOf(row: SuiteRow): string[] {
    const { test, verdict, failure, passed, seeds, remarks } = row;
    const plain = this.isOneSeed ? spelled(verdict) : share(passed, seeds);
    const shown = inItsColour(verdict, plain.padEnd(this.verdictWidth));
    // Runs of one seed that differ have no figures.
    const figures = verdict === 'nondeterministic' ? '' : this.cells(row);
    const lines = [`${this.named(test)}  ${shown}${figures}`.trimEnd()];
    if (failure !== undefined) {
      const { seed, check, reason } = failure;
      const what = [`seed ${seed}`, check ?? `${failure.verdict}, unexpected`, reason];
      const told = what.filter((text) => text !== undefined).join(': ');
      lines.push(...wrap(told, '   ', this.width), `   ${failure.repro}`);
    }
    const remarked = remarks.flatMap((text) => wrap(text, '   ', this.width));
    return [...lines, ...remarked.map((line) => pc.yellow(line))];
  }

  /** The total of a part, once the next one begins. */
  private endOfPart(part: string, next?: string): string[] {
    if (part === next) return [];
    const rows = this.rows.filter((row) => row.part === part);
    return [this.total(suiteTotal(part, rows)), ''];
  }

  private total(total: SuiteTotal): string {
    const { name, passed, tests, course } = total;
    const figures = this.cells({ ...total, course: course.tests === 0 ? undefined : course });
    const what = `${name}: ${passed} of ${tests} pass`;
    return pc.bold(`${this.named(what)}  ${' '.repeat(this.verdictWidth)}${figures}`);
  }

  private named(name: string): string {
    if (name.length <= this.nameWidth) return ` ${name.padEnd(this.nameWidth)}`;
    return ` ${name}\n${' '.repeat(1 + this.nameWidth)}`;
  }

  private cells(figures: Figures): string {
    return this.columns.map(({ cell, width }) => cell(figures).padStart(width)).join('');
  }
}

/** What the suite came to, beside the suite of the course. */
function verdictLine({ tests, passed, runs, simMs, elapsedMs, course }: SuiteSummary): string {
  const done = runs === tests ? `${Math.round(simMs / 1000)} s of virtual time` : `${runs} runs`;
  const which = course.tests === tests ? '' : ` for ${course.tests} of them`;
  const go = course.tests === 0 ? '' : `; the Go suite: ${Math.round(course.seconds)} s${which}`;
  return `${passed} of ${tests} tests pass: ${done} in ${seconds(elapsedMs)}${go}`;
}

/** `199/200`. */
function share(passed: number, seeds: number): string {
  return `${passed}/${seeds}`;
}
