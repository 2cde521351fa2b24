import { isAsExpected, type RunResult } from '../define/result.ts';
import type { SweepSummary } from './sweep-summary.ts';
import { attributes, escaped } from './xml.ts';

/** A seed, as JUnit's format has test cases. */
export interface JunitCase {
  readonly seed: string;
  readonly wallMs: number;
  /** What went wrong. */
  readonly failure?: {
    /** A crash is an error, all else is a failure. */
    readonly kind: 'failure' | 'error';
    readonly type: string;
    readonly message: string;
    readonly text: string;
  };
}

export function junitCase(result: RunResult): JunitCase {
  const { seed, wallMs, verdict, expected, check, reason = '', repro, story = [] } = result;
  if (isAsExpected(result)) return { seed, wallMs };
  const lines = story.map(({ timeUs, who, text }) => `${timeUs / 1000} ms  ${who}  ${text}`);
  const wanted = expected === 'pass' ? [] : [`expected: ${expected}`];
  return {
    seed,
    wallMs,
    failure: {
      kind: verdict === 'crash' ? 'error' : 'failure',
      type: check ?? verdict,
      message: reason === '' ? `${verdict}, unexpected` : reason,
      text: [...wanted, ...lines, repro].join('\n'),
    },
  };
}

/**
 * A sweep as a test suite of JUnit's format, which most services that run tests read: a seed is a
 * test case. A sweep in which too little happened fails as a case of its own.
 */
export function junitSuite(
  { scenario, tooLow, probes, drift }: SweepSummary,
  seeds: readonly JunitCase[],
): string {
  const never = probes.filter(({ status }) => status === 'never');
  const missing = [
    ...tooLow.map((text) => `too little happened: ${text}`),
    ...never.map(({ name, within }) => `"${name}" never, expected within ${within} seeds`),
    ...(drift === undefined ? [] : [drift]),
  ];
  const cases = missing.length === 0 ? seeds : [...seeds, wholeCase(missing)];
  const count = (kind: string): number =>
    cases.filter(({ failure }) => failure?.kind === kind).length;
  const suite = {
    name: scenario,
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: 0,
    time: inSeconds(cases.reduce((sum, { wallMs }) => sum + wallMs, 0)),
  };
  const rows = cases.map((one) => caseElement(scenario, one));
  return `  <testsuite${attributes(suite)}>\n${rows.join('')}  </testsuite>\n`;
}

/** The file: all suites. */
export function junitFile(suites: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n${suites.join('')}</testsuites>\n`;
}

function wholeCase(missing: readonly string[]): JunitCase {
  const message = missing.join('; ');
  const failure = { kind: 'failure', type: 'the whole sweep', message, text: message } as const;
  return { seed: 'all', wallMs: 0, failure };
}

function caseElement(scenario: string, { seed, wallMs, failure }: JunitCase): string {
  const name = seed === 'all' ? 'all seeds' : `seed ${seed}`;
  const head = attributes({ classname: scenario, name, time: inSeconds(wallMs) });
  if (failure === undefined) return `    <testcase${head}/>\n`;
  const { kind, type, message, text } = failure;
  const inner = `<${kind}${attributes({ message, type })}>${escaped(text)}</${kind}>`;
  return `    <testcase${head}>${inner}</testcase>\n`;
}

function inSeconds(ms: number): string {
  return (ms / 1000).toFixed(3);
}
