import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import { overSeeds, runScenario, SeedsFailed } from './index.ts';

const registry = new Registry(packs);
const lock = registry.scenario('lock/chaos');

/** Fails for the seeds that end in 7, and hits a probe for those that end in 9. */
const odd: Scenario = defineScenario({
  name: 'odd',
  description: 'a seed decides',
  probes: [{ name: 'nine', within: 15 }],
  atLeast: { done: 1 },
  setup() {},
  async run(t) {
    await t.sleep(1);
    t.count('done');
    if (t.plan.seed.endsWith('9')) t.probe('nine');
    t.expect('no seven', !t.plan.seed.endsWith('7'), () => `seed ${t.plan.seed} has one`);
  },
});

describe('a scenario over many seeds, as one test', () => {
  test('passes with all of them, and says what they came to', async () => {
    const { seeds, verdict, activity, probes } = await overSeeds(lock, { seeds: 25 });

    expect({ seeds, verdict }).toEqual({ seeds: 25, verdict: 'pass' });
    expect(activity.find(({ name }) => name === 'operations')!.median).toBeGreaterThan(50);
    expect(probes.every(({ status }) => status === 'hit')).toBe(true);
  });

  test('fails at the first seed that does, and says how to run it again', async () => {
    const { layers } = registry.specimen('LK1');
    const code = { specimen: 'LK1' };
    let first = 1;
    while ((await runScenario(lock, first, { layers })).result.verdict === 'pass') first++;

    const failed = overSeeds(lock, { seeds: 60, layers, code });
    await expect(failed).rejects.toThrow(SeedsFailed);
    for (const part of [
      `VIOLATION  lock/chaos  seed ${first}  mutual exclusion\n`,
      '  <- here\n',
      `again    npx faultlab run lock/chaos --seed ${first} --specimen LK1  #`,
      `${first - 1} seeds before it passed`,
    ]) {
      await expect(failed).rejects.toThrow(part);
    }
  });

  test.each([
    ['a number', 10, '7'],
    ['a range', '5..9', '7'],
    ['a prefix', 'sha/5..9', 'sha/7'],
    ['a list, in its order', [1, '27', 7], '27'],
  ])('takes %s', async (_what, seeds, failing) => {
    await expect(overSeeds(odd, { seeds })).rejects.toThrow(`seed ${failing} `);
  });

  test('refuses what names no seeds', async () => {
    await expect(overSeeds(odd, { seeds: 'a..b' })).rejects.toThrow('expected N, FROM..TO');
    await expect(overSeeds(odd, { seeds: [] })).rejects.toThrow('vacuous');
  });
});

describe('a sweep in which too little happened fails', () => {
  const dull = ['1', '2', '3', '4', '5', '6'];

  test('since a probe was not hit in as many seeds as it names', async () => {
    const seeds = Array.from({ length: 15 }, (_, i) => `${i}1`);

    await expect(overSeeds(odd, { seeds })).rejects.toThrow(
      /^vacuous {2}odd {2}15 seeds;[^]*probes: 0 of 1 hit; "nine" never/,
    );
    await expect(overSeeds(odd, { seeds: dull })).resolves.toMatchObject({ verdict: 'pass' });
    await expect(overSeeds(odd, { seeds: [...seeds, 9] })).resolves.toBeDefined();
  });

  test('since a median is below the bound of the test, however few the seeds', async () => {
    const bounded = overSeeds(odd, { seeds: dull, atLeast: { done: 2 } });

    await expect(bounded).rejects.toThrow('too little happened: 1 done, at least 2 expected');
    await expect(overSeeds(odd, { seeds: dull, atLeast: { done: 1 } })).resolves.toBeDefined();
  });

  test('since a median of twenty seeds is below the bound of the scenario', async () => {
    const demanding = { ...odd, probes: [], atLeast: { done: 2 } };
    const seeds = Array.from({ length: 20 }, (_, i) => `${i}1`);

    await expect(overSeeds(demanding, { seeds })).rejects.toThrow('1 done, at least 2 expected');
    await expect(overSeeds(demanding, { seeds: dull })).resolves.toBeDefined();
    await expect(overSeeds(demanding, { seeds, profile: 'lan' })).resolves.toBeDefined();
  });
});
