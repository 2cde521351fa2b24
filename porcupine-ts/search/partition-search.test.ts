import { expect, test } from 'vitest';
import { logModel } from '../models/log.ts';
import { registerModel, type RegisterInput, type RegisterOutput } from '../models/register.ts';
import type { Operation } from '../history/operation.ts';
import { type Part, partitionHistory } from '../history/partition.ts';
import { buildTimeline } from '../history/timeline.ts';
import { done } from '../testing/build-history.ts';
import { MemoryBudget } from './memory-budget.ts';
import { PartitionSearch } from './partition-search.ts';

/** Twelve concurrent writes, and a read afterwards of a value that nobody wrote. */
const history: readonly Operation<RegisterInput, RegisterOutput>[] = [
  ...Array.from({ length: 12 }, (_, index) =>
    done(index, index, 100 + index, { op: 'write', value: index } as const, {}),
  ),
  done(0, 200, 201, { op: 'read' }, { value: -1 }),
];

const [part] = partitionHistory(registerModel, history, buildTimeline(history)) as [
  Part<RegisterInput, RegisterOutput>,
];

test('taken in small turns, a search does the same as in one', () => {
  const whole = new PartitionSearch(registerModel, part, new MemoryBudget());
  expect(whole.advance(Infinity)).toBe('illegal');
  const parts = new PartitionSearch(registerModel, part, new MemoryBudget());
  while (parts.advance(7) === 'open') expect(parts.steps).toBeLessThanOrEqual(whole.steps);
  expect(parts.steps).toBe(whole.steps);
  expect(parts.longest.order).toEqual(whole.longest.order);
});

test('each configuration is entered once: subsets, not orders', () => {
  const search = new PartitionSearch(registerModel, part, new MemoryBudget());
  search.advance(Infinity);
  // A configuration is a subset of the writes and its last write; each has up to 12 candidates.
  expect(search.steps).toBeLessThan(2 ** 12 * 12 * 12);
});

test('without memory a search gives up and does not guess', () => {
  const search = new PartitionSearch(registerModel, part, new MemoryBudget(1000));
  expect(search.advance(Infinity)).toBe('exhausted');
});

/** Texts of states: that of a log has two characters for each of its entries. */
test('states of many characters count as memory, and give it back', () => {
  const appends = Array.from({ length: 1000 }, (_, index) => ({
    clientId: index,
    call: 0,
    return: 1,
    input: { op: 'append', value: 1 } as const,
  }));
  const [log] = partitionHistory(logModel, appends, buildTimeline(appends));
  // A million characters of text; some 100,000 words of configurations.
  const small = new PartitionSearch(logModel, log!, new MemoryBudget(500_000));
  expect(small.advance(Infinity)).toBe('exhausted');
  const memory = new MemoryBudget(2_000_000);
  const large = new PartitionSearch(logModel, log!, memory);
  expect(large.advance(Infinity)).toBe('ok');
  expect(memory.take(1_500_000)).toBe(false);
  large.release();
  expect(memory.take(2_000_000)).toBe(true);
});
