import pc from 'picocolors';
import type { SeedRange } from '../define/seed-range.ts';
import type { GradedTest } from '../define/grading.ts';
import { isOpen, type FailureKind, type Grade, type GradeRow } from './grade-rows.ts';
import { quoted } from './shell-word.ts';
import { clean, padded } from './text-fold.ts';
import { inItsColour, seconds, spelled, wrap } from './text-run.ts';

/** Kinds of failures that are told in full. */
const MOST_KINDS = 5;
/** Tests that are named of a kind, and seeds of a test. */
const MOST_TESTS = 4;
const MOST_SEEDS = 6;

/** How the score comes about, in words. */
const FORMULA =
  'A test counts if all of its seeds pass. Score: tests that count, of a hundred, rounded down.';

/** What is graded. */
export interface GradeForm {
  readonly file: string;
  readonly tests: readonly GradedTest[];
  readonly exported: readonly string[];
  readonly code: string;
  readonly range: SeedRange;
  /** Room for a line, in columns. */
  readonly width: number;
}

/** The grade of one file as a table, line by line as its tests are done. */
export class GradeTable {
  private readonly form: GradeForm;
  private readonly nameWidth: number;
  private part: string | undefined;
  private isOfficial = true;

  constructor(form: GradeForm) {
    this.form = form;
    const longest = Math.max(...form.tests.map(({ name }) => name.length));
    this.nameWidth = Math.max(20, Math.min(longest, form.width - 40));
  }

  heading(): string {
    const { file, tests, exported, code, range, width } = this.form;
    const official = tests.filter(({ isOfficial }) => isOfficial).length;
    const beyond = tests.length - official;
    const { prefix, first, last } = range;
    const seeds = first === last ? `seed ${prefix}${first}` : `seeds ${prefix}${first}..${last}`;
    const most = Math.max(...tests.map(({ weight }) => weight));
    const more = most === 1 ? '' : `, up to ${most} times as many beyond`;
    const named = `${beyond} ${beyond === 1 ? 'scenario' : 'scenarios'} beyond them`;
    const what = `${official} official tests, and ${named}; ${seeds}${more}`;
    return [
      ...wrap(`${clean(file)} (${exported.join(', ')}; code ${code})`, '', width).map((l) =>
        pc.bold(l),
      ),
      ...wrap(what, '', width),
      '',
    ].join('\n');
  }

  /** The next test: its lines, with a gap before a part that begins. */
  add(row: GradeRow): string {
    const isNew = this.part !== undefined && row.part !== this.part && row.isOfficial;
    const isBeyond = this.isOfficial && !row.isOfficial;
    this.part = row.part;
    this.isOfficial = row.isOfficial;
    const gap = isNew || isBeyond ? [''] : [];
    return [...gap, ...this.linesOf(row)].join('\n');
  }

  /** What stands below the last test. */
  end(grade: Grade): string {
    const { width } = this.form;
    return ['', ...gradeLines(grade, width)].join('\n');
  }

  private linesOf(row: GradeRow): string[] {
    const { width } = this.form;
    const { test, failures, remark } = row;
    const name =
      test.length > this.nameWidth
        ? ` ${test}\n ${' '.repeat(this.nameWidth)}`
        : ` ${test.padEnd(this.nameWidth)}`;
    const lines = [`${name}  ${resultText(row)}`];
    const [first] = failures;
    if (first !== undefined) {
      const { seed, check, verdict, reason, where } = first;
      const place = where === undefined ? '' : ` (${where})`;
      const what = first.verdict === 'crash' ? (reason ?? verdict) : (check ?? verdict);
      lines.push(...wrap(`seed ${seed}: ${oneLine(what)}${place}`, '   ', width));
    }
    if (remark !== undefined) lines.push(...wrap(remark, '   ', width).map((l) => pc.yellow(l)));
    return lines;
  }
}

/** `pass 10 seeds`, `FAIL 3/10 seeds: 2, 5, 9`. */
function resultText(row: GradeRow): string {
  const { verdict, ran, seeds, failed } = row;
  if (ran === 0) return pc.yellow('not run');
  if (failed.length > 0) {
    const shown = failed.slice(0, MOST_SEEDS).join(', ');
    const more = failed.length > MOST_SEEDS ? ', ...' : '';
    return `${pc.red('FAIL')} ${failed.length}/${ran} seeds: ${shown}${more}`;
  }
  if (isOpen(row)) return `${pc.yellow('open')} ${ran}/${seeds} seeds`;
  const word = inItsColour(verdict, spelled(verdict));
  return `${word} ${ran} ${ran === 1 ? 'seed' : 'seeds'}`;
}

