import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { prepareExport, writeExport } from '../../scenarios/report/node-export-file.ts';
import { summariseMatrix, type MatrixRow } from '../../scenarios/report/matrix/kill-matrix.ts';
import { markdownMatrix } from '../../scenarios/report/matrix/markdown-matrix.ts';
import { headline, MatrixTable } from '../../scenarios/report/matrix/text-matrix.ts';
import { UsageError } from '../errors.ts';
import { onInterrupt } from '../interrupt.ts';
import { jobsFor, type JobsOption } from '../jobs.ts';
import { cellsOf, type Cell } from '../matrix/cells.ts';
import { matrixRows } from '../matrix/matrix.ts';
import { pageWidth, print, printJson, StatusLine } from '../output.ts';
import { scenariosLike } from '../scenario-names.ts';
import { parseCount } from '../seeds.ts';

export interface MatrixCommandOptions extends JobsOption {
  readonly lab?: string;
  readonly scenario?: readonly string[];
  readonly most: string;
  readonly ranges: string;
  /** Default: both. */
  readonly view?: boolean;
  readonly official?: boolean;
  readonly passes: string;
  readonly json?: boolean;
  readonly md?: string;
}

/** Ranges of seeds must not meet, and more than these are a slip of the finger. */
const MOST_SEEDS = 100_000;
const MOST_RANGES = 1000;

/** `specimens matrix`: what kills which specimen, and how soon. */
export async function matrixCommand(
  ids: readonly string[],
  options: MatrixCommandOptions,
): Promise<number> {
  const { json = false, md, lab, view } = options;
  const most = atMost('--most', options.most, MOST_SEEDS);
  const ranges = atMost('--ranges', options.ranges, MOST_RANGES);
  const passes = atMost('--passes', options.passes, MOST_RANGES);
  const scenarios = options.scenario?.flatMap(scenariosLike);
  const chosen = { ids, lab, scenarios, view, passes: options.official === true ? passes : 0 };
  const cells = cellsOf(new Registry(packs), chosen);
  if (cells.length === 0) throw new UsageError(nothingToDo(options));
  if (md !== undefined) prepareExport(md);
  const jobs = Math.min(cells.length, jobsFor(options, cells.length * ranges));
  const interrupted = onInterrupt();
  const startedMs = performance.now();
  const rows: MatrixRow[] = [];
  const table = new MatrixTable(pageWidth(), most, cells.flatMap(scenarioOf));
  const status = new StatusLine();
  let count = 0;
  const done = (cell: Cell): void => {
    const left = cells[++count];
    const next = left === undefined ? '' : `  ${left.specimen.id} ${scenarioOf(left).join('')}`;
    const alive = rows.filter(({ killed }) => !killed).length;
    status.show(
      `${count} of ${cells.length} cells, ${cell.specimen.id} done, ${alive} alive${next}`,
    );
  };
  for await (const row of matrixRows({ packs, cells, jobs, most, ranges, done }, interrupted)) {
    rows.push(row);
    status.clear();
    if (json) printJson(row);
    else print(table.add(row));
  }
  status.clear();
  const summary = summariseMatrix(rows, performance.now() - startedMs, interrupted.aborted);
  if (json) printJson({ summary });
  else print(table.end(summary));
  if (md !== undefined) {
    const text = [...headline(summary).map((line) => `- ${line}`), '', markdownMatrix(rows, most)];
    writeExport(md, [`${text.join('\n')}\n`]);
  }
  return summary.exitCode;
}

function scenarioOf(cell: Cell): string[] {
  return cell.kind === 'kill' ? [cell.scenario] : [];
}

function atMost(option: string, text: string, most: number): number {
  const value = parseCount(option, text);
  if (value <= most) return value;
  throw new UsageError(`${option}: ${text} is more than ${most}`);
}

function nothingToDo({ lab, scenario }: MatrixCommandOptions): string {
  if (scenario !== undefined) {
    return `--scenario: none of ${scenario.join(', ')} is of the lab of these specimens`;
  }
  return `--lab: none of these specimens is of lab ${lab}`;
}
