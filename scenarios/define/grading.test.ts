import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { packs } from '../catalogue.ts';
import { gradedTests, hintOn, labsOf, layersOf } from './grading.ts';
import { Registry } from './registry.ts';
import { suiteOf } from './suite.ts';

const scenario = (name: string): boolean =>
  packs.some(({ scenarios }) => scenarios.some((one) => one.name === name));

describe('what is graded', () => {
  test.each([
    [['makeRaft'], ['3']],
    [['makeLock'], ['2']],
    [['makeRsm', 'makeReplicatedKvClerk'], ['4']],
    [
      ['makeRaft', 'makeRsm', 'makeKvServer'],
      ['2', '3', '4'],
    ],
    [['makeShardCtrler'], ['5']],
    [['answer'], []],
  ])('layers %j belong to labs %j', (layers, labs) => {
    expect(labsOf(packs, layers)).toEqual(labs);
  });

  test('is of the layers that its tests know', () => {
    expect(layersOf(packs, ['3A'])).toEqual(['makeRaft']);
    expect(layersOf(packs, ['2'])).toEqual(['makeKvServer', 'makeKvClerk', 'makeLock']);
    expect(layersOf(packs, [])).toContain('makeShardCtrler');
  });

  test('of a Raft: the official tests of lab 3 in their order, then what lies beyond', () => {
    const tests = gradedTests(packs, ['3'], ['makeRaft']);
    const official = suiteOf(packs).filter(({ lab }) => lab === 3);

    expect(tests.slice(0, 28).map(({ name }) => name)).toEqual(official.map(({ test: t }) => t));
    expect(tests.slice(28).every(({ isOfficial }) => !isOfficial)).toBe(true);
    expect(tests.length).toBeGreaterThan(35);
  });

  test('of a part only what that part needs', () => {
    const tests = gradedTests(packs, ['3a'], ['makeRaft']);

    expect(tests.map(({ name }) => name)).toEqual([
      'TestInitialElection3A',
      'TestReElection3A',
      'TestManyElections3A',
      'raft/election-chaos',
    ]);
  });

  test('no test in which none of the layers takes part', () => {
    const tests = gradedTests(packs, ['4'], ['makeReplicatedKvClerk']);

    expect(tests.length).toBeGreaterThan(20);
    expect(tests.filter(({ scenario: name }) => name.startsWith('rsm/'))).toEqual([]);
  });

  test('nothing that is not there', () => {
    const beyond = packs.flatMap((pack) => pack.beyond ?? []);

    expect(beyond.filter(({ scenario: name }) => !scenario(name))).toEqual([]);
  });
});

/** Names of checks in the sources of a lab: `t.expect('agreement', ...)`, `presume('...', ...)`. */
function checksIn(folder: string): string[] {
  const root = new URL(`../${folder}/`, import.meta.url);
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /(?<!\.test)\.ts$/.test(name),
  );
  const named = /\b(?:expect(?:InTime|Within)?|presume)\(\s*'([^']+)'/g;
  return files.flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(named)].map((match) => match[1]!),
  );
}

/** Names in the files of the invariants of Raft. */
function invariantNames(): string[] {
  const root = new URL('../lab3-raft/invariants/', import.meta.url);
  return readdirSync(root).flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(/\bname(?: =|:) '([^']+)'/g)].map(
      (m) => m[1]!,
    ),
  );
}

/** Names of checks that are no literal beside a call. */
function otherNames(): string[] {
  const judges = packs.flatMap(({ scenarios }) => scenarios.flatMap(({ checks }) => checks));
  return [...judges.map(({ name }) => name), ...invariantNames()];
}

/** Checks of scenarios that grade nobody: they are about our own jobs, sizes and figures. */
const NOT_GRADED = [
  // Assertions about the scenario itself: that what it is about has happened.
  'both groups have shards that stay',
  'both groups have taken snapshots',
  'groups come and go meanwhile',
  'the change was left half-done',
];

describe('hints', () => {
  test.each(packs.map((pack) => [pack.name, pack.lab!] as const))('of %s', (folder, lab) => {
    const checks = [...new Set(checksIn(folder))].filter((check) => !NOT_GRADED.includes(check));

    expect(checks.length).toBeGreaterThan(3);
    expect(checks.filter((check) => hintOn(packs, lab, check) === undefined)).toEqual([]);
  });

  test('of whatever judges a run that is graded', () => {
    const graded = packs.flatMap(({ lab, scenarios }) => {
      const layers = scenarios.flatMap((one) => Object.keys(one.layers));
      return gradedTests(packs, [String(lab)], layers);
    });
    const judges = graded.flatMap(({ lab, scenario: name }) =>
      new Registry(packs).scenario(name).checks.map((check) => [lab, check.name] as const),
    );

    expect(judges.length).toBeGreaterThan(50);
    expect(judges.filter(([lab, check]) => hintOn(packs, lab, check) === undefined)).toEqual([]);
  });

  test('of our invariants', () => {
    const names = invariantNames();

    expect(names.length).toBeGreaterThan(8);
    expect(names.filter((name) => hintOn(packs, 3, name) === undefined)).toEqual([]);
  });

  test('of a premise are those of the check, and all of them are of checks that are there', () => {
    const check = 'a leader stays without failures';

    expect(hintOn(packs, 3, `premise: ${check}`)).toBe(hintOn(packs, 3, check));
    const there = new Set([...packs.flatMap(({ name }) => checksIn(name)), ...otherNames()]);
    const told = packs.flatMap(({ hints = [] }) => hints.flatMap(({ checks }) => checks));
    expect(told.filter((name) => !there.has(name))).toEqual([]);
  });

  test('name official tests that are there', () => {
    const tests = new Set(suiteOf(packs).map(({ test: name }) => name));
    const named = packs.flatMap(({ hints = [] }) => hints.flatMap((hint) => hint.tests));

    expect(named.filter((name) => !tests.has(name))).toEqual([]);
  });

  test('ask, and do not answer', () => {
    const hints = packs.flatMap((pack) => pack.hints ?? []);

    for (const { questions } of hints) {
      expect(questions.length).toBeGreaterThan(0);
      for (const question of questions) expect(question).toMatch(/\?/);
    }
  });

  test('say of a lab what holds there, and of what lies below it the same as there', () => {
    expect(hintOn(packs, 2, 'linearizable')?.source).toMatch(/lab 2/);
    expect(hintOn(packs, 4, 'linearizable')?.source).toMatch(/Raft §8/);
    expect(hintOn(packs, 4, 'Election Safety')?.source).toMatch(/Raft §5.2/);
    expect(hintOn(packs, 3, 'no such check')).toBeUndefined();
  });
});
