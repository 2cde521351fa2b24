import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { RunResult } from '../scenarios/define/result.ts';
import type { SweepHeader } from '../scenarios/define/sweep-file.ts';
import { StoredSweep, SweepWriter } from '../scenarios/report/node-sweep-file.ts';
import { drifted } from '../scenarios/report/sweep-summary.ts';
import { summarise } from '../scenarios/report/sweep-tally.ts';
import { mergeSweep, partsByScenario } from './merge.ts';

let root = '';
beforeEach(() => (root = mkdtempSync(path.join(tmpdir(), 'faultlab-merge-'))));
afterEach(() => rmSync(root, { recursive: true }));

const HEADER: SweepHeader = {
  format: 1,
  kind: 'sweep',
  faultlab: '1',
  scenario: 'a/b',
  target: 'a/b',
  options: [],
  settings: '0',
  seeds: '1..2',
  whole: '1..4',
  shard: '1/2',
  probes: [],
  atLeast: {},
};
const SECOND = { seeds: '3..4', shard: '2/2' };

/** A part with these seeds, as it is found again. */
function part(
  name: string,
  seeds: readonly number[],
  change: Partial<SweepHeader> = {},
  drift?: string,
): StoredSweep {
  const file = path.join(root, name);
  const writer = SweepWriter.create(file, { ...HEADER, ...change });
  const results = seeds.map((seed) => resultOf(String(seed)));
  for (const result of results) writer.add(result);
  const summary = { ...summarise('a/b', results, [], false), wallMs: 10 };
  writer.end(drift === undefined ? summary : drifted(summary, drift));
  return StoredSweep.open(file);
}

function resultOf(seed: string): RunResult {
  const none = { latency: {}, activity: {}, probes: {}, repro: '' };
  const counts = { events: 1, simMs: 1, wallMs: 1, operations: 1, messages: 1, calls: 1, bytes: 1 };
  const said = { format: 1, scenario: 'a/b', verdict: 'pass', expected: 'pass' } as const;
  return { ...said, seed, digest: '00000000000000aa', ...counts, ...none };
}

const merge = (...parts: StoredSweep[]): ReturnType<typeof mergeSweep> =>
  mergeSweep(partsByScenario(parts)[0]!, path.join(root, 'out'), {});

test('what a part has found of the whole is found of the whole', () => {
  const { path: file, summary } = merge(part('b', [3, 4], SECOND), part('a', [1, 2], {}, 'seed 1'));

  const told = { drift: 'seed 1', verdict: 'nondeterministic', exitCode: 3, wallMs: 20, seeds: 4 };
  expect(summary).toMatchObject(told);
  const merged = StoredSweep.open(file);
  expect([...merged.results()].map(({ seed }) => seed)).toEqual(['1', '2', '3', '4']);
  expect([merged.summary, merged.header.seeds, merged.header.shard]).toEqual([
    JSON.parse(JSON.stringify(summary)),
    '1..4',
    undefined,
  ]);
});

describe('is refused', () => {
  test.each<[string, () => unknown, RegExp]>([
    ...(['faultlab', 'build', 'code', 'settings'] as const).map(
      (field): [string, () => unknown, RegExp] => [
        `another ${field}`,
        () => merge(part('a', [1, 2]), part('b', [3, 4], { ...SECOND, [field]: 'x' })),
        /b: not of the same sweep: its .*, but in .*a/,
      ],
    ),
    [
      'another whole',
      () => merge(part('a', [1, 2]), part('b', [3, 4], { ...SECOND, whole: '1..9' })),
      /b: not of the same sweep: its seeds of the whole: 1\.\.9, but in .*a 1\.\.4/,
    ],
    [
      'a seed twice',
      () => merge(part('a', [1, 2]), part('b', [2, 3, 4], { ...SECOND, seeds: '2..4' })),
      /b: seeds 2\.\.2 are also in .*a$/,
    ],
    [
      'a part that was cut off',
      () => merge(part('a', [1, 2]), part('b', [3], SECOND)),
      /b: has 1 of its 2 seeds: let it go on with --resume/,
    ],
    [
      'a seed that stands elsewhere',
      () => merge(part('a', [2, 1]), part('b', [3, 4], SECOND)),
      /a: seed 2 stands where 1 should/,
    ],
    [
      'a missing end',
      () => merge(part('a', [1, 2])),
      /a\/b: seeds 3\.\.4 are missing: of the shards 2\/2/,
    ],
  ])('%s', (_what, work, message) => {
    expect(work).toThrow(message);
    expect(
      readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
        name.endsWith('.jsonl'),
      ),
    ).toEqual([]);
  });
});
