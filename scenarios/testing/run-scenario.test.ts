import { describe, expect, test } from 'vitest';
import { Trace } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { defineScenario } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import { runScenario } from './index.ts';

const registry = new Registry(packs);
const kv = registry.scenario('kv/chaos');
const wrong = { layers: registry.specimen('KV5').layers, code: { specimen: 'KV5' } };

describe('running a scenario in a test', () => {
  test('a seed, given as number or text, is the run of the plan that it stands for', async () => {
    const runs = [
      await runScenario(kv, 3),
      await runScenario(kv, '3'),
      await runScenario(kv, makePlan(kv, '3')),
    ];
    const digests = runs.map(({ result }) => result.digest);

    expect(new Set(digests).size).toBe(1);
    expect(runs[0]!.result).toMatchObject({ verdict: 'pass', seed: '3' });
    expect(runs[0]!.history.length).toBeGreaterThan(100);
  });

  test('takes params, profile and faults with a seed, and writes a trace', async () => {
    const trace = new Trace();
    const options = { params: { clients: 2 }, profile: 'lan', faults: [], trace };
    const { plan } = await runScenario(kv, 1, options);

    expect(plan).toMatchObject({ params: { clients: 2 }, profile: 'lan', faults: [] });
    expect(trace.records.length).toBeGreaterThan(100);
    await expect(runScenario(kv, 1, { params: { nope: 1 } })).rejects.toThrow('nope');
  });

  test('runs the layers that it is given instead of the own ones', async () => {
    expect((await runScenario(kv, 1, wrong)).result.verdict).toBe('violation');
  });

  test('evaluates an implementation afresh for each life of each node', async () => {
    let times = 0;
    const evaluate = (): object => ({ times: times++ });
    const { result } = await runScenario(kv, 1, { implementation: { name: 'counted', evaluate } });

    // The server, five clients and the reader at the end; and the server once more per crash.
    expect(times).toBe(7 + result.activity['crashes']!);
  });
});

describe('the line that runs it again', () => {
  test('has every choice', async () => {
    const options = { params: { clients: 2 }, profile: 'lan', faults: [] };
    const ours = await runScenario(kv, 'a b', options);
    const theirs = await runScenario(kv, 2, wrong);

    expect(ours.result.repro).toMatch(
      /^npx faultlab run kv\/chaos --seed 'a b' --set clients=2 --profile lan --faults none {2}#/,
    );
    expect(theirs.result.repro).toMatch(/^npx faultlab run kv\/chaos --seed 2 --specimen KV5 {2}#/);
    expect(theirs.plan.code).toEqual({ specimen: 'KV5' });
  });

  test('is none where the command would not know what to run', async () => {
    const own = defineScenario({ name: 'own', description: 'of a test', setup() {} });
    const { layers } = wrong;
    const file = { code: { scenarioFile: 'own.scenario.ts' } };

    expect(await runScenario(own, 1)).toMatchObject({ isKnownToCommand: false });
    expect(await runScenario(kv, 1, { layers })).toMatchObject({ isKnownToCommand: false });
    expect((await runScenario(own, 1, file)).result.repro).toContain(
      'run own.scenario.ts --seed 1',
    );
    // A plan is run again from its file.
    expect(await runScenario(kv, makePlan(kv, '1'))).toMatchObject({
      isKnownToCommand: true,
      result: { repro: '' },
    });
  });
});
