import { describe, expect, test } from 'vitest';
import type { TraceRecord } from '../../sim/index.ts';
import { dataOf, line } from '../testing/recorded.ts';
import { Causality, FUTURE, PAST } from './causality.ts';
import { Flights } from './flights.ts';
import { nodeHistories } from './states.ts';
import { byNumber, nodeLanes } from './nodes.ts';
import { Operations, tracksOf } from './operations.ts';
import { Told } from './revealed.ts';
import { runModel, unionOf } from './run-model.ts';
import { searched } from './search.ts';

type Given = Partial<TraceRecord>;

/** A message from one node to another: its sending in one event, its arrival in the next. */
const sent = (event: number, from: string, to: string, n: number): Given => {
  return { event, kind: 'send', node: from, label: 'ping', from, to, n };
};
const arrives = (event: number, cause: number, from: string, to: string, n: number): Given => {
  return { event, cause, kind: 'message', node: to, label: 'ping', from, to, n, payload: { n } };
};

describe('the data of a page', () => {
  test('are what was recorded, record by record', () => {
    const records: Given[] = [
      { kind: 'wake', node: 'a', incarnation: 2 },
      { kind: 'log', text: 'hello', node: 'b' },
      { ...sent(3, 'a', 'b', 0), timeUs: 2 ** 40 },
      { ...arrives(4, 3, 'a', 'b', 0), timeUs: 2 ** 40 + 1, payload: { deep: [1, '</script>'] } },
    ];
    const data = dataOf(records);
    for (const [i, record] of records.entries()) expect(data.record(i)).toMatchObject(record);
  });

  test('find an event by its number, and a moment', () => {
    const data = dataOf([{ event: 2 }, { event: 2, kind: 'log' }, { event: 7 }]);
    expect([1, 2, 3, 7, 8].map((event) => data.firstOf(event))).toEqual([0, 0, 2, 2, 3]);
    expect([0, 20, 21, 70, 71].map((us) => data.firstAt(us))).toEqual([0, 0, 2, 2, 3]);
  });

  test('cut payloads that are very long, and say so', () => {
    const data = dataOf([{ payload: { text: 'x'.repeat(50_000) } }]);
    expect(data.payloadAt(0)).toMatch(/x \.\.\. \(50011 characters in all\)$/);
  });
});

describe('messages', () => {
  const fatesOf = (records: readonly Given[]): string[] => {
    const flights = new Flights(dataOf(records));
    return Array.from({ length: flights.length }, (_, i) => flights.fateOf(i));
  };

  test('arrive, are lost, are held, come twice, or are under way at the end', () => {
    expect(fatesOf([sent(1, 'a', 'b', 0), arrives(2, 1, 'a', 'b', 0)])).toEqual(['delivered']);
    expect(fatesOf([sent(1, 'a', 'b', 0), { ...sent(1, 'a', 'b', 0), kind: 'lost' }])).toEqual([
      'lost',
    ]);
    const held: Given = { ...sent(1, 'a', 'b', 0), kind: 'held' };
    expect(fatesOf([sent(1, 'a', 'b', 0), held, arrives(2, 1, 'a', 'b', 0)])).toEqual(['held']);
    const again = arrives(3, 1, 'a', 'b', 0);
    expect(fatesOf([sent(1, 'a', 'b', 0), arrives(2, 1, 'a', 'b', 0), again])).toEqual([
      'delivered',
      'duplicated',
    ]);
    expect(fatesOf([sent(1, 'a', 'b', 0)])).toEqual(['under way']);
  });

  test('are delayed that take much longer than others of their type', () => {
    const usual = [0, 1, 2, 3, 4].flatMap((n) => [
      sent(2 * n + 1, 'a', 'b', n),
      arrives(2 * n + 2, 2 * n + 1, 'a', 'b', n),
    ]);
    const late: Given = { ...arrives(99, 98, 'a', 'b', 9), timeUs: 100_000 };
    expect(fatesOf([...usual, sent(98, 'a', 'b', 9), late])).toEqual([
      ...Array.from({ length: 5 }, () => 'delivered'),
      'delayed',
    ]);
  });

  test('of a stretch of time are found, also the one that set out long before', () => {
    const long: Given[] = [{ ...sent(1, 'a', 'b', 0), timeUs: 0 }];
    const short = Array.from({ length: 600 }, (_, i): Given[] => [
      { ...sent(2 * i + 2, 'a', 'c', i), timeUs: 100 * i + 1 },
      { ...arrives(2 * i + 3, 2 * i + 2, 'a', 'c', i), timeUs: 100 * i + 2 },
    ]).flat();
    const end: Given = { ...arrives(9999, 1, 'a', 'b', 0), timeUs: 70_000 };
    const flights = new Flights(dataOf([...long, ...short, end]));
    const [first, until] = flights.during(65_000, 66_000);
    expect([first, until]).toEqual([0, 601]);
    const plain = new Flights(dataOf(short));
    const [after] = plain.during(50_001, 50_010);
    // What has landed long before is left out, but for the rest of a block.
    expect(after).toBeGreaterThan(500 - 2 * 128);
    expect(after).toBeLessThanOrEqual(500);
  });
});

