import { z } from 'zod';
import { kindOf, parseJson, readAs, type JsonFormat } from './json-file.ts';
import { parsePlan, planFormat } from './plan-file.ts';
import type { Plan } from './plan.ts';
import { verdicts, type Verdict } from './verdict.ts';

/** A stored plan that once failed, and how. */
export interface Regression {
  readonly format: 1;
  readonly kind: 'regression';
  /** With the code that failed. */
  readonly plan: Plan;
  readonly expected: ExpectedFailure;
}

/** What a regression comes to with the code that it was found with. */
export interface ExpectedFailure {
  readonly verdict: Verdict;
  readonly signature: string;
}

/** The version of regression files that this Faultlab reads and writes. */
const REGRESSION_FORMAT = 1;

const regressionFormat: JsonFormat<Regression> = {
  kind: 'regression',
  format: REGRESSION_FORMAT,
  shape: `{"format": ${REGRESSION_FORMAT}, "kind": "regression", "plan": ..., "expected": ...}`,
  schema: z.strictObject({
    format: z.literal(REGRESSION_FORMAT),
    kind: z.literal('regression'),
    plan: planFormat.schema,
    expected: z.strictObject({ verdict: z.enum(verdicts), signature: z.string() }),
  }),
};

/**
 * Read a regression.
 * @throws FileError naming the file, the field and the expected form
 */
export function parseRegression(text: string, file: string): Regression {
  return readAs(regressionFormat, parseJson(text, file), file);
}

/**
 * Read a plan, or a regression for its plan and the failure that is expected of it.
 * @throws FileError
 */
export function parsePlanOrRegression(
  text: string,
  file: string,
): { readonly plan: Plan; readonly expected?: ExpectedFailure } {
  const isRegression = kindOf(parseJson(text, file)) === 'regression';
  return isRegression ? parseRegression(text, file) : { plan: parsePlan(text, file) };
}
