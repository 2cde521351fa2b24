import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { Target } from '../runner/node-target.ts';

test('a picture of the keys is empty when a life begins, not because one was read', async () => {
  const overrides = { params: { chaosMs: 500, operations: 40 }, faults: [] };
  const choices = { scenario: 'kvraft/chaos-5', overrides };
  const target = await Target.open(new Registry(packs), choices, {});
  const { picture } = await target.run({ from: { seed: '1' }, isTraced: true, isPictured: true });
  const keys = (picture?.revealed ?? []).filter(({ view }) => view === 'keys');
  const sizes = keys.map(({ change }) => (change as readonly unknown[]).length);
  expect(sizes.filter((size) => size === 0)).toHaveLength(5);
  expect(sizes.filter((size) => size > 0).length).toBeGreaterThan(20);
});
