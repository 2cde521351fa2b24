import { describe, expect, test } from 'vitest';
import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { cellsOf, type Cell, type MatrixChoice } from './cells.ts';

const registry = new Registry(packs);
const cells = (choice: Partial<MatrixChoice>): readonly Cell[] =>
  cellsOf(registry, { ids: [], passes: 0, ...choice });
const told = (choice: Partial<MatrixChoice>): string[] =>
  cells(choice).map((cell) => {
    const { specimen } = cell;
    return cell.kind === 'kill'
      ? `${specimen.id} ${cell.scenario} ${cell.view}`
      : `${specimen.id} official ${cell.pass}`;
  });

describe('the cells of a matrix', () => {
  test('are the scenarios in which a specimen is known to show, with views and without', () => {
    expect(told({ ids: ['r13', 'KV1', 'R13'] })).toEqual([
      'KV1 kv/unreliable-net null',
      'KV1 kv/chaos null',
      'R13 raft/figure-8-by-hand true',
      'R13 raft/figure-8-by-hand false',
      'R13 raft/chaos-5 true',
      'R13 raft/chaos-5 false',
      'R13 raft/hunt-5 true',
      'R13 raft/hunt-5 false',
    ]);
  });

  test('without ids all specimens have some, those of one after the other', () => {
    const ids = cells({}).map(({ specimen }) => specimen.id);
    const changes = ids.filter((id, i) => id !== ids[i - 1]);

    expect(changes).toEqual(registry.specimens.map(({ id }) => id));
  });

  test('only those of a lab, or only with one view', () => {
    expect(new Set(cells({ lab: '5' }).map(({ specimen }) => specimen.lab))).toEqual(new Set([5]));
    expect(told({ ids: ['R37'], view: false })).toEqual([
      'R37 raft/snapshot-overtaken false',
      'R37 raft/chaos-5 false',
    ]);
  });

  test('other scenarios take the place of the known ones, if they are of the same lab', () => {
    const scenarios = ['raft/chaos-3', 'kv/chaos', 'TestBasicAgree3B'];

    expect(told({ ids: ['R13', 'S1'], scenarios, view: true })).toEqual([
      'R13 raft/chaos-3 true',
      'R13 raft/basic-agree true',
    ]);
  });

  test('official tests are judged from outside, and measure memory in one pass only', () => {
    const [first, second] = cells({ ids: ['KV5'], passes: 2 }).filter(
      (cell) => cell.kind === 'official',
    );
    const raft = cells({ ids: ['R13'], passes: 1 }).find((cell) => cell.kind === 'official');

    expect(first?.tests.length).toBeGreaterThan(second?.tests.length ?? Infinity);
    expect(raft?.tests).toHaveLength(28);
    expect(raft?.tests.every(({ view }) => view === false)).toBe(true);
  });

  test('an unknown id or scenario is refused', () => {
    expect(() => cells({ ids: ['R99'] })).toThrow(/unknown specimen "R99"/);
    expect(() => cells({ scenarios: ['raft/chaos-4'] })).toThrow(/unknown scenario/);
  });
});
