/** What services and browsers read must be whole, whatever a run says. */
import { describe, expect, test } from 'vitest';
import type { RunResult } from '../define/result.ts';
import type { SweepHeader } from '../define/sweep-file.ts';
import { Distribution } from './distribution.ts';
import { annotations, markdown } from './github.ts';
import { junitCase, junitFile, junitSuite } from './junit.ts';
import { sweepsPage } from './page/sweeps-page.ts';
import { summarise } from './sweep-tally.ts';

const HOSTILE = `</pre><script>alert("1")</script> & ' ]]> \u0000\u001b[31m \uD800 | \`\`\` %0A`;

const bad: RunResult = {
  format: 1,
  scenario: 'a/b',
  seed: '<i>7',
  verdict: 'violation',
  expected: 'pass',
  check: HOSTILE,
  reason: `${HOSTILE}\n::error::no`,
  signature: 'x',
  story: [{ timeUs: 1500, who: 'c<1>', text: HOSTILE, isCulprit: true }],
  digest: '00000000000000aa',
  events: 100,
  simMs: 1.5,
  wallMs: 1234,
  operations: 10,
  messages: 20,
  calls: 20,
  bytes: 900,
  latency: { get: { count: 3, p50: 1, p90: 2, p99: 3, max: 4 } },
  activity: { crashes: 2 },
  probes: {},
  repro: `npx faultlab run a/b --seed '<i>7'`,
};
const { check: _, reason: __, story: ___, ...rest } = bad;
const good: RunResult = { ...rest, seed: '8', verdict: 'pass' };
const probes = [{ name: 'p<', within: 1 }];
const summary = summarise('a/b', [bad, good], probes, false);

describe('JUnit', () => {
  const file = junitFile([junitSuite(summary, [bad, good].map(junitCase))]);

  test('a seed is a case, and what did not happen is one, too', () => {
    expect(file).toContain('<testsuite name="a/b" tests="3" failures="2" errors="0" skipped="0"');
    expect(file).toContain('<testcase classname="a/b" name="seed 8" time="1.234"/>');
    expect(file).toContain('name="all seeds"');
    expect(file).toContain('message="&quot;p&lt;&quot; never, expected within 1 seeds"');
  });

  test('a crash is an error', () => {
    const crash = junitSuite(summary, [junitCase({ ...bad, verdict: 'crash' })]);
    expect(crash).toContain('failures="1" errors="1"');
    expect(crash).toContain('<error message=');
  });

  test('nothing that a run says is markup, or what XML forbids', () => {
    expect(file).not.toMatch(/<script|<\/pre|<i>/);
    // oxlint-disable-next-line no-control-regex -- they are what it is about
    expect(file).not.toMatch(/[\u0000-\u0008\u000B-\u001F]|\p{Surrogate}/u);
    expect(file.match(/&(?!amp;|lt;|gt;|quot;|#39;)/g)).toBeNull();
  });
});

describe('GitHub', () => {
  test('an annotation is one line, whatever it says', () => {
    const lines = annotations(summary);

    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toContain('\n');
    expect(lines[0]).toMatch(
      /^::error title=a\/b seed <i>7%3A <\/pre>.*%250A::<\/pre>.*%0A::error::no%0A1 of 2/,
    );
    expect(lines[1]).toBe('::warning title=a/b%3A too little happened::"p<" never happened');
  });

  test('what was not deterministic is an error', () => {
    expect(annotations({ ...summary, drift: 'seed 7' })).toContain(
      '::error title=a/b%3A not deterministic::seed 7',
    );
  });

  test('the summary of a job is a table, and fences are longer than what they hold', () => {
    const text = markdown([summary]);

    expect(text).toMatch(/^\| a\/b \| VIOLATION \| 2 \| 1 \|/m);
    expect(text).toContain('\\<script\\>');
    expect(text).toMatch(/^````\n<\/pre>/m);
  });
});

describe('the page', () => {
  const header: SweepHeader = {
    format: 1,
    kind: 'sweep',
    faultlab: '<b>',
    scenario: 'a/b',
    target: 'a/b',
    options: ['--set', 'x=<script>'],
    settings: '0',
    seeds: '7..8',
    whole: '7..8',
    probes,
    atLeast: {},
  };
  const seen = new Distribution();
  for (const value of [3, 3, 99]) seen.add(value);
  const page = sweepsPage([
    {
      header,
      summary: { ...summary, isBailed: true },
      distributions: new Map([['crashes', seen]]),
      folders: new Map([['<i>7', '.faultlab/a/b/x']]),
      slowest: [{ seed: '<i>7', wallMs: 1234, events: 100 }],
    },
  ]);

  test('shows verdicts, failures with their commands, probes, activity and slow runs', () => {
    const text = page.replaceAll(/<style>.*<\/style>/gs, '').replaceAll(/<[^>]*>|\s+/g, ' ');

    for (const part of [
      'VIOLATION · 2 seeds, 1 not as expected',
      '(here)',
      'npx faultlab replay .faultlab/a/b/x',
      'p&lt; never 0 of 2 1',
      'crashes 3 .. 99, median 3',
      '1.234 s 100',
      'Ended with a failure, as --bail asks.',
    ]) {
      expect(text.replaceAll('&middot;', '·').replaceAll(/ +/g, ' ')).toContain(part);
    }
  });

  test('takes nothing that a run says for markup, and loads nothing', () => {
    expect(page).not.toMatch(/<script|<\/pre><|<i>|<b>(?!crashes)/);
    expect(page).not.toMatch(/(src|href)="(?!#)/);
    expect(page).toContain(`default-src &#39;none&#39;`);
  });
});