/** Score, kinds of failures and remarks, for the end of a table. */
function gradeLines(grade: Grade, width: number): string[] {
  const { parts, counted, tests, official, beyond, score, kinds, remarks } = grade;
  const perPart = parts.map(({ part, ...share }) => `${part} ${share.counted}/${share.tests}`);
  const which = `${official.counted} of ${official.tests} official`;
  const besides = `${beyond.counted} of ${beyond.tests} beyond`;
  return [
    ...remarks.flatMap((text) => wrap(text, ' ', width).map((line) => pc.yellow(line))),
    ...(perPart.length > 1 ? wrap(perPart.join('   '), ' ', width) : []),
    ...wrap(
      `score ${score}: ${counted} of ${tests} tests count (${which}, ${besides})`,
      ' ',
      width,
    ).map((line) => pc.bold(line)),
    ...wrap(FORMULA, ' ', width).map((line) => pc.dim(line)),
    ` ${grade.runs} runs in ${seconds(grade.elapsedMs)}`,
    ...(grade.isInterrupted ? [pc.yellow(' interrupted: this is what was done')] : []),
    ...kinds.slice(0, MOST_KINDS).flatMap((kind, i) => ['', ...kindLines(kind, i + 1, width)]),
    ...(kinds.length > MOST_KINDS ? ['', ` ${kinds.length - MOST_KINDS} other kinds:`] : []),
    ...kinds.slice(MOST_KINDS).flatMap((kind) => wrap(oneLine(kind.signature), '   ', width)),
  ];
}

/** A kind of failure: what was seen, which promise that breaks, and how to see it again. */
function kindLines(kind: FailureKind, number: number, width: number): string[] {
  const { check, count, tests, smallest, test, where, hint, folder, faults } = kind;
  const named = tests.slice(0, MOST_TESTS).join(', ') + (tests.length > MOST_TESTS ? ', ...' : '');
  const runs = `${count} ${count === 1 ? 'run' : 'runs'} of ${named}`;
  const what = oneLine(smallest.reason ?? smallest.verdict);
  const lines = [
    ` ${pc.bold(`${number}  ${pc.red(clean(check))}`)}`,
    ...field('seen', `${what} (${test.name}, seed ${smallest.seed}); ${runs}`, width),
  ];
  if (where !== undefined) lines.push(...field('at', where, width));
  if (hint !== undefined) {
    lines.push(
      ...field('broken', hint.guarantee, width),
      ...field('said in', hint.source, width),
      ...(hint.tests.length > 0 ? field('tested by', hint.tests.join(', '), width) : []),
      ...hint.questions.flatMap((text, i) => field(i === 0 ? 'ask' : '', text, width)),
    );
  }
  const shrunk =
    faults === undefined || faults[0] === 0
      ? ''
      : `  # ${faults[0]} fault actions shrunk to ${faults[1]}`;
  if (folder !== undefined) {
    lines.push(`    replay     npx faultlab replay ${quoted(folder)}${shrunk}`);
  }
  lines.push(`    again      ${smallest.repro}`);
  return lines;
}

function field(name: string, text: string, width: number): string[] {
  const [first = '', ...rest] = wrap(text, ' '.repeat(15), width);
  return [`    ${name.padEnd(10)} ${first.trimStart()}`, ...rest];
}

/** The heading of a table with a line for each file. */
export function classHeading(nameWidth: number): string {
  return pc.dim(` ${'file'.padEnd(nameWidth)}  score  official   beyond`);
}

/** One file of many: its grade in a line, and below it what is wrong, most telling first. */
export function classLines(grade: Grade, nameWidth: number, width: number): string {
  const { file, score, official, beyond, kinds, remarks, error } = grade;
  const name = ` ${padded(clean(file), nameWidth)}`;
  if (error !== undefined) {
    const [first = '', ...rest] = error.split('\n').filter((line) => line.trim() !== '');
    const told = first.startsWith('cannot load') ? first : `cannot be graded: ${first}`;
    const lines = [
      ...wrap(told, '   ', width).map(pc.red),
      ...rest.map((line) => `   ${clean(line)}`),
    ];
    return [`${name}      -`, ...lines].join('\n');
  }
  const shares = [official, beyond].map((s) => `${s.counted}/${s.tests}`.padStart(9)).join('');
  const told = kinds.slice(0, 2).map(({ check, smallest, where, test }) => {
    const place = where === undefined ? '' : ` (${where})`;
    const text = smallest.verdict === 'crash' ? oneLine(smallest.reason ?? check) : check;
    return `${text}${place}: ${test.name}, seed ${smallest.seed}`;
  });
  if (kinds.length > 2) told.push(`and ${kinds.length - 2} other kinds of failures`);
  return [
    `${name}  ${String(score).padStart(5)} ${shares}`,
    ...[...told, ...remarks].flatMap((text) => wrap(text, '   ', width)),
    ...(grade.isInterrupted ? [pc.yellow('   interrupted: this is what was done')] : []),
  ].join('\n');
}

function oneLine(text: string): string {
  return text.split('\n')[0]!;
}