describe('causes and effects', () => {
  // a sends to b, which sends to c; d is on its own.
  const data = dataOf([
    { event: 1, cause: 0, node: 'a' },
    { event: 2, cause: 0, node: 'd' },
    arrives(3, 1, 'a', 'b', 0),
    { event: 4, cause: 2, node: 'd' },
    arrives(5, 3, 'b', 'c', 0),
    { event: 6, cause: 1, node: 'a' },
    { event: 7, cause: 6, node: 'c' },
  ]);
  const lanes = nodeLanes(data);
  const laneOf = new Int16Array(data.about.strings.length + 1).fill(-1);
  for (const [lane, { id }] of lanes.entries()) laneOf[data.idOf(id)] = lane;
  const causality = new Causality(data, laneOf, lanes.length);

  test('are followed both ways', () => {
    expect(causality.chainOf(5)).toEqual([5, 3, 1]);
    expect(causality.effectsOf(1)).toEqual([3, 6]);
    expect(causality.effectsOf(7)).toEqual([]);
    expect(causality.causeOf(1)).toBe(0);
  });

  test('and what happened on the same node make the past and the future', () => {
    const { of } = causality.coneOf(3);
    const all = (mark: number): number[] =>
      [...of.entries()].filter(([, is]) => (is & mark) !== 0).map(([event]) => event);
    expect(all(PAST)).toEqual([1, 3]);
    // 7 is later on c than 5, which 3 has caused; 6 is not: a had sent before.
    expect(all(FUTURE)).toEqual([3, 5, 7]);
  });

  test('the frontier of a lane is in its time', () => {
    const { pastUntilUs, futureFromUs } = causality.coneOf(5);
    const at = (id: string): number => lanes.findIndex((lane) => lane.id === id);
    expect(pastUntilUs[at('a')]).toBe(10);
    expect(pastUntilUs[at('d')]).toBe(-Infinity);
    expect(futureFromUs[at('c')]).toBe(50);
    expect(futureFromUs[at('a')]).toBe(Infinity);
  });
});

describe('what nodes show', () => {
  test('adds up over a life, and goes with it', () => {
    const data = dataOf([
      { kind: 'state', node: 's', payload: { role: 'follower', term: 1 } },
      { kind: 'state', node: 's', payload: { role: 'leader' } },
      { kind: 'crash', node: 's', incarnation: 1 },
      { kind: 'restart', node: 's', incarnation: 2 },
      { kind: 'state', node: 's', payload: { term: 1 } },
    ]);
    const history = nodeHistories(data).get('s')!;
    expect(history.after(1)).toMatchObject({
      fields: { role: 'leader', term: 1 },
      changed: ['role'],
    });
    expect(history.after(2)?.fields).toEqual({});
    expect(history.after(4)?.fields).toEqual({ term: 1 });
    expect(history.statusAfter(2)?.status).toBe('down');
    expect(history.outages(data)).toEqual([{ fromUs: 30, untilUs: 40, status: 'down' }]);
    const values = history.stretches(data, 'role', 'term').map(({ value }) => value);
    expect(values).toEqual(['follower', 'leader']);
  });

  const told = (view: string, event: number, change: unknown) => {
    return { event, timeUs: 10 * event, view, node: 's', change };
  };

  test('a log is what was told of it up to an event', () => {
    const revealed = [
      told('log', 1, {
        base: 0,
        from: 1,
        entries: [
          [1, 'a'],
          [1, 'b'],
          [1, 'c'],
        ],
      }),
      told('log', 2, { base: 1, from: 3, entries: [[2, 'x']] }),
    ];
    const views = [{ kind: 'log', name: 'log', title: '', marks: [], group: 'term' }] as const;
    const data = dataOf([{}, {}], { picture: { revealed, checked: [] } }, views);
    const log = new Told(data).logs.get('log')!.get('s')!;
    expect(log.after(0)).toBeUndefined();
    expect(
      log
        .after(1)
        ?.entries()
        .map(({ text }) => text),
    ).toEqual(['a', 'b', 'c']);
    expect(
      log
        .after(1)
        ?.entries(2)
        .map(({ text }) => text),
    ).toEqual(['b', 'c']);
    const after = log.after(2);
    expect(after?.base).toBe(1);
    expect(after?.entries().map(({ index, text }) => `${index}${text}`)).toEqual(['2b', '3x']);
  });

  test('rows of a table come, change and go', () => {
    const revealed = [
      told('keys', 1, [{ row: 'k', cells: { version: 1 } }]),
      told('keys', 2, [
        { row: 'k', cells: { version: 2 } },
        { row: 'j', cells: { version: 1 } },
      ]),
      told('keys', 3, [{ row: 'j' }]),
      told('keys', 4, []),
    ];
    const views = [{ kind: 'table', name: 'keys', title: '', key: 'key', columns: [] }] as const;
    const data = dataOf([{}], { picture: { revealed, checked: [] } }, views);
    const keys = new Told(data).tables.get('keys')!.get('s')!;
    const rows = [0, 1, 2, 3, 4].map((event) =>
      keys.after(event)?.map(({ row, cells }) => `${row}${cells['version']}`),
    );
    expect(rows).toEqual([undefined, ['k1'], ['k2', 'j1'], ['k2'], []]);
  });
});

