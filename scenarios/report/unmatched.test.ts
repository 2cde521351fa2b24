import { expect, test } from 'vitest';
import type { Plan } from '../define/plan.ts';
import { unmatchedTexts } from './unmatched.ts';

const plan = { overrides: [1, 2, 3, 4, 5], faults: [1, 2, 3] } as unknown as Plan;

test('a plan that found all it names is not mentioned', () => {
  expect(unmatchedTexts({ plan, unmatchedOverrides: 0, unmatchedTargets: [] })).toEqual([]);
});

test('overrides and fault actions that found nothing are counted', () => {
  expect(unmatchedTexts({ plan, unmatchedOverrides: 3, unmatchedTargets: ['f2'] })).toEqual([
    '3 of 5 overrides met no message',
    '1 of 3 fault actions found nothing to hit: f2',
  ]);
});

test('of very many fault actions the first are named', () => {
  const unmatchedTargets = Array.from({ length: 200 }, (_, i) => `f${i}`);
  const many = { ...plan, faults: unmatchedTargets } as unknown as Plan;
  expect(unmatchedTexts({ plan: many, unmatchedOverrides: 0, unmatchedTargets })).toEqual([
    '200 of 200 fault actions found nothing to hit: f0, f1, f2, f3, f4, f5, f6, f7 and 192 more',
  ]);
});
