import { expect, test } from 'vitest';
import type { FaultAction } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { COORDINATOR } from './cluster.ts';

test('a coordinator whose clock is set back gives the tasks of the dead away in time', async () => {
  const params = { expiryMs: 600, chaosMs: 60_000 };
  const crash: FaultAction = { id: 'crash', kind: 'crash', atMs: 100, node: 'w0' };
  const back: FaultAction = {
    id: 'back',
    kind: 'clock',
    atMs: 150,
    node: COORDINATOR,
    offsetMs: -600_000,
  };
  const scenario = new Registry(packs).scenario('mapreduce/chaos-shared');
  const doneAt = async (faults: FaultAction[]): Promise<number> => {
    const { result } = await runScenario(scenario, 1, { params, faults });
    expect(result.verdict).toBe('pass');
    return result.simMs;
  };

  expect(await doneAt([crash, back])).toBe(await doneAt([crash]));
});
