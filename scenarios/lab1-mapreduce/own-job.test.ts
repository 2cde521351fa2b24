import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan } from '../runner/run-plan.ts';

const registry = new Registry(packs);

test('the sequential run has a turn for each piece of input, and is no loop without end', async () => {
  const scenario = registry.scenario('mapreduce/word-count');
  let turns = 0;
  const { result } = await runPlan(scenario, makePlan(scenario, '1', { params: { files: 30 } }), {
    host: nodeHost(),
    monitor: ({ id }) => void (turns += id === 'sequential' ? 1 : 0),
  });

  expect(result.verdict).toBe('pass');
  expect(turns).toBeGreaterThanOrEqual(30);
});
