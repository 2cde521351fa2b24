/** What docs/faults.md says of what each kind of fault reveals is about what there is. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { faultKinds } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { packageFile } from '../runner/node-user-code.ts';

const registry = new Registry(packs);
const text = readFileSync(packageFile('docs/faults.md'), 'utf8');
const section = text.split('\n## What each kind reveals\n')[1]?.split('\n## ')[0] ?? '';
const rows = section
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .map((line) => line.split('|').map((cell) => cell.trim().replaceAll(/[`*]/g, '')))
  .map(([, kind, used, caught]) => ({ kind, used, caught }));

/** The scenarios whose use of the kinds the table gives. */
const SCENARIOS = [
  'kv/chaos',
  'raft/chaos-5',
  'raft/chaos-disk-5',
  'raft/everything-5',
  'kvraft/chaos-5',
  'kvraft/everything-5',
];
const SEEDS = 60;

test('the table has every kind once', () => {
  expect(rows.map(({ kind }) => kind)).toEqual(faultKinds);
});

test('it names the scenarios that draw a kind, and no others', () => {
  const drawn = new Map<string, string[]>();
  for (const name of SCENARIOS) {
    const kinds = new Set<string>();
    for (let seed = 1; seed <= SEEDS; seed++) {
      const { faults } = makePlan(registry.scenario(name), String(seed));
      for (const { kind } of faults) kinds.add(kind);
    }
    for (const kind of kinds) drawn.set(kind, [...(drawn.get(kind) ?? []), name]);
  }

  const said = rows.map(({ kind, used }) => `${kind}: ${used}`);
  expect(said).toEqual(
    faultKinds.map((kind) => `${kind}: ${drawn.get(kind)?.join(', ') ?? 'none'}`),
  );
});

test('the specimens of the table are there, and of lab 3', () => {
  const ids = rows.flatMap(({ caught }) => caught?.match(/\bR\d+\b/g) ?? []);

  expect(ids.length).toBeGreaterThan(20);
  for (const id of ids) expect(registry.specimen(id).lab).toBe(3);
});
