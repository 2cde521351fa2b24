import type { Span } from '../define/span.ts';

/** What stands where nothing was done. */
const IDLE = '.';

/** So many rows are shown: what does not fit on a screen is not looked at. */
const ROWS = 40;

/**
 * Who did what and when: a line for each row of the spans, in the order of their numbers, a column
 * for each piece of time. Of several that share a column the latest is seen. Of many rows some are
 * shown, whatever is rare before what all of them have. Empty if there are no spans.
 * @param width of the whole, in columns
 */
export function timelineText(spans: readonly Span[], width: number): string {
  if (spans.length === 0) return '';
  const byRow = new Map<string, Span[]>();
  for (const span of spans) {
    const before = byRow.get(span.row);
    if (before === undefined) byRow.set(span.row, [span]);
    else before.push(span);
  }
  const rows = mostTelling(byRow).toSorted(byNumber);
  const margin = Math.max(...rows.map((row) => row.length)) + 4;
  const columns = Math.max(10, width - margin);
  const endMs = spans.reduce((end, { toMs }) => Math.max(end, toMs), 1);
  const columnOf = (ms: number): number =>
    Math.min(columns - 1, Math.floor((ms * columns) / endMs));
  const lines = rows.map((row) => {
    const cells = Array.from({ length: columns }, () => IDLE);
    for (const span of byRow.get(row)!) {
      // Whatever has happened is seen, were it shorter than a column.
      const [from, to] = [columnOf(span.fromMs), columnOf(span.toMs)];
      cells.fill(span.label === undefined ? span.mark : ' ', from, to + 1);
      cells[from] = span.mark;
      // Whatever comes next may begin in the last column; and half a label misleads.
      const room = (to === columns - 1 ? to : to - 1) - from;
      const { label = '' } = span;
      if (label.length <= room) cells.splice(from + 1, label.length, ...label.split(''));
    }
    return `  ${row.padEnd(margin - 4)}  ${cells.join('')}`;
  });
  const kinds = new Map(spans.map(({ mark, what }) => [mark, what]));
  const legend = [...kinds]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([mark, what]) => `${mark} ${what}`);
  const scale = `(${(endMs / 1000).toFixed(3)} s in ${columns} columns)`;
  const more = byRow.size - rows.length;
  if (more > 0) lines.push(`  and ${more.toLocaleString('en-US')} more, with no other marks`);
  return [...lines, ...filled([...legend, `${IDLE} idle`, scale], width)].join('\n');
}

/** Of each kind of span some rows have: one for each in turn, those that few rows have first. */
function mostTelling(byRow: ReadonlyMap<string, readonly Span[]>): string[] {
  if (byRow.size <= ROWS) return [...byRow.keys()];
  const byMark = new Map<string, Set<string>>();
  for (const { row, mark } of [...byRow.values()].flat()) {
    byMark.set(mark, (byMark.get(mark) ?? new Set<string>()).add(row));
  }
  const queues = [...byMark.values()]
    .toSorted((a, b) => a.size - b.size)
    .map((rows) => [...rows].toSorted(byNumber));
  const shown = new Set<string>();
  for (let turn = 0; shown.size < ROWS; turn++) {
    const queue = queues[turn % queues.length]!;
    const next = queue.findIndex((row) => !shown.has(row));
    if (next !== -1) shown.add(queue[next]!);
  }
  return [...shown];
}

/** Texts beside each other, in lines that are no wider than that. */
function filled(texts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const joined = `${lines.at(-1)}   ${text}`;
    if (lines.length > 0 && joined.length <= width) lines[lines.length - 1] = joined;
    else lines.push(`  ${text}`);
  }
  return lines;
}

/** `w2` before `w10`. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
