import fc from 'fast-check';
import { packs, Registry } from 'faultlab/scenarios';
import { faultActions, plans, runScenario } from 'faultlab/testing';
import 'faultlab/testing/matchers';
import { expect, test } from 'vitest';
import { makeKvServer } from './kv-async.ts';

const scenario = new Registry(packs).scenario('kv/chaos');
const kinds = ['crash', 'partition', 'loss', 'delay'] as const;
const faults = faultActions({ nodes: ['server', 'c0', 'c1'], kinds, untilMs: 1500 });

test('my server is linearizable, whatever goes wrong', async () => {
  const property = fc.asyncProperty(plans(scenario, { faults }), async (plan) => {
    expect(await runScenario(scenario, plan, { layers: { makeKvServer } })).toPass();
  });
  await fc.assert(property);
});
