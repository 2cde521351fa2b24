import type { Grade } from './grade-rows.ts';

/**
 * Grades as a table for a spreadsheet: a row a file, a column for each part of a lab. A file that
 * could not be loaded has its error instead.
 */
export function gradesCsv(grades: readonly Grade[]): string {
  const parts = [...new Set(grades.flatMap((grade) => grade.parts.map(({ part }) => part)))];
  const ordered = parts.toSorted();
  const heading = ['file', 'code', 'score', 'counted', 'tests', ...ordered, 'failures'];
  heading.push('remarks', 'error');
  const rows = grades.map((grade) => {
    const { file, code = '', score, counted, tests, kinds, remarks, error } = grade;
    const shares = ordered.map((name) => {
      const found = grade.parts.find(({ part }) => part === name);
      return found === undefined ? '' : `${found.counted} of ${found.tests}`;
    });
    const failures = kinds.map(({ signature }) => signature).join('; ');
    const figures = error === undefined ? [score, counted, tests] : ['', '', ''];
    const interrupted = grade.isInterrupted ? ['interrupted'] : [];
    const remarked = [...remarks, ...interrupted].join('; ');
    return [file, code, ...figures, ...shares, failures, remarked, error ?? ''];
  });
  return [heading, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

/** RFC 4180; what a spreadsheet would take for a formula is text. */
function cell(value: string | number): string {
  const text = String(value);
  const safe = /^[=+@\t\r-]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
