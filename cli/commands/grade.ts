import { resolve } from 'node:path';
import { packs } from '../../scenarios/catalogue.ts';
import { labsAndParts, suiteOf } from '../../scenarios/define/suite.ts';
import { seedCount } from '../../scenarios/define/seed-range.ts';
import { gradesCsv } from '../../scenarios/report/grade-csv.ts';
import { exitCodeOfGrades, type Grade } from '../../scenarios/report/grade-rows.ts';
import { ExitCode, worstExitCode } from '../../scenarios/report/exit-code.ts';
import { prepareExport, writeExport } from '../../scenarios/report/node-export-file.ts';
import { limitPrinting } from '../../scenarios/runner/node-thread.ts';
import { clean, visible, widthOf } from '../../scenarios/report/text-fold.ts';
import { classHeading, classLines, GradeTable } from '../../scenarios/report/text-grade.ts';
import { UsageError } from '../errors.ts';
import type { GradeJob, GradeListener } from '../grade-job.ts';
import { grade } from '../grade.ts';
import { filesLike } from '../input-files.ts';
import { onInterrupt } from '../interrupt.ts';
import { jobsFor, type JobsOption } from '../jobs.ts';
import { pageWidth, print, printJson, StatusLine } from '../output.ts';
import { seedRange } from '../seeds.ts';

export interface GradeOptions extends JobsOption {
  readonly impl?: readonly string[];
  readonly lab?: readonly string[];
  readonly seeds?: string;
  readonly count?: string;
  readonly csv?: string;
  readonly json?: boolean;
}

/** Seeds of an official test, if nobody says how many. */
const SEEDS = '10';

/** About so many runs are a grade: enough for every core. */
const RUNS_A_SEED = 40;

/** Of what graded code prints, in bytes: nobody reads more, and there are many runs. */
const MOST_PRINTED = 100_000;

/** Kinds of failures that are shrunk, of one file and of each of a class. */
const SHRUNK = { one: 5, class: 2 } as const;

/** `grade <file...>`: somebody's own implementations against the official tests, and beyond. */
export async function gradeCommand(
  files: readonly string[],
  options: GradeOptions,
): Promise<number> {
  const { seeds, count = seeds === undefined ? SEEDS : undefined, csv, json = false } = options;
  const patterns = [...files, ...(options.impl ?? [])];
  if (patterns.length === 0) throw new UsageError('grade: name a file: faultlab grade my-raft.ts');
  const names = once(filesLike(patterns, 'grade'));
  const labs = labsNamed(options.lab ?? []);
  const range = seedRange({ seeds, count });
  const jobs = Math.min(jobsFor(options, seedCount(range) * RUNS_A_SEED), seedCount(range));
  if (csv !== undefined) prepareCsv(csv, names);
  const interrupted = onInterrupt();
  limitPrinting(MOST_PRINTED);
  const isClass = names.length > 1;
  const shrunk = isClass ? SHRUNK.class : SHRUNK.one;
  const teller = json ? new JsonTeller() : isClass ? new ClassTeller(names) : new FileTeller();
  const grades: Grade[] = [];
  for (const file of names) {
    if (interrupted.aborted) break;
    const job = { file, labs, range, jobs, shrunk };
    grades.push(teller.end(await grade(job, interrupted, teller.listen(job))));
    if (csv !== undefined) writeExport(csv, [gradesCsv(grades)]);
  }
  const exitCode = exitCodeOfGrades(grades);
  return interrupted.aborted ? worstExitCode([exitCode, ExitCode.interrupted]) : exitCode;
}

/** A file that was named in two ways is one. */
function once(names: readonly string[]): readonly string[] {
  return [
    ...new Map(names.toReversed().map((name) => [resolve(name), name])).values(),
  ].toReversed();
}

/** @throws UsageError if there are no tests of one of them */
function labsNamed(labs: readonly string[]): readonly string[] {
  const there = labsAndParts(suiteOf(packs));
  const named = labs.flatMap((text) => text.toUpperCase().split(','));
  const unknown = named.find((lab) => !there.includes(lab));
  if (unknown === undefined) return named;
  throw new UsageError(`--lab: there is no lab ${unknown}; there are ${there.join(', ')}`);
}

/** Before the grading, which takes its time. @throws UsageError, FileError if it cannot be there */
function prepareCsv(csv: string, files: readonly string[]): void {
  if (files.some((file) => resolve(file) === resolve(csv))) {
    throw new UsageError(`--csv: ${csv} is what is to be graded`);
  }
  prepareExport(csv);
}

/** Tells of grades as they come. */
interface Teller {
  listen(job: GradeJob): GradeListener;
  end(grade: Grade): Grade;
}

class JsonTeller implements Teller {
  private readonly status = new StatusLine();

  listen({ file }: GradeJob): GradeListener {
    return { ...progress(file, this.status), row: (row) => printJson(row) };
  }

  end(grade: Grade): Grade {
    this.status.clear();
    printJson({ grade });
    return grade;
  }
}

/** One file, with all that there is to say. */
class FileTeller implements Teller {
  private readonly status = new StatusLine();
  private table: GradeTable | undefined;

  listen({ file, range }: GradeJob): GradeListener {
    const { status } = this;
    const told = progress(file, status);
    return {
      ...told,
      begin: (tests, { exported, hash: code }) => {
        told.begin?.(tests, { exported, hash: code, variables: [] });
        this.table = new GradeTable({ file, tests, exported, code, range, width: pageWidth() });
        print(this.table.heading());
      },
      row: (row) => {
        status.clear();
        print(this.table!.add(row));
      },
    };
  }

  end(grade: Grade): Grade {
    this.status.clear();
    const { file, error } = grade;
    if (error !== undefined) {
      const told = error.includes(file) ? error : `${file}: ${error}`;
      process.stderr.write(`faultlab: ${visible(told)}\n`);
    } else if (this.table !== undefined) print(this.table.end(grade));
    return grade;
  }
}

/** Many files, a few lines each. */
class ClassTeller implements Teller {
  private readonly status = new StatusLine();
  private readonly nameWidth: number;
  private isBegun = false;

  constructor(files: readonly string[]) {
    this.nameWidth = Math.max(...files.map((file) => widthOf(clean(file))));
  }

  listen({ file }: GradeJob): GradeListener {
    return progress(file, this.status);
  }

  end(grade: Grade): Grade {
    this.status.clear();
    if (!this.isBegun) print(classHeading(this.nameWidth));
    this.isBegun = true;
    print(classLines(grade, this.nameWidth, pageWidth()));
    return grade;
  }
}

function progress(file: string, status: StatusLine): GradeListener {
  let tests = 0;
  return {
    begin: (all) => void (tests = all.length),
    result: ({ name }, at, done) =>
      status.show(`${file}  test ${at + 1} of ${tests}  ${name}  ${done} seeds`),
    doing: (what) => status.show(`${file}  ${what}`),
  };
}
