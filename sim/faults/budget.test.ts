import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { NodeTarget } from './target.ts';
import {
  checkBudget,
  PlanError,
  withinBudget,
  type FaultAction,
  type FaultBudget,
} from '../index.ts';

const budget: FaultBudget = { nodes: ['s0', 's1', 's2'], most: 1 };

const crash = (id: string, node: string, atMs: number, untilMs?: number): FaultAction => ({
  id,
  kind: 'crash',
  node,
  atMs,
  untilMs,
});

describe('a fault budget', () => {
  const within: Record<string, readonly FaultAction[]> = {
    'one node after the other': [crash('a', 's0', 0, 10), crash('b', 's1', 10, 20)],
    'one node before the other': [crash('a', 's0', 10, 20), crash('b', 's1', 0, 10)],
    'the same node twice at once': [crash('a', 's0', 0, 10), crash('b', 's0', 5, 20)],
    'nodes that do not count': [crash('a', 's0', 0), crash('b', 'c0', 0), crash('c', 'c1', 0)],
    'what takes nobody down': [
      crash('a', 's0', 0),
      { id: 'p', kind: 'partition', atMs: 1, groups: [['s1'], ['s2']] },
      { id: 'd', kind: 'delay', atMs: 1, between: ['s1', 's2'], extraMs: [1, 2] },
    ],
  };
  test.each(Object.keys(within))('bears %s', (name) => {
    expect(() => checkBudget(within[name] as FaultAction[], budget)).not.toThrow();
  });

  const beyond: [string, readonly FaultAction[], string][] = [
    [
      'two nodes at once',
      [crash('a', 's0', 0, 10), crash('b', 's1', 9, 20)],
      'faults[1].node (b): s0 s1 down or damaged at 9 ms, budget 1',
    ],
    [
      'a node beside one that never comes back',
      [crash('a', 's0', 5), crash('b', 's2', 900)],
      'faults[1].node (b): s0 s2 down or damaged at 900 ms, budget 1',
    ],
    [
      'one that begins while another lasts, though it stands later in the list',
      [crash('a', 's0', 50, 60), crash('b', 's1', 40, 55)],
      'faults[1].node (b): s0 s1 down or damaged at 50 ms, budget 1',
    ],
    [
      'all nodes in one action',
      [{ id: 'a', kind: 'crash', atMs: 3, untilMs: 4, node: ['s0', 's1'] }],
      'faults[0].node (a): s0 s1 down or damaged at 3 ms, budget 1',
    ],
    [
      'a pause beside a damaged disk',
      [
        { id: 'a', kind: 'pause', atMs: 0, untilMs: 9, node: 's0' },
        { id: 'b', kind: 'disk-error', atMs: 1, untilMs: 2, node: 's1', ppm: 1 },
      ],
      'faults[1].node (b): s0 s1 down or damaged at 1 ms, budget 1',
    ],
    [
      'a crash point, which may strike at any time',
      [
        { id: 'a', kind: 'crash-point', atMs: 0, untilMs: 1, node: 's0', call: 1, downMs: 1 },
        crash('b', 's1', 50, 60),
      ],
      'faults[1].node (b): s0 s1 down or damaged at 50 ms, budget 1',
    ],
    [
      'somebody selected beside a named node: it may be another one',
      [
        crash('a', 's0', 0, 10),
        { id: 'b', kind: 'crash', atMs: 5, untilMs: 9, node: { select: 'leader' } },
      ],
      'faults[1].node (b): s0 the leader (b) down or damaged at 5 ms, budget 1',
    ],
    [
      'a wiped disk, where none is allowed',
      [{ id: 'a', kind: 'crash', atMs: 3, untilMs: 4, node: 's0', wipe: true }],
      'faults[0].wipe (a): 1 of s0 s1 s2 wiped, budget 0',
    ],
  ];
  test.each(beyond)('refuses %s, by index and field', (_, actions, message) => {
    expect(() => checkBudget(actions, budget)).toThrow(PlanError);
    expect(() => checkBudget(actions, budget)).toThrow(message);
  });

  test('counts the nodes that lost their disks over the whole run', () => {
    const wipe = (id: string, node: string, atMs: number): FaultAction => ({
      ...(crash(id, node, atMs, atMs + 1) as FaultAction & { kind: 'crash' }),
      wipe: true,
    });
    const actions = [wipe('a', 's0', 0), wipe('b', 's0', 100), wipe('c', 's1', 200)];

    expect(() => checkBudget(actions.slice(0, 2), { ...budget, wipes: 1 })).not.toThrow();
    expect(() => checkBudget(actions, { ...budget, wipes: 1 })).toThrow('faults[2].wipe (c)');
    expect(() => checkBudget(actions, { ...budget, wipes: 2 })).not.toThrow();
  });
});

