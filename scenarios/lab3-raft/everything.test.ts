import { describe, expect, test } from 'vitest';
import { DamagedState, makeRaft, type MakeRaft } from '../../raft/index.ts';
import type { FaultAction } from '../../sim/index.ts';
import type { JsonObject } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import type { Scenario } from '../define/scenario.ts';
import { kvEverything } from '../lab4-kvraft/everything.ts';
import { makePlan } from '../runner/make-plan.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { everything } from './everything.ts';

const both = [
  { name: 'raft/everything-5', scenario: everything },
  { name: 'kvraft/everything-5', scenario: kvEverything },
];

async function results(
  scenario: Scenario,
  seeds: number,
  params: JsonObject,
): Promise<RunResult[]> {
  const done: RunResult[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    done.push((await runScenario(scenario, seed, { params })).result);
  }
  return done;
}

const total = (done: readonly RunResult[], what: string): number =>
  done.reduce((sum, { activity }) => sum + (activity[what] ?? 0), 0);

describe.each(both)('$name', ({ scenario }) => {
  test(
    'is passed by ours, while disks fail and servers refuse to start',
    { timeout: 120_000 },
    async () => {
      const done = await results(scenario, 20, {});

      expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
      expect(total(done, 'disk exits')).toBeGreaterThan(10);
      expect(total(done, 'refused to start')).toBeGreaterThan(1);
      expect(total(done, 'under faults')).toBeGreaterThan(500);
    },
  );

  test.each(['jepsen', 'vopr'])('is passed under faults as %s draws them', async (faults) => {
    const done = await results(scenario, 4, { faults });
    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  test.each(['persister', 'disk'])(
    'with two of five disks damaged (%s) the others go on',
    { timeout: 60_000 },
    async (storage) => {
      const done = await results(scenario, 4, { faults: 'damage', storage });

      expect(done.map(({ verdict }) => verdict)).toEqual(Array(4).fill('pass'));
      expect(done.map(({ activity }) => activity['refused to start'])).toEqual(Array(4).fill(2));
    },
  );

  test('beyond the budget, with three of five damaged, there is no progress', async () => {
    const done = await results(scenario, 4, { faults: 'damage', damaged: 3 });

    for (const result of done) {
      expect(result).toMatchObject({ verdict: 'violation', class: 'liveness' });
      expect(result.check).toMatch(/once the world has healed$/);
      expect(result.activity['refused to start']).toBe(3);
    }
  });

  test('a disk that keeps old states is found out before anything is lost', async () => {
    const done = await results(scenario, 10, { faults: 'stale' });
    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
    expect(total(done, 'refused to start')).toBeGreaterThan(4);
  });

  test('clocks that are wrong without bound break nothing', { timeout: 60_000 }, async () => {
    const done = await results(scenario, 10, { faults: 'clocks' });
    expect(done.filter(({ verdict }) => verdict !== 'pass')).toEqual([]);
  });

  test('a plan that damages more disks than the budget allows is refused', async () => {
    const faults: FaultAction[] = [
      { id: 'r', kind: 'bit-rot', atMs: 900, node: ['s0', 's1', 's2'], ppm: 1 },
    ];
    await expect(runScenario(scenario, 1, { faults })).rejects.toThrow(
      's0 s1 s2 have damaged disks, budget 2',
    );
    const params = { safetyOnly: true };
    expect((await runScenario(scenario, 1, { faults, params })).result.verdict).toBe('pass');
  });
});

test('a server that refuses to start though its disk is sound is a violation', async () => {
  const onDisk: MakeRaft = (env, ...host) => {
    if (env.incarnation > 1) throw new DamagedState('its file', 'so it says');
    return makeRaft.onDisk!(env, ...host);
  };
  const layers = { makeRaft: Object.assign(onDisk.bind(undefined), { onDisk }) };
  const crash: FaultAction = { id: 'c', kind: 'crash', atMs: 900, untilMs: 950, node: 's1' };
  const rot: FaultAction = { id: 'r', kind: 'bit-rot', atMs: 0, node: 's1', ppm: 0 };
  const verdictOf = async (faults: FaultAction[]): Promise<unknown> => {
    const params = { storage: 'disk' };
    const { result } = await runScenario(everything, 1, { params, layers, faults });
    return [result.verdict, result.check, result.activity['refused to start']];
  };

  const check = 'a server finds its state undamaged';
  expect(await verdictOf([crash])).toEqual(['violation', check, undefined]);
  expect(await verdictOf([rot, crash])).toEqual(['pass', undefined, 1]);
});

test('plans have faults of the kind that is asked for, and of no other, but for crashes', () => {
  for (const only of ['bit-rot', 'disk-error', 'partition', 'crash-point', 'priorities']) {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= 10; seed++) {
      const params = { only, faults: 'swarm' };
      for (const { kind } of makePlan(everything, String(seed), { params }).faults) kinds.add(kind);
    }
    kinds.delete('crash');
    expect([...kinds]).toEqual([only]);
  }
});
