import { expect, test } from 'vitest';
import { diffSides, type DiffOptions } from './diff-sides.ts';

function told(whats: readonly string[], options: DiffOptions = {}): unknown[] {
  return diffSides(whats, options).map((side) =>
    side.kind === 'run'
      ? [side.subject.scenario, side.subject.job.from, side.subject.choices.impl, side.name]
      : side,
  );
}

test('two seeds of one scenario, with the same code', () => {
  expect(told(['kv/chaos'], { seed: ['1', 'x'], impl: 'a.ts' })).toEqual([
    ['kv/chaos', { seed: '1' }, 'a.ts', ''],
    ['kv/chaos', { seed: 'x' }, 'a.ts', ''],
  ]);
});

test('ours and other code, with one seed', () => {
  expect(told(['kv/chaos'], { seed: ['7'], impl: 'a.ts' })).toEqual([
    ['kv/chaos', { seed: '7' }, undefined, 'as it is'],
    ['kv/chaos', { seed: '7' }, 'a.ts', 'with a.ts'],
  ]);
  expect(told(['kv/chaos'], { specimen: 'KV1' })[1]).toContain('with specimen KV1');
});

test('two scenarios, with one seed', () => {
  expect(told(['kv/chaos', 'lock/chaos'], { seed: ['3'] })).toEqual([
    ['kv/chaos', { seed: '3' }, undefined, 'kv/chaos'],
    ['lock/chaos', { seed: '3' }, undefined, 'lock/chaos'],
  ]);
});

test.each<[string[], DiffOptions, string]>([
  [['kv/chaos'], {}, 'one run is not enough'],
  [['kv/chaos'], { seed: ['1'] }, 'one run is not enough'],
  [['kv/chaos'], { seed: ['1', '2', '3'] }, 'two at most'],
  [['a', 'b'], { seed: ['1', '2'] }, 'two runs are named already'],
  [['a', 'b', 'c'], {}, '3 runs are too many'],
  [['./nowhere'], { seed: ['1', '2'] }, './nowhere: no such file'],
])('%j with %j is refused', (whats, options, why) => {
  expect(() => diffSides(whats, options)).toThrow(why);
});
