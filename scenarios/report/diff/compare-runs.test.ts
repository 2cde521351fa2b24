import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { kvChaos } from '../../lab2-kv/kv-chaos.ts';
import { makePlan } from '../../runner/make-plan.ts';
import { steppedRun } from '../../testing/stepped-run.ts';
import type { SteppedRun } from '../step/stepper.ts';
import { widthOf } from '../text-fold.ts';
import { compareRuns, type Comparison } from './compare-runs.ts';
import { comparisonData } from './json-diff.ts';
import { planChanges } from './plan-changes.ts';
import { comparisonLines } from './text-diff.ts';

let one: SteppedRun;
let other: SteppedRun;
beforeAll(async () => {
  one = await steppedRun(kvChaos, makePlan(kvChaos, '1'), 'this');
  other = await steppedRun(kvChaos, makePlan(kvChaos, '2'), 'that');
});

const textOf = (comparison: Comparison, width = 80): string =>
  comparisonLines(comparison, width).map(stripVTControlCharacters).join('\n');

describe('two runs', () => {
  test('of one plan are the same', async () => {
    const comparison = compareRuns(one, await steppedRun(kvChaos, one.plan, 'again'));
    expect(comparison.isSame).toBe(true);
    expect(comparison.first).toBeUndefined();
    expect(textOf(comparison)).toContain('The plans are the same.');
    expect(textOf(comparison)).toMatch(/The runs are the same: \d+ events\.$/);
  });

  test('in which one message is lost part at its sending', async () => {
    const overrides = [{ link: 'server>c2', type: 'put.reply', n: 1, fate: 'drop' }] as const;
    const comparison = compareRuns(
      one,
      await steppedRun(kvChaos, { ...one.plan, overrides }, 'without it'),
    );
    expect(comparison.isSame).toBe(false);
    expect(comparison.plans).toMatchObject([{ sort: 'override', a: undefined, b: 'drop' }]);
    const text = textOf(comparison);
    expect(text).toMatch(/B also: -x c2\s+put\.reply\s+#1\s+LOST/);
    expect(text).toMatch(/^\+ .* server +-x c2 put\.reply #1 LOST$/m);
  });

  test('in which one message is later tell it twice: when it came, and when it comes', async () => {
    const fate = { delayUs: 5000 };
    const overrides = [{ link: 'server>c2', type: 'put.reply', n: 1, fate }] as const;
    const later = await steppedRun(kvChaos, { ...one.plan, overrides }, 'later');
    const rows = textOf(compareRuns(one, later)).split('\n');
    expect(rows.filter((row) => /^- .*<- server put\.reply #1 /.test(row))).toHaveLength(1);
    expect(rows.filter((row) => /^\+ .*<- server put\.reply #1 /.test(row))).toHaveLength(1);
  });

  test('of two seeds have little in common, and fit the page', () => {
    const comparison = compareRuns(one, other);
    const { counts, operations } = comparison;
    expect(counts.onlyA).toBeGreaterThan(100);
    expect(operations.changed).toBeGreaterThan(100);
    for (const width of [60, 80, 160]) {
      const lines = textOf(comparison, width).split('\n');
      expect(lines.filter((line) => widthOf(line) > width)).toEqual([]);
    }
  });

  test('as data have the differences in words and as records', () => {
    const data = JSON.parse(JSON.stringify(comparisonData(compareRuns(one, other)))) as object;
    expect(data).toMatchObject({
      format: 1,
      kind: 'diff',
      isSame: false,
      a: { name: 'this', seed: '1', verdict: 'pass' },
      b: { name: 'that', seed: '2' },
      first: { words: expect.any(String), a: { event: 1 } },
    });
  });

  test('every event of both is counted once', () => {
    const { counts, alignment } = compareRuns(one, other);
    const shared = counts.same + counts.moved + counts.changed;
    expect(shared + counts.onlyA).toBe(alignment.a.length);
    expect(shared + counts.onlyB).toBe(alignment.b.length);
  });
});

describe('what differs in two plans', () => {
  test('nothing but the name of the seed is nothing', () => {
    expect(planChanges(one.plan, { ...one.plan, seed: 'another name' })).toEqual([]);
  });

  test('faults, params, intents and the world, each in words', () => {
    const [first, ...clients] = one.plan.clients;
    const [fault, ...faults] = one.plan.faults;
    const intents = first!.intents.toSpliced(3, 1, { op: 'get', key: 'elsewhere' });
    const changed = {
      ...one.plan,
      profile: 'wan',
      params: { ...one.plan.params, clients: 9 },
      faults,
      clients: [{ ...first!, intents }, ...clients.slice(1)],
    };
    expect(planChanges(one.plan, changed)).toMatchObject([
      { sort: 'world', what: 'profile', a: 'lan', b: 'wan' },
      { sort: 'param', what: 'clients', b: '9' },
      { sort: 'fault', what: fault!.id, b: undefined },
      { sort: 'client', what: `${first!.id} intent 4`, b: 'get key=elsewhere' },
      { sort: 'client', what: clients[0]!.id, b: undefined },
    ]);
  });

  test('an intent that is left out does not make all later ones differ', () => {
    const [first, ...rest] = one.plan.clients;
    const intents = first!.intents.toSpliced(2, 1);
    const without = { ...one.plan, clients: [{ ...first!, intents }, ...rest] };
    expect(planChanges(one.plan, without)).toHaveLength(1);
  });
});
