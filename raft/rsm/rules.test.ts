import { describe, expect, test } from 'vitest';
import { rsmRules } from './rules.ts';

describe('a snapshot is taken', () => {
  test('when the state has come to the size that was set', () => {
    expect(rsmRules.needsSnapshot(999, 1000, 0)).toBe(false);
    expect(rsmRules.needsSnapshot(1000, 1000, 0)).toBe(true);
  });

  test('not for each request, though what is not applied yet is larger than that size', () => {
    const left = 3000;
    expect(rsmRules.needsSnapshot(left + 150, 1000, left)).toBe(false);
    expect(rsmRules.needsSnapshot(left + 1000, 1000, left)).toBe(true);
  });
});
