import pc from 'picocolors';
import { seconds, wrap } from '../text-run.ts';
import type { Kill, MatrixRow, MatrixSummary, OfficialKill, Share } from './kill-matrix.ts';
import { courseText, figure, officialText, viewText } from './words.ts';

/** Where there is less room, in columns, the name of a scenario stands on a line of its own. */
const WIDE = 110;

const VIEW_WIDTH = 8;
const FIGURES_WIDTH = 34;
const GAP = '  ';

/** Specimens as a table, a block each. */
export class MatrixTable {
  private readonly width: number;
  private readonly most: number;
  private readonly nameWidth: number;
  private isBegun = false;

  /**
   * @param width room for a line, in columns
   * @param most seeds that are tried in a range
   * @param scenarios all that are to come
   */
  constructor(width: number, most: number, scenarios: readonly string[]) {
    this.width = width;
    this.most = most;
    this.nameWidth = Math.max(0, ...scenarios.map((name) => name.length));
  }

  add(row: MatrixRow): string {
    const { specimen, title, killed, kills, official, course } = row;
    const verdict = killed ? pc.green('killed') : pc.red('ALIVE');
    const lines = [`${pc.bold(specimen.padEnd(5))} ${verdict}  ${title}`];
    for (const [i, kill] of kills.entries()) {
      lines.push(...this.killLines(kill, kills[i - 1]?.scenario === kill.scenario));
    }
    if (official !== undefined) lines.push(...this.told(officialLine(official)));
    if (course !== undefined) lines.push(...this.told(courseText(course)));
    const heading = this.isBegun ? [] : this.heading();
    this.isBegun = true;
    return [...heading, ...lines].join('\n');
  }

  /** What stands below the last specimen. */
  end(summary: MatrixSummary): string {
    const lines = headline(summary).flatMap((text) => wrap(text, '', this.width));
    if (summary.isInterrupted) {
      lines.push(pc.yellow('interrupted: these are the specimens that were done'));
    }
    return ['', ...lines].join('\n');
  }

  private get isWide(): boolean {
    return this.width >= WIDE;
  }

  /** What stands left of the figures, in columns. */
  private get margin(): number {
    return this.isWide ? 2 + this.nameWidth + GAP.length : 4;
  }

  private heading(): string[] {
    const names = ['seeds', 'worst', 's', 'worst', 'found'];
    const columns = `${'views'.padEnd(VIEW_WIDTH)}${cells(names)}${GAP}check`;
    const title = 'seeds and real time to the first failure: median and worst of the ranges';
    return [...wrap(title, '', this.width), pc.dim(' '.repeat(this.margin) + columns)];
  }

  private killLines(kill: Kill, isSameScenario: boolean): string[] {
    const { scenario, seeds, wallMs, found, ranges, checks, falseAlarms } = kill;
    const figures = cells([
      figure(seeds.median, this.most),
      figure(seeds.worst, this.most),
      (wallMs.median / 1000).toFixed(2),
      (wallMs.worst / 1000).toFixed(2),
      `${found}/${ranges}`,
    ]);
    const left = this.isWide
      ? `  ${(isSameScenario ? '' : scenario).padEnd(this.nameWidth)}${GAP}`
      : '    ';
    const begin = `${left}${viewText(kill.view).padEnd(VIEW_WIDTH)}${figures}${GAP}`;
    const alarms = falseAlarms === 0 ? '' : ` (false alarms: ${falseAlarms})`;
    const said = `${checks.join(', ') || '-'}${alarms}`;
    const [first = '', ...rest] = wrap(said, ' '.repeat(begin.length), this.width);
    const name = this.isWide || isSameScenario ? [] : [`  ${scenario}`];
    return [...name, begin + first.trimStart(), ...rest];
  }

  private told(text: string): string[] {
    return wrap(text, '    ', this.width).map((line, i) => (i === 0 ? line.slice(2) : line));
  }
}

/** Five figures, to the right of their columns. */
function cells(texts: readonly string[]): string {
  const widths = [6, 6, 8, 8, FIGURES_WIDTH - 28];
  return texts.map((text, i) => text.padStart(widths[i] ?? 0)).join('');
}

function officialLine(official: OfficialKill): string {
  return `the official tests: ${officialText(official)}`;
}

/** What the matrix comes to, a sentence each. */
export function headline(summary: MatrixSummary): string[] {
  const { specimens, killed, alive, seeds, wallMs, outside, official, elapsedMs } = summary;
  const worst = `the worst ${seeds.worst ?? 'more than was tried'}`;
  const inSeconds = [wallMs.median, wallMs.worst].map((ms) => (ms / 1000).toFixed(2));
  const missed = alive.length === 0 ? '' : `; alive: ${alive.join(', ')}`;
  const lines = [`${killed} of ${specimens} specimens killed${missed} (${seconds(elapsedMs)})`];
  if (killed > 0) {
    lines.push(
      `the median of them takes ${seeds.median ?? 'more than was tried'} seeds, ${worst}; ` +
        `in real time ${inSeconds.join(' s, the worst ')} s`,
    );
  }
  if (outside.of > 0) lines.push(`with views withheld: ${shareText(outside)}`);
  if (official !== undefined) lines.push(`by the official tests alone: ${shareText(official)}`);
  lines.push(`false alarms: ${summary.falseAlarms}`);
  return lines;
}

function shareText({ killed, of }: Share): string {
  return `${killed} of ${of}`;
}