describe('operations', () => {
  test('that overlap are on tracks of their own, others share one', () => {
    const spans = [
      { fromUs: 0, untilUs: 10 },
      { fromUs: 5, untilUs: 7 },
      { fromUs: 7, untilUs: 20 },
      { fromUs: 10, untilUs: 11 },
    ];
    expect(tracksOf(spans)).toEqual([0, 1, 1, 0]);
  });

  test('know their place in the order that a check has found, and the violation', () => {
    const part = {
      key: 'k',
      verdict: 'illegal',
      operations: [0, 1],
      violation: { operation: 1, operations: [0, 1], kind: 'x', reason: 'it is so' },
      states: ['', 'a'],
      partialLinearizations: [{ operations: [0], states: [1], illegalNext: [1] }],
    } as const;
    const described = [0, 1].map((call) => ({ clientId: 'c0', call, description: '' }));
    const checked = [
      {
        check: 'lin',
        ids: [4, 9],
        info: {
          model: 'm',
          verdict: 'illegal',
          steps: 0,
          operations: described,
          parts: [part],
          annotations: [],
        },
      },
    ] as const;
    const history = [line(4, 10, 20), line(9, 15, undefined)];
    const data = dataOf([{}, {}, {}], { history, picture: { revealed: [], checked } });
    const operations = new Operations(data);
    expect(operations.get(4)?.judged).toMatchObject({ place: 1, blame: 'involved', key: 'k' });
    expect(operations.get(9)?.judged).toMatchObject({ blame: 'culprit' });
    expect(operations.get(9)?.untilUs).toBe(data.endUs);
    expect(operations.blames).toEqual([
      { check: 'lin', key: 'k', reason: 'it is so', culprit: 9, involved: [4, 9] },
    ]);
    expect(operations.stepsOf(operations.get(4)!.judged!)).toEqual([{ operation: 4, state: 'a' }]);
  });
});

describe('a search', () => {
  const data = dataOf([
    { node: 'a', kind: 'message', label: 'put', payload: { key: 'Käse' } },
    { node: 'b', kind: 'log', text: 'needle' },
    { node: 'a', kind: 'lost', label: 'get', from: 'a', to: 'b', n: 0 },
  ]);
  test('finds names, contents, words and kinds, whatever the case', () => {
    expect(searched(data, 'KÄSE')).toEqual([0]);
    expect(searched(data, 'needle')).toEqual([1]);
    expect(searched(data, 'lost')).toEqual([2]);
    expect(searched(data, 'nothing of it')).toEqual([]);
    expect(searched(data, '  ')).toEqual([]);
  });
  test('finds an event by its number', () => {
    expect(searched(data, '#2')).toEqual([1]);
  });
});

test('nodes stand in the order of their numbers, clients below servers', () => {
  expect(['s10', 's2', 'g1.s1', 'g1.s0'].toSorted(byNumber)).toEqual([
    'g1.s0',
    'g1.s1',
    's2',
    's10',
  ]);
  const history = [line(0, 0, 1)];
  const show = (node: string): Given => ({ kind: 'state', node, payload: { up: 1 } });
  const data = dataOf([{ node: 'tester' }, { node: 'c0' }, show('s1'), show('s0')], { history });
  expect(nodeLanes(data).map(({ id }) => id)).toEqual(['s0', 's1', 'c0', 'tester']);
});

test('stretches that overlap are one', () => {
  const spans = [
    { fromUs: 5, untilUs: 9 },
    { fromUs: 0, untilUs: 2 },
    { fromUs: 6, untilUs: 20 },
    { fromUs: 20, untilUs: 21 },
  ];
  expect([...unionOf(spans)]).toEqual([0, 2, 5, 21]);
});

test('the story has faults, roles and the first who reaches a number', () => {
  const views = [
    {
      kind: 'fields',
      title: '',
      fields: [],
      story: [
        { field: 'role', becomes: 'leader', words: 'is leader', beside: { name: 'term' } },
        { field: 'commit', words: 'commits up to' },
      ],
    },
  ] as const;
  const show = (node: string, payload: object): Given => ({ kind: 'state', node, payload });
  const model = runModel(
    dataOf(
      [
        { kind: 'fault', label: 'f0', text: 'crash s1' },
        show('s0', { role: 'leader', term: 3, commit: 0 }),
        show('s0', { commit: 1 }),
        show('s1', { commit: 1 }),
        show('s1', { role: 'follower', commit: 2 }),
      ],
      {},
      views,
    ),
  );
  expect(model.story.map(({ who, text }) => `${who} ${text}`.trim())).toEqual([
    'f0: crash s1',
    's0 is leader, term 3',
    's0 commits up to 1',
    's1 commits up to 2',
  ]);
  expect(model.violation).toBeUndefined();
});
