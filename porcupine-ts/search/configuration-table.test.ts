import { expect, test } from 'vitest';
import { ConfigurationTable } from './configuration-table.ts';
import { MemoryBudget } from './memory-budget.ts';

test('each configuration is added once, whatever part of it differs', () => {
  const table = new ConfigurationTable(2, 2, new MemoryBudget());
  const all = [0, 1, 2].flatMap((front) =>
    [0, 1, 2].flatMap((state) =>
      [0, 1, -1].flatMap((low) => [0, 1, -1].map((high) => ({ front, state, mask: [low, high] }))),
    ),
  );
  for (const { front, state, mask } of all) {
    expect(table.add(front, state, Int32Array.from(mask))).toBe('added');
  }
  for (const { front, state, mask } of all) {
    expect(table.add(front, state, Int32Array.from(mask))).toBe('present');
  }
  expect(table.size).toBe(all.length);
});

test('what used no pending operations beyond those of another dominates it', () => {
  const table = new ConfigurationTable(2, 1, new MemoryBudget());
  const add = (returned: number, pending: number, state = 0): string =>
    table.add(3, state, Int32Array.of(returned, pending));
  expect(add(5, 0b0110)).toBe('added');
  expect(add(5, 0b0111)).toBe('present');
  expect(add(5, 0b0011)).toBe('added');
  expect(add(5, 0b0010)).toBe('added');
  expect(add(5, 0b1010)).toBe('present');
  expect(add(5, 0b1001)).toBe('added');
  expect(add(7, 0b0111)).toBe('added');
  expect(add(5, 0b0111, 1)).toBe('added');
});

test('of many that differ in pending operations alone, each is added once', () => {
  const table = new ConfigurationTable(2, 1, new MemoryBudget());
  // Two pending operations of thirty used up: none dominates another.
  const masks = Array.from({ length: 30 }, (_, first) =>
    Array.from({ length: first }, (_, second) => (1 << first) | (1 << second)),
  ).flat();
  expect(masks.length).toBeGreaterThan(400);
  for (const expected of ['added', 'present']) {
    for (const mask of masks) expect(table.add(1, 2, Int32Array.of(3, mask))).toBe(expected);
  }
  expect(table.size).toBe(masks.length);
});

test('it grows and forgets nothing', () => {
  const table = new ConfigurationTable(1, 1, new MemoryBudget());
  const count = 20_000;
  for (const expected of ['added', 'present'] as const) {
    for (let number = 0; number < count; number++) {
      const outcome = table.add(number >> 5, number & 31, Int32Array.of(number * 3));
      if (outcome !== expected) expect(outcome).toBe(expected);
    }
  }
  expect(table.size).toBe(count);
});

test('it stops growing when the memory is used up, and gives it back', () => {
  const memory = new MemoryBudget(1000);
  const table = new ConfigurationTable(1, 1, memory);
  const fill = (): string => {
    let outcome: string = 'added';
    for (let state = 0; outcome === 'added'; state++) {
      outcome = table.add(0, state, Int32Array.of(0));
    }
    return outcome;
  };
  expect(fill()).toBe('full');
  // 5 words an entry: 64 entries and then 128 fit into 1,000 words.
  expect(table.size).toBe(128);
  expect(memory.take(1000)).toBe(false);
  table.release();
  expect(memory.take(1000)).toBe(true);
});
