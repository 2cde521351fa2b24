/** Below the options of `grade --help`. */
export const gradeHelp: string = `
A test counts if all of its seeds pass; the score is the share of the tests that count, of a
hundred, rounded down. A test whose first three seeds fail is not run with the others.

Exit codes: 0 all pass, 1 an implementation fails, 2 a check could not tell, 64 a file cannot be
loaded (and no other one fails), 130 interrupted.`;
