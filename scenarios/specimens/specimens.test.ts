import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import type { RunResult } from '../define/result.ts';
import { userModules } from '../node-catalogue.ts';
import { Target } from '../runner/node-target.ts';
import { packageFile } from '../runner/node-user-code.ts';

const registry = new Registry(packs);
const { specimens } = registry;

/** Within how many seeds each scenario catches a specimen, and by which checks. */
const CAUGHT: Readonly<Record<string, Readonly<Record<string, readonly [number, RegExp]>>>> = {
  KV1: {
    'kv/unreliable-net': [1, /^a put happens once$/],
    'kv/chaos': [20, /^linearizable$/],
  },
  KV3: {
    'kv/unreliable-net': [1, /^a put happens once$/],
    'kv/chaos': [20, /^linearizable$/],
  },
  KV5: {
    'kv/reliable-put': [1, /^get answers as the contract says$/],
    'kv/put-concurrent-reliable': [1, /^the version counts the successful puts$/],
    'kv/chaos': [2, /^linearizable$/],
  },
  KV7: {
    'kv/put-concurrent-reliable': [1, /^the version counts the successful puts$/],
    'kv/chaos': [10, /^linearizable$/],
  },
  KV9: {
    'kv/chaos': [20, /^no request storm$/],
    'lock/chaos': [30, /^no request storm$/],
  },
  LK1: {
    'lock/many-clients-unreliable': [
      3,
      /^(the holder can write|nobody else is inside|mutual exclusion)/,
    ],
    'lock/chaos': [20, /^mutual exclusion$/],
  },
  LK3: { 'lock/chaos': [60, /^clients finish once the world has healed$/] },
  LK5: {
    'lock/many-clients-reliable': [1, /^(the holder can write|nobody else is inside)/],
    'lock/chaos': [2, /^mutual exclusion$/],
  },
  LK7: {
    'lock/nested': [1, /^the run comes to an end$/],
    'lock/chaos': [3, /^clients finish once the world has healed$/],
  },
  R3: { 'raft/chaos-5': [5, /^all servers agree once the world has healed$/] },
  R5: { 'raft/chaos-5': [3, /^Term Adoption$/] },
  R6: { 'raft/chaos-5': [7, /^Leader Completeness$/] },
  R7: { 'raft/chaos-5': [3, /^Monotone State$/] },
  R9: { 'raft/chaos-5': [33, /^Elected by a Majority$/] },
  R11: { 'raft/chaos-5': [4, /^Leader Completeness$/] },
  R14: { 'raft/chaos-5': [4, /^Monotone State$/] },
  R51: { 'raft/chaos-5': [3, /^Commit Rule$/] },
  R8: { 'raft/chaos-5': [6, /^all servers agree once the world has healed$/] },
  R13: { 'raft/chaos-5': [4, /^Commit Rule$/] },
  R15: { 'raft/chaos-5': [3, /^Monotone State$/] },
  R17: { 'raft/chaos-5': [3, /^Monotone State$/] },
  R19: { 'raft/chaos-5': [3, /^Commit Rule$/] },
  R21: { 'raft/chaos-5': [3, /^all servers agree once the world has healed$/] },
  R31: { 'raft/chaos-5': [3, /^apply order$/] },
  R47: { 'raft/chaos-5': [3, /^all servers agree once the world has healed$/] },
  R2: { 'raft/chaos-5': [4, /^Durable Promises$/] },
  R4: { 'raft/chaos-5': [4, /^Durable Promises$/] },
  R27: { 'raft/chaos-5': [8, /^Durable Promises$/] },
  R29: { 'raft/chaos-5': [4, /^a server finds its state undamaged$/] },
  R12: { 'raft/chaos-5': [3, /^Monotone State$/] },
  R33: { 'raft/chaos-5': [5, /^apply order$/] },
  R35: { 'raft/chaos-5': [4, /^a server finds its state undamaged$/] },
  R39: { 'raft/chaos-5': [23, /^Log Matching$/] },
  R41: { 'raft/chaos-5': [22, /^Monotone State$/] },
  R61: { 'raft/chaos-disk-5': [2, /^Durable Promises$/] },
  R63: { 'raft/chaos-disk-5': [2, /^a server finds its state undamaged$/] },
  R65: { 'raft/chaos-disk-5': [2, /^Durable Promises$/] },
  R67: { 'raft/chaos-disk-5': [18, /^a server finds its state undamaged$/] },
};

const open = (scenario: string, specimen?: string): Promise<Target> =>
  Target.open(registry, { scenario, specimen, overrides: {} }, userModules);

async function firstCaught(
  id: string,
  scenario: string,
  within: number,
): Promise<{ seeds: number; wrong: RunResult; right: RunResult } | undefined> {
  const wrong = await open(scenario, id);
  const right = await open(scenario);
  for (let seed = 1; seed <= within; seed++) {
    const found = await wrong.run({ from: { seed: String(seed) }, isTraced: false });
    if (found.result.verdict === 'pass') continue;
    const same = await right.run({ from: { plan: found.plan }, isTraced: false });
    return { seeds: seed, wrong: found.result, right: same.result };
  }
  return undefined;
}

const rows = specimens.flatMap((specimen) =>
  specimen.scenarios.map((scenario) => ({ specimen, scenario, id: specimen.id })),
);

describe('the specimens', () => {
  test.each(rows)('$id is caught by $scenario, and ours passes the same plan', async (row) => {
    const { specimen, scenario, id } = row;
    const [within, check] = CAUGHT[id]?.[scenario] ?? [0, /^$/];
    const caught = await firstCaught(id, scenario, within);

    expect(caught).toBeDefined();
    expect(caught?.wrong).toMatchObject({ verdict: 'violation', class: specimen.class });
    expect(caught?.wrong.check).toMatch(check);
    expect(caught?.right.verdict).toBe('pass');
  });

  test('all are there, each with its bound', () => {
    const ids = specimens.map(({ id }) => id);

    expect(ids.slice(0, 9)).toEqual([
      'KV1',
      'KV3',
      'KV5',
      'KV7',
      'KV9',
      'LK1',
      'LK3',
      'LK5',
      'LK7',
    ]);
    expect(Object.keys(CAUGHT)).toEqual(ids);
    for (const { id, scenarios } of specimens) {
      expect(Object.keys(CAUGHT[id] ?? {}).toSorted()).toEqual(scenarios.toSorted());
    }
  });

  test.each(specimens.map((specimen) => ({ id: specimen.id, specimen })))(
    '$id is complete: it says what it breaks, and changes one seam',
    ({ specimen }) => {
      const { layers, edit, scenarios, title, guarantee, lesson } = specimen;

      expect([layers, edit].filter((change) => change !== undefined)).toHaveLength(1);
      expect(Object.keys(layers ?? { edited: 1 })).toHaveLength(1);
      expect(scenarios.length).toBeGreaterThan(0);
      for (const name of scenarios) expect(registry.scenario(name).lab).toBe(specimen.lab);
      for (const text of [title, guarantee, lesson]) expect(text.length).toBeGreaterThan(10);
    },
  );

  test('an edit finds its place exactly once, and changes it', () => {
    for (const { edit } of specimens) {
      if (edit === undefined) continue;
      const source = readFileSync(packageFile(edit.file), 'utf8');

      expect(source.split(edit.find)).toHaveLength(2);
      expect(edit.replace).not.toBe(edit.find);
    }
  });

  test('a specimen names itself whether written small or large', () => {
    expect(registry.specimen('lk3').id).toBe('LK3');
  });
});
