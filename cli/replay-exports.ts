import { Trace } from '../sim/index.ts';
import { perfettoJson } from '../scenarios/report/export/perfetto.ts';
import { shivizText } from '../scenarios/report/export/shiviz.ts';
import { prepareExport, writeExport } from '../scenarios/report/node-export-file.ts';
import type { JobReport } from '../scenarios/runner/node-target.ts';
import { UsageError } from './errors.ts';
import type { ViewOptions } from './replay-view.ts';

/** What to hand to other tools instead of printing the trace. */
export interface ExportOptions {
  readonly metrics?: boolean;
  /** Files to write. */
  readonly perfetto?: string;
  readonly shiviz?: string;
}

/** A file that was written. */
export interface Exported {
  readonly format: 1;
  readonly kind: 'perfetto' | 'shiviz';
  readonly file: string;
}

type Texts = (report: JobReport, trace: Trace) => Iterable<string>;

const WRITERS: Readonly<Record<Exported['kind'], Texts>> = {
  perfetto: ({ history, result }, trace) => perfettoJson({ trace, history, result }),
  shiviz: (_report, trace) => shivizText(trace),
};

/** Is the page of the trace wanted? */
export function hasPage({ metrics, perfetto, shiviz }: ExportOptions): boolean {
  return metrics !== true && perfetto === undefined && shiviz === undefined;
}

/**
 * Refuse, before anything runs, what cannot be written or does not go together.
 * @throws UsageError, FileError
 */
export function prepareExports(options: ExportOptions & ViewOptions): void {
  const { perfetto, shiviz } = options;
  if (perfetto !== undefined && perfetto === shiviz) {
    throw new UsageError('--perfetto and --shiviz: expected two files, not the same one');
  }
  for (const { file } of asked(options)) {
    if (file === '') throw new UsageError('--perfetto, --shiviz: expected the name of a file');
    prepareExport(file);
  }
  if (hasPage(options)) return;
  const views = [
    'from',
    'until',
    'node',
    'topic',
    'event',
    'why',
    'state',
    'all',
    'lines',
  ] as const;
  const view = views.find((name) => options[name] !== undefined);
  if (view === undefined) return;
  const what = options.metrics === true ? '--metrics' : 'an export';
  throw new UsageError(`--${view} does not go with ${what}: that is of the whole run`);
}

/**
 * Write the files that are asked for.
 * @throws FileError
 */
export function writeExports(options: ExportOptions, report: JobReport): Exported[] {
  const files = asked(options);
  const trace = Trace.from(report.trace);
  for (const { file, kind } of files) writeExport(file, WRITERS[kind](report, trace));
  return files;
}

function asked({ perfetto, shiviz }: ExportOptions): Exported[] {
  return Object.entries({ perfetto, shiviz }).flatMap(([kind, file]) =>
    file === undefined ? [] : [{ format: 1, kind: kind as Exported['kind'], file }],
  );
}
