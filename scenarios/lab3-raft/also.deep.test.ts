import { afterAll, describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { median } from '../report/sweep-summary.ts';
import { Target } from '../runner/node-target.ts';
import { ALSO } from './also.ts';

const registry = new Registry(packs);
const SEEDS = 50;

const show = (text: string): void => void process.stdout.write(`${text}\n`);

const official = registry.scenarios.filter(({ lab, test: own }) => lab === 3 && own !== undefined);
const troubles = ALSO.filter((also) => also !== 'none');

/** A row a test, a cell a trouble: how many of the seeds pass. */
const table = new Map<string, string[]>();

afterAll(() => {
  show(`\n| test | ${troubles.join(' | ')} |\n| --- |${' ---: |'.repeat(troubles.length)}`);
  for (const [name, cells] of table) show(`| ${name} | ${cells.join(' | ')} |`);
});

/** What kept a run from its end: the check alone, whoever it was about. */
function kindsOf(results: readonly RunResult[]): string {
  const counts = new Map<string, number>();
  for (const { class: kind, check } of results) {
    const what = `${kind}: ${check}`;
    counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, count]) => `${count} x ${what}`).join('; ');
}

describe.each(official.map(({ name, test: own }) => ({ name, own: own! })))('$name', (row) => {
  test.each(troubles)('is safe with %s', { timeout: 600_000 }, async (also) => {
    const spec = { scenario: row.name, overrides: { params: { also } } };
    const target = await Target.open(registry, spec, userModules);
    const results: RunResult[] = [];
    for (let seed = 1; seed <= SEEDS; seed++) {
      results.push((await target.run({ from: { seed: String(seed) }, isTraced: false })).result);
    }
    const failed = results.filter((result) => !isAsExpected(result));
    table.set(row.own, [...(table.get(row.own) ?? []), String(SEEDS - failed.length)]);
    const faults = median(results.map(({ activity }) => activity['faults'] ?? 0));
    const crashes = median(results.map(({ activity }) => activity['crashes'] ?? 0));
    show(`${row.own} with ${also}: medians ${faults} faults, ${crashes} crashes`);
    if (failed.length > 0) show(`  ${kindsOf(failed)}`);

    // Time and resources are promised to nobody who stands still or is cut off; all else is.
    const late = new Set(['liveness', 'performance']);
    expect(failed.filter(({ class: kind }) => !late.has(kind ?? ''))).toEqual([]);
    expect(faults).toBeGreaterThan(0);
  });
});
