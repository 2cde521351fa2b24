import { describe, expect, test } from 'vitest';
import { raftOf, raftPorts, raftRules } from '../../raft/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { isAsExpected, type RunResult } from '../define/result.ts';
import type { Layers } from '../define/scenario.ts';
import { makePlan } from '../runner/make-plan.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { ALSO, type Also } from './also.ts';

const registry = new Registry(packs);
const official = registry.scenarios.filter(({ lab, test: own }) => lab === 3 && own !== undefined);
const troubles = ALSO.filter((also) => also !== 'none');

const SLOW = { timeout: 60_000 };

interface Choice {
  readonly name: string;
  readonly also: Also;
  readonly layers?: Layers;
}

async function resultsOf(
  { name, also, layers }: Choice,
  seeds: readonly number[],
): Promise<RunResult[]> {
  const results: RunResult[] = [];
  for (const seed of seeds) {
    const run = await runScenario(registry.scenario(name), seed, { params: { also }, layers });
    results.push(run.result);
  }
  return results;
}

const upTo = (seeds: number): number[] => Array.from({ length: seeds }, (_, i) => i + 1);

/** Failures that a right Raft may not have, whatever else goes wrong. */
function unsafe(results: readonly RunResult[]): RunResult[] {
  return results.filter(
    (result) => !isAsExpected(result) && !/^(liveness|performance)$/.test(result.class ?? ''),
  );
}

const total = (results: readonly RunResult[], name: string): number =>
  results.reduce((sum, { activity }) => sum + (activity[name] ?? 0), 0);

describe('a plan', () => {
  test.each(official.map(({ name }) => name))('of %s is its own with none', (name) => {
    const scenario = registry.scenario(name);
    const plan = makePlan(scenario, '1');

    expect(plan).toMatchObject({ params: { also: 'none' }, faults: [], disk: 'perfect' });
    expect(makePlan(scenario, '1', { params: { also: 'none' } })).toEqual(plan);
  });

  test.each(troubles)('with %s has faults all over the test, and nothing else is new', (also) => {
    for (const { name } of official) {
      const scenario = registry.scenario(name);
      const { params: _, faults: __, disk: ___, ...before } = makePlan(scenario, '1');
      const { params, faults, disk, ...rest } = makePlan(scenario, '1', { params: { also } });

      expect(rest).toEqual(before);
      expect(params).toEqual({ also, view: true });
      expect(faults.length).toBeGreaterThan(0);
      expect(disk === 'perfect').toBe(also !== 'unsynced');
      expect(faults).toEqual(faults.toSorted((a, b) => a.atMs - b.atMs));
    }
  });
});

/** Runs in which much happens, and the least of what must happen in them. */
const RUNS: readonly (Choice & { readonly atLeast: Readonly<Record<string, number>> })[] = [
  { name: 'raft/persist-2', also: 'crash-points', atLeast: { faults: 60, crashes: 55 } },
  { name: 'raft/snapshot-install', also: 'unsynced', atLeast: { faults: 60, crashes: 60 } },
  { name: 'raft/figure-8-unreliable', also: 'duplication', atLeast: { faults: 60, leaders: 20 } },
  { name: 'raft/rejoin', also: 'one-way', atLeast: { faults: 12, agreements: 12, leaders: 10 } },
  { name: 'raft/reliable-churn', also: 'pauses', atLeast: { faults: 40, 'seen committed': 200 } },
  { name: 'raft/snapshot-all-crash', also: 'drift', atLeast: { faults: 20, crashes: 45 } },
];

test('every trouble is among the runs', () => {
  expect(RUNS.map(({ also }) => also)).toEqual(troubles);
});

test.each(RUNS)(
  '$name is safe with $also, and much has happened',
  SLOW,
  async ({ atLeast, ...run }) => {
    const results = await resultsOf(run, upTo(3));
    const seen = Object.keys(atLeast).map((name) => [name, total(results, name)] as const);

    expect(unsafe(results)).toEqual([]);
    expect(seen.filter(([name, count]) => count < (atLeast[name] ?? 0))).toEqual([]);
  },
);

describe('a premise of a test', () => {
  test('breaks no guarantee if more goes wrong than the test says', SLOW, async () => {
    const results = await resultsOf({ name: 'raft/initial-election', also: 'pauses' }, upTo(10));
    const broken = results.filter(({ check }) => check?.startsWith('premise: ') === true);

    expect(unsafe(results)).toEqual([]);
    expect(broken.length).toBeGreaterThan(0);
    expect(broken.map(({ class: kind }) => kind)).toEqual(broken.map(() => 'liveness'));
    expect(broken[0]?.reason).toMatch(/; a right Raft may do so with pauses$/);
  });
});

describe('a bug that the official test does not find', () => {
  // TestBackup3B crashes nobody: what is on the disks does not matter there.
  test.each(['R2', 'R29'])('%s is found by it with crash points', SLOW, async (id) => {
    const { layers } = registry.specimen(id);
    const run = { name: 'raft/backup', layers: layers as Layers };
    const alone = await resultsOf({ ...run, also: 'none' }, upTo(4));
    const together = await resultsOf({ ...run, also: 'crash-points' }, upTo(4));

    expect(alone.filter((result) => !isAsExpected(result))).toEqual([]);
    expect(unsafe(together)).not.toEqual([]);
  });
});

test(
  'what is unsynced is lost: R65, which does not sync names, is found with unsynced',
  SLOW,
  async () => {
    const { layers } = registry.specimen('R65');
    const run = { name: 'raft/persist-1', layers: layers as Layers };
    const found = unsafe(await resultsOf({ ...run, also: 'unsynced' }, upTo(3)));

    expect(found.map(({ check }) => check)).toContain('Durable Promises');
    // Elsewhere servers have the labs' persister, which does not let it do that.
    const crashes = await resultsOf({ ...run, also: 'crash-points' }, upTo(3));
    expect(crashes.filter((result) => !isAsExpected(result))).toEqual([]);
  },
);

test('what servers keep on their disks is bounded, too', SLOW, async () => {
  const rules = { ...raftRules, mayCompact: () => false };
  const { result } = await runScenario(registry.scenario('raft/snapshot-install'), 1, {
    params: { also: 'unsynced' },
    layers: { makeRaft: raftOf({ rules, ports: raftPorts }) },
    // Nobody crashes, so that no persister learns from a disk how much there is.
    faults: [],
  });

  expect(result).toMatchObject({ class: 'performance', check: 'size of the persisted state' });
});

describe('a server that crashes right after some step of its', () => {
  // Nobody looks at it after that event: the invariants must not miss what happened in it.
  test.each([
    { what: 'vote counts', name: 'raft/rejoin', node: 's1', calls: [1, 60] },
    { what: 'entries may have given way', name: 'raft/backup', node: 's0', calls: [140, 190] },
  ] as const)('is no alarm: its $what', SLOW, async ({ name, node, calls: [from, to] }) => {
    const alarms: RunResult[] = [];
    let crashes = 0;
    for (let call = from; call <= to; call++) {
      const point = { id: 'p', kind: 'crash-point', atMs: 0, life: 1, downMs: 100 } as const;
      const { result } = await runScenario(registry.scenario(name), 1, {
        params: { also: 'crash-points' },
        faults: [{ ...point, node, call, when: 'after' }],
      });
      alarms.push(...unsafe([result]));
      crashes += total([result], 'crashes');
    }

    expect(alarms).toEqual([]);
    // Not every call of an env has an end of its own to crash at.
    expect(crashes).toBeGreaterThan((to - from) / 2);
  });
});
