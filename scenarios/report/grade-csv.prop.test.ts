import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { gradesCsv } from './grade-csv.ts';
import { gradeOf, unloadable, type Grade } from './grade-rows.ts';

/** A grade of nothing, but for what is said of it. */
function gradeWith(parts: Partial<Grade>): Grade {
  const empty = { rows: [], kinds: [], remarks: [], runs: 0, elapsedMs: 0 };
  const flags = { isInterrupted: false, isNondeterministic: false };
  return { ...gradeOf({ file: 'a.ts', code: undefined, ...empty, ...flags }), ...parts };
}

/** What a spreadsheet makes of a text by RFC 4180: rows of cells. */
function parsed(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, plain, end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  expect(rows.pop()).toEqual([]);
  return rows;
}

describe('a table of grades', () => {
  test('has a row a file, a column for each part of a lab, and errors of what was not run', () => {
    const parts = [
      { part: '3B', counted: 1, tests: 2 },
      { part: '3A', counted: 3, tests: 3 },
    ];
    const one = gradeWith({ file: 'one.ts', code: 'c0de', score: 80, counted: 4, tests: 5, parts });
    const other = gradeWith({
      file: 'two.ts',
      parts: [{ part: '2', counted: 0, tests: 1 }],
      remarks: ['odd'],
      isInterrupted: true,
    });

    expect(gradesCsv([one, other, unloadable('three.ts', 'no such file')])).toMatchInlineSnapshot(`
      "file,code,score,counted,tests,2,3A,3B,failures,remarks,error
      one.ts,c0de,80,4,5,,3 of 3,1 of 2,,,
      two.ts,,0,0,0,0 of 1,,,,odd; interrupted,
      three.ts,,,,,,,,,,no such file
      "
    `);
  });

  test('keeps its rows and cells whatever stands in them', () => {
    const text = fc.string({
      unit: fc.constantFrom('"', ',', '\r', '\n', ';', 'a', ' ', '名'),
    });
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text, text), { minLength: 1 }), (all) => {
        const grades = all.map(([file, remark, code]) => {
          return gradeWith({ file, remarks: [remark], code });
        });
        const [heading, ...rows] = parsed(gradesCsv(grades));

        const at = (name: string): number => heading!.indexOf(name);
        const shown = (cell: string): string => cell.replace(/^'(?=[\t\r])/, '');
        expect(
          rows.map((row) => ['file', 'remarks', 'code'].map((c) => shown(row[at(c)]!))),
        ).toEqual(all);
      }),
    );
  });

  test.each(['=1+1.ts', '+cmd.ts', '-2.ts', '@SUM(A1).ts', '\t=1.ts', '\r=1.ts'])(
    'has no formula in it: %j',
    (file) => {
      const [, row] = parsed(gradesCsv([gradeWith({ file, remarks: [file] })]));

      for (const cell of row!) expect(cell).not.toMatch(/^[=+@\t\r-]/);
      expect(row![0]).toBe(`'${file}`);
    },
  );

  test('has none in what code under test says of itself, either', () => {
    const kind = { signature: '=HYPERLINK("http://x")', check: '' } as Grade['kinds'][number];
    const [, row] = parsed(gradesCsv([gradeWith({ kinds: [kind] })]));

    expect(row).toContain(`'=HYPERLINK("http://x")`);
  });
});
