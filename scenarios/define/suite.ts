import type { CourseFigure, Pack } from './pack.ts';
import type { Scenario } from './scenario.ts';

/** An official test of a lab, as the suite lists it. */
export interface SuiteTest {
  /** `TestInitialElection3A`. */
  readonly test: string;
  readonly scenario: Scenario;
  readonly lab: number;
  /** `3A`; the lab itself where its tests name no part. */
  readonly part: string;
  /** What the course says of it; undefined if nothing. */
  readonly course: CourseFigure | undefined;
}

/** The official tests of all packs, in the official order. */
export function suiteOf(packs: readonly Pack[]): readonly SuiteTest[] {
  return packs.flatMap(({ lab, scenarios, courseFigures = {} }) =>
    scenarios.flatMap((scenario) => {
      const { test } = scenario;
      if (lab === undefined || test === undefined) return [];
      return [{ test, scenario, lab, part: partOf(test, lab), course: courseFigures[test] }];
    }),
  );
}

/** Of these tests, those of a lab (`3`) or of a part of one (`3C`, in either case). */
export function ofLab(tests: readonly SuiteTest[], name: string): readonly SuiteTest[] {
  const wanted = name.toUpperCase();
  return tests.filter(({ lab, part }) => wanted === String(lab) || wanted === part);
}

/** The labs and parts that {@link ofLab} knows: `2`, `3`, `3A`, ... */
export function labsAndParts(tests: readonly SuiteTest[]): readonly string[] {
  return [...new Set(tests.flatMap(({ lab, part }) => [String(lab), part]))];
}

/** The name of a test ends with the part that it belongs to: `TestPersist13C` is of 3C. */
function partOf(test: string, lab: number): string {
  const part = test.slice(-2);
  return /^\d[A-Z]$/.test(part) && part.startsWith(String(lab)) ? part : String(lab);
}