describe('a budget of damaged disks', () => {
  const disks: FaultBudget = { ...budget, most: 3, damaged: 1 };
  const rot = (id: string, node: NodeTarget, atMs: number): FaultAction => ({
    id,
    kind: 'bit-rot',
    node,
    atMs,
    untilMs: atMs + 1,
    ppm: 1,
  });

  test('is for the whole run: another node is one too many, however much later', () => {
    const actions = [rot('a', 's0', 0), rot('b', 's0', 100), rot('c', 's1', 900)];

    expect(() => checkBudget(actions.slice(0, 2), disks)).not.toThrow();
    expect(() => checkBudget(actions, disks)).toThrow(
      'faults[2].node (c): s0 s1 have damaged disks, budget 1',
    );
    expect(withinBudget(actions, disks)).toEqual(actions.slice(0, 2));
  });

  test.each(['bit-rot', 'misdirected-write', 'stale-read'])('%s damages', (kind) => {
    const action = { ...rot('b', 's1', 900), kind } as FaultAction;
    expect(() => checkBudget([rot('a', 's0', 0), action], disks)).toThrow('have damaged disks');
  });

  test('is not spent by disks that fail, and say so', () => {
    const others = ['disk-error', 'disk-full', 'disk-slow', 'crash'].map((kind, i) => ({
      ...rot(`x${i}`, ['s0', 's1', 's2'], i),
      kind,
    })) as FaultAction[];
    expect(() => checkBudget(others, disks)).not.toThrow();
  });

  test('a label may mean all of them', () => {
    expect(() => checkBudget([rot('a', { label: 'zone', is: 'a' }, 0)], disks)).toThrow(
      's0 s1 s2 have damaged disks, budget 1',
    );
  });
});

test('a selection adds nobody where all nodes may be down', () => {
  const actions: FaultAction[] = [
    crash('a', 's0', 0, 10),
    { id: 'b', kind: 'pause', atMs: 5, untilMs: 9, node: { select: 'leader' } },
  ];
  expect(() => checkBudget(actions, { nodes: ['s0'], most: 1 })).not.toThrow();
});

const someCrashes = fc
  .array(
    fc.tuple(fc.constantFrom('s0', 's1', 's2', 'c0'), fc.nat(200), fc.integer({ min: 1, max: 80 })),
    {
      maxLength: 12,
    },
  )
  .map((all) => all.map(([node, at, ms], i) => crash(`x${i}`, node, at, at + ms)));

test('what is left within a budget never has more nodes down than it allows', () => {
  fc.assert(
    fc.property(someCrashes, fc.integer({ min: 0, max: 3 }), (actions, most) => {
      const left = withinBudget(actions, { ...budget, most });

      for (let ms = 0; ms < 300; ms++) {
        const down = left.filter(
          (a) => a.kind === 'crash' && a.node !== 'c0' && a.atMs <= ms && ms < (a.untilMs ?? 0),
        );
        expect(
          new Set(down.map((a) => (a.kind === 'crash' ? a.node : ''))).size,
        ).toBeLessThanOrEqual(most);
      }
      expect(() => checkBudget(left, { ...budget, most })).not.toThrow();
      expect(actions.filter((action) => left.includes(action))).toEqual(left);
      // Nothing is left out without need.
      if (most === 3) expect(left).toEqual(actions);
    }),
    { numRuns: 300 },
  );
});
