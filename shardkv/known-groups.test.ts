import { expect, test } from 'vitest';
import type { GroupClerk } from './contract.ts';
import { knownGroups } from './known-groups.ts';

test('a group is known by its number and its addresses: it may join again elsewhere', () => {
  const made: string[] = [];
  const known = knownGroups((gid, servers) => {
    made.push(`${gid}: ${servers.join(' ')}`);
    return {} as GroupClerk;
  });
  const first = known(1, ['a', 'b']);
  const other = known(2, ['a', 'b']);
  const elsewhere = known(1, ['c', 'd']);

  expect(known(1, ['a', 'b'])).toBe(first);
  expect(known(1, ['c', 'd'])).toBe(elsewhere);
  expect(new Set([first, other, elsewhere]).size).toBe(3);
  expect(made).toEqual(['1: a b', '2: a b', '1: c d']);
});
