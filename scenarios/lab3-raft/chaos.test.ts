import { expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { runScenario } from '../testing/run-scenario.ts';

const chaos = new Registry(packs).scenario('raft/chaos-3');

test('ends though the leader changes before the last command has got to everybody', async () => {
  const params = { snapshotEvery: 5, pumpMs: 100, warmUpMs: 0, chaosMs: 2000 };
  const profile = 'lab-unreliable-long-delays';
  const drawn = makePlan(chaos, 'generated-452601089', { params, profile, faults: [] });
  const thinkMs = [99, 218, 103, 76, 210, 206, 107, 0];
  const intents = thinkMs.map((ms) => ({ op: 'append', thinkMs: ms }));
  const clients = [{ id: 'c1', settings: {}, intents }];
  const { result } = await runScenario(chaos, {
    ...drawn,
    disk: 'reordered',
    ties: 'fifo',
    clients,
  });

  expect(result.reason).toBeUndefined();
  expect(result.activity['leaders']).toBeGreaterThan(1);
  // It had to ask for more than one.
  expect(result.simMs).toBeGreaterThan(2000 + 4000);
});
