import type { Kill, MatrixRow, OfficialKill } from './kill-matrix.ts';
import { figure } from './words.ts';

const HEADINGS = [
  'specimen',
  'what is wrong',
  'scenario',
  'shown: check',
  'seeds',
  's',
  'hidden: check',
  'seeds',
  's',
  'official tests alone',
];

/** The matrix as a table of Markdown; a row for each scenario of a specimen. */
export function markdownMatrix(rows: readonly MatrixRow[], most: number): string {
  const lines = rows.flatMap((row) => rowsOf(row, most));
  return [HEADINGS, HEADINGS.map(() => '---'), ...lines]
    .map((cells) => `| ${cells.map(escaped).join(' | ')} |`)
    .join('\n');
}

function rowsOf(row: MatrixRow, most: number): string[][] {
  const { specimen, title, kills, official, course } = row;
  const name = course?.caught === 0 ? `**${specimen}**` : specimen;
  const scenarios = [...new Set(kills.map(({ scenario }) => scenario))];
  return scenarios.map((scenario, i) => {
    const own = kills.filter((kill) => kill.scenario === scenario);
    const shown = own.find(({ view }) => view !== false);
    const hidden = own.find(({ view }) => view === false);
    return [
      name,
      i === 0 ? title : '',
      `\`${scenario}\``,
      ...cellsOf(shown, most),
      ...cellsOf(hidden, most),
      i === 0 && official !== undefined ? officialCell(official) : '',
    ];
  });
}

/** Check, seeds and seconds: the median, and the worst in brackets if it is another. */
function cellsOf(kill: Kill | undefined, most: number): string[] {
  if (kill === undefined) return ['', '', ''];
  const { checks, seeds, wallMs, found, ranges } = kill;
  const [middle, worst] = [figure(seeds.median, most), figure(seeds.worst, most)];
  const share = found === ranges ? '' : `, ${found}/${ranges}`;
  const more = middle === worst && share === '' ? '' : ` (${worst}${share})`;
  const seconds = (ms: number): string => (ms / 1000).toFixed(2);
  return [checks.join(', ') || '-', middle + more, seconds(wallMs.median)];
}

function officialCell({ killed, test, found, passes, check }: OfficialKill): string {
  if (!killed) return `0/${passes} missed`;
  return `${found}/${passes} ${test}: ${check}`;
}

function escaped(text: string): string {
  return text.replaceAll('|', String.raw`\|`);
}
