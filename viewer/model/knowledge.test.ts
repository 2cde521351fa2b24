import { expect, test } from 'vitest';
import type { Span } from '../../scenarios/define/span.ts';
import type { View } from '../../scenarios/define/view.ts';
import type { TraceRecord } from '../../sim/index.ts';
import { dataOf } from '../testing/recorded.ts';
import type { Knowledge } from './knowledge.ts';
import type { Drawn, Fact } from './over-time.ts';
import { runModel } from './run-model.ts';

type Given = Partial<TraceRecord>;

const show = (node: string, payload: object): Given => ({ kind: 'state', node, payload });
const told = (view: string, event: number, node: string, change: unknown) => {
  return { event, timeUs: 10 * event, view, node, change };
};

/** Event n is at 10 n µs. */
function knowledgeOf(
  records: readonly Given[],
  {
    views = [],
    revealed = [],
    spans = [],
  }: {
    views?: readonly View[];
    revealed?: readonly ReturnType<typeof told>[];
    spans?: readonly Span[];
  } = {},
): Knowledge {
  return runModel(dataOf(records, { picture: { revealed, checked: [] }, spans }, views)).knowledge;
}

/** A line a stretch. */
function linesOf({ drawn }: Fact): string[] {
  return Array.from(drawn.fromUs, (from, i) => `${from}-${drawn.untilUs[i]} ${valueOf(drawn, i)}`);
}

function valueOf(drawn: Drawn, i: number): string {
  switch (drawn.kind) {
    case 'words':
      return `${drawn.texts[i]?.[0]} #${drawn.hues[i]}`;
    case 'number':
      return String(drawn.values[i]);
    case 'members':
      return `[${[...drawn.sets[i]!].join()}]`;
    case 'log': {
      const { base, last, runs } = drawn.moments[i]!;
      const groups = runs.map(({ first, group }) => `${group}@${first}`).join();
      return `${base}..${last} ${groups} ${drawn.marks.map((mark) => mark[i]).join()}`;
    }
  }
}

test('fields that no view names are drawn by what they hold', () => {
  const knowledge = knowledgeOf([
    show('a', { count: 1, vote: 'none', serves: '0 1', isUp: true, odd: { deep: [1] } }),
    show('a', { count: 4, vote: 'b' }),
    show('b', { vote: 'a', serves: '' }),
    show('a', { count: 4, serves: '' }),
    { kind: 'crash', node: 'a' },
    { kind: 'wake', node: 'b' },
  ]);
  const facts = knowledge
    .factsOf('a')
    .map((fact) => [fact.title, fact.drawn.kind, ...linesOf(fact)]);
  expect(facts).toEqual([
    ['count', 'number', '10-20 1', '20-50 4'],
    ['vote', 'words', '10-20 none #-1', '20-50 b #1'],
    ['serves', 'members', '10-40 [0,1]', '40-50 []'],
    ['isUp', 'words', '10-50 true #0'],
    ['odd', 'words', expect.stringMatching(/^10-50 .*deep.* #0$/)],
  ]);
  // A word has the same colour on every node.
  expect(knowledge.factsOf('b').map(linesOf)[0]).toEqual(['30-60 a #0']);
});

test('a log is drawn with its marks, and what they say stands in no row of its own', () => {
  const views: readonly View[] = [
    {
      kind: 'fields',
      title: '',
      fields: [{ name: 'term', title: 'the term' }],
      strip: { field: 'role' },
    },
    {
      kind: 'log',
      name: 'log',
      title: 'Log',
      marks: [{ name: 'commit', title: 'committed' }],
      group: 'term',
    },
  ];
  const records = [
    show('s', { role: 'follower', term: 1, commit: 0, lastIndex: 2 }),
    show('s', { commit: 1 }),
    show('s', { lastIndex: 3 }),
    { kind: 'wake', node: 's' } as const,
  ];
  const entries = [
    [1, 'a'],
    [1, 'b'],
  ];
  const revealed = [
    told('log', 1, 's', { base: 0, from: 1, entries }),
    told('log', 3, 's', {
      base: 1,
      from: 2,
      entries: [
        [2, 'x'],
        [2, 'y'],
      ],
    }),
  ];
  const facts = knowledgeOf(records, { views, revealed }).factsOf('s');
  expect(facts.map(({ title }) => title)).toEqual(['the term', 'Log']);
  expect(linesOf(facts[1]!)).toEqual(['10-20 0..2 1@1 0', '20-30 0..2 1@1 1', '30-40 1..3 2@2 1']);
});

test('rows of tables come and go; whose numbers change are told apart', () => {
  const view: View = {
    kind: 'table',
    name: 'keys',
    title: 'Keys',
    key: 'key',
    columns: [{ name: 'version' }, { name: 'value' }],
  };
  const put = (event: number, row: string, version: number): ReturnType<typeof told> =>
    told('keys', event, 's', [{ row, cells: { version, value: `v${version}` } }]);
  const revealed = [put(1, 'j', 1), put(2, 'k', 1), put(3, 'k', 2), told('keys', 4, 's', [])];
  const records = Array.from({ length: 6 }, () => ({ kind: 'wake', node: 's' }) as const);
  const knowledge = knowledgeOf(records, { views: [view], revealed });
  expect(knowledge.hasMore('s')).toBe(true);
  expect(knowledge.rowsOf(view, 's')).toEqual(['k', 'j']);
  expect(knowledge.rowFact(view, 's', 'k').map(linesOf)).toEqual([
    ['20-30 version 1, value v1 #4', '30-40 version 2, value v2 #0'],
  ]);
  expect(knowledge.rowFact(view, 's', 'none')).toEqual([]);
});

test('owners have what rows of spans say that they have', () => {
  const span = (row: string, what: string, fromMs: number, toMs: number) => {
    return { row, what, mark: '1', fromMs, toMs };
  };
  const spans = [
    span('config', 'configuration', 0, 3),
    span('shard 0', 'g1', 0, 3),
    span('shard 1', 'g1', 0, 1),
    span('shard 1', 'g2', 1, 3),
  ];
  const records = [0, 1000, 2000, 3000].map((timeUs): Given => ({ kind: 'wake', timeUs }));
  const knowledge = knowledgeOf(records, { spans });
  const owners = knowledge.owners({ kind: 'ownership', title: '', numbers: 'config' });
  expect(owners.map((fact) => [fact.title, ...linesOf(fact)])).toEqual([
    ['g1', '0-1000 [shard 0,shard 1]', '1000-3000 [shard 0]'],
    ['g2', '1000-3000 [shard 1]'],
  ]);
});
