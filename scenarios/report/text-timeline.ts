import type { Span } from '../define/span.ts';

/** What stands where nothing was done. */
const IDLE = '.';

/**
 * Who did what and when: a line for each row of the spans, in the order of their first ones, a
 * column for each piece of time. Of several that share a column the latest is seen. Empty if there
 * are none.
 * @param width of the whole, in columns
 */
export function timelineText(spans: readonly Span[], width: number): string {
  if (spans.length === 0) return '';
  const rows = [...new Set(spans.map(({ row }) => row))].toSorted(byNumber);
  const margin = Math.max(...rows.map((row) => row.length)) + 4;
  const columns = Math.max(10, width - margin);
  const endMs = spans.reduce((end, { toMs }) => Math.max(end, toMs), 1);
  const columnOf = (ms: number): number =>
    Math.min(columns - 1, Math.floor((ms * columns) / endMs));
  const lines = rows.map((row) => {
    const cells = Array.from({ length: columns }, () => IDLE);
    for (const span of spans) {
      if (span.row !== row) continue;
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
  const scale = `${(endMs / 1000).toFixed(3)} s in ${columns} columns`;
  return [...lines, `  ${[...legend, `${IDLE} idle`].join('   ')}   (${scale})`].join('\n');
}

/** `w2` before `w10`. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
