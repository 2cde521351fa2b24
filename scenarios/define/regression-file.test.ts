import { describe, expect, test } from 'vitest';
import { quietPlan } from '../../sim/index.ts';
import { parsePlanOrRegression, parseRegression, type Regression } from './regression-file.ts';

const regression: Regression = {
  format: 1,
  kind: 'regression',
  plan: {
    format: 1,
    kind: 'plan',
    faultlab: '0.1.0',
    scenario: 'kv/chaos',
    seed: '7',
    ...quietPlan('7'),
    params: {},
    clients: [],
    code: { specimen: 'KV1' },
  },
  expected: { verdict: 'violation', signature: 'linearizable: put fits nowhere' },
};

const parse = (change: object): Regression =>
  parseRegression(JSON.stringify({ ...regression, ...change }), 'old.json');

describe('a regression file', () => {
  test('is read as it was written', () => {
    expect(parse({})).toEqual(regression);
  });

  test.each([
    [{ format: 2 }, 'old.json: format 2 is newer than this Faultlab reads (1): update it'],
    [{ kind: 'plan' }, /^old.json: not a regression: expected \{"format": 1, "kind": "regression"/],
    [{ expected: { verdict: 'violation' } }, /^old.json: expected.signature: /],
    [{ expected: { verdict: 'bad', signature: '' } }, /^old.json: expected.verdict: /],
    [{ plan: { ...regression.plan, ties: 'none' } }, /^old.json: plan.ties: /],
    [{ plan: { ...regression.plan, format: 2 } }, /^old.json: plan.format: /],
    [{ more: 1 }, /^old.json: .*"more"/],
  ])('that has %j is refused with its name and the field', (change, message) => {
    expect(() => parse(change)).toThrow(message);
  });

  test('that is no JSON is refused', () => {
    expect(() => parseRegression('{', 'old.json')).toThrow(/^old.json: expected JSON: /);
  });

  test('serves where a plan does, and says what is expected of it', () => {
    const text = JSON.stringify(regression);

    expect(parsePlanOrRegression(text, 'old.json')).toMatchObject({
      plan: regression.plan,
      expected: regression.expected,
    });
    expect(parsePlanOrRegression(JSON.stringify(regression.plan), 'plan.json')).toEqual({
      plan: regression.plan,
    });
    expect(() => parsePlanOrRegression('[]', 'x.json')).toThrow(/^x.json: not a plan/);
  });
});
