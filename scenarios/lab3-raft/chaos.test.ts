import { expect, test } from 'vitest';
import { runScenario } from '../testing/run-scenario.ts';
import { raftChaos } from './chaos.ts';

const scenario = raftChaos(3);

test.each([
  { params: { thinkMs: 5000 } },
  { params: { thinkMs: 3_600_000, operations: 3 } },
  { params: { operations: 300 } },
])('clients are done in time, however much they mean to do: $params', async ({ params }) => {
  for (const seed of [1, 2, 3]) {
    const { verdict, reason } = (await runScenario(scenario, seed, { params })).result;

    expect([verdict, reason]).toEqual(['pass', undefined]);
  }
});

test('who has no time to agree is told who is not done', async () => {
  const { result } = await runScenario(scenario, 1, { params: { chaosMs: 1000, convergeMs: 10 } });

  expect(result).toMatchObject({ check: 'all servers agree once the world has healed' });
  expect(result.reason).toMatch(
    /^10 ms after healing they have applied: s0 \d+, s1 \d+, s2 \d+; not finished: c\d/,
  );
});
