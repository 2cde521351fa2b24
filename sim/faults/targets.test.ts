import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  PlanError,
  World,
  type FaultAction,
  type NodeTarget,
  type WorldOptions,
} from '../index.ts';

const ids = ['a', 'b', 'c'];

/** Three nodes of two zones; which of them crashed. */
async function crashed(
  node: NodeTarget,
  options: Partial<WorldOptions> = {},
): Promise<{ readonly lives: string; readonly world: World }> {
  const faults: FaultAction[] = [{ id: 'x', kind: 'crash', atMs: 10, untilMs: 20, node }];
  const plan = { profile: 'steady', faults };
  const world: World = new World('targets', { host: nodeHost(), plan, ...options });
  for (const [i, id] of ids.entries()) {
    world.addNode(id, () => {}, { labels: { zone: i < 2 ? 'west' : 'east' } });
  }
  await world.run();
  const lives = ids.filter((id) => world.machine(id).lives > 1).join('');
  return { lives, world };
}

test('whoever is the leader when the fault starts is cut off, and nobody else', async () => {
  const faults: FaultAction[] = [
    { id: 'i', kind: 'cut', atMs: 10, untilMs: 20, between: [{ select: 'leader' }, ids] },
  ];
  const selectors = { leader: () => 'b' };
  const plan = { profile: 'steady', faults };
  const world: World = new World(1, { host: nodeHost(), plan, selectors });
  const got: Record<'during' | 'after', string[]> = { during: [], after: [] };
  for (const id of ids) {
    world.addNode(id, (env) => {
      const phase = (): 'during' | 'after' => (env.now() < 20 ? 'during' : 'after');
      env.receive({ m: (_, from) => void got[phase()].push(`${from}${id}`) });
      const others = ids.filter((other) => other !== id);
      for (const ms of [15, 25]) {
        env.setTimer(ms, () => others.forEach((other) => env.send(other, 'm', {})));
      }
    });
  }
  await world.run();
  expect(got.during.toSorted()).toEqual(['ac', 'ca']);
  expect(got.after.toSorted()).toEqual(['ab', 'ac', 'ba', 'bc', 'ca', 'cb']);
});

describe('a target', () => {
  const selectors = { leader: () => 'c', followers: () => ['a', 'b'], nobody: () => undefined };
  const targets: readonly [NodeTarget, string][] = [
    ['b', 'b'],
    [['a', 'c'], 'ac'],
    [{ label: 'zone', is: 'west' }, 'ab'],
    [{ select: 'leader' }, 'c'],
    [{ select: 'followers' }, 'ab'],
  ];
  test.each(targets)('%j is resolved, and recorded', async (target, names) => {
    const { lives, world } = await crashed(target, { selectors });
    expect(lives).toBe(names);
    expect(world.unmatchedTargets).toEqual([]);
    const recorded = world.faultsStarted[0] as { node: string | string[] };
    expect([recorded.node].flat().join('')).toBe(names);
    // What was recorded is a plan by itself: no selector is needed, and the run is the same.
    const again = await crashed(recorded.node);
    expect(again.world.digest()).toBe(world.digest());
  });

  const vain: NodeTarget[] = [[], { label: 'zone', is: 'north' }, { label: 'rack', is: 'west' }];
  test.each([...vain, { select: 'nobody' }])(
    '%j hits nobody, which is reported',
    async (target) => {
      const { lives, world } = await crashed(target, { selectors });
      expect([lives, world.unmatchedTargets]).toEqual(['', ['x']]);
      expect(world.faultsStarted[0]).toMatchObject({ node: [] });
    },
  );

  test('is chosen when the fault starts, by what is the case then', async () => {
    let leader = 'a';
    const chosen: string[] = [];
    const faults: FaultAction[] = [10, 30].map((atMs) => ({
      ...{ id: `x${atMs}`, kind: 'pause', atMs, untilMs: atMs + 5, node: { select: 'leader' } },
    }));
    const plan = { profile: 'steady', faults };
    const world = new World(1, { host: nodeHost(), plan, selectors: { leader: () => leader } });
    for (const id of ids) world.addNode(id, () => {});
    world.addNode('n', (env) => void env.setTimer(20, () => void (leader = 'b')));
    await world.run();
    for (const action of world.faultsStarted)
      chosen.push(...(action as unknown as { node: string[] }).node);
    expect(chosen).toEqual(['a', 'b']);
  });

  test('of messages is resolved in every field', async () => {
    const faults: FaultAction[] = [
      { id: 'f', kind: 'cut', atMs: 0, from: { select: 'leader' }, to: { label: 'zone', is: 'w' } },
      { id: 'b', kind: 'clog', atMs: 0, between: [{ select: 'leader' }, 'b'] },
    ];
    const plan = { profile: 'steady', faults };
    const world = new World(1, { host: nodeHost(), plan, selectors });
    for (const id of ids) world.addNode(id, () => {}, { labels: { zone: id === 'a' ? 'w' : 'e' } });
    await world.run();
    expect(world.faultsStarted).toEqual([
      { id: 'f', kind: 'cut', atMs: 0, from: ['c'], to: ['a'] },
      { id: 'b', kind: 'clog', atMs: 0, between: [['c'], 'b'] },
    ]);
  });

  test('that a crash point never reaches is reported', async () => {
    const point = { kind: 'crash-point', node: 'a', atMs: 0, downMs: 1 } as const;
    const faults: FaultAction[] = [
      { ...point, id: 'never', point: 'nowhere' },
      { ...point, id: 'late', call: 99 },
      { ...point, id: 'other life', life: 7, call: 1 },
    ];
    const world = new World(1, { host: nodeHost(), plan: { profile: 'steady', faults } });
    world.addNode('a', (env) => env.sleep(5));
    await world.run();
    expect(world.unmatchedTargets).toEqual(['never', 'late', 'other life']);
  });
});

describe('a refusal names entry and field', () => {
  const at = { id: 'f', atMs: 1 };
  const bad = (fields: object): FaultAction => ({ ...at, ...fields }) as unknown as FaultAction;
  const ppm = 1_000_001;
  const wrong: readonly [field: string, FaultAction, why: string][] = [
    ['ppm', bad({ kind: 'loss', ppm }), 'expected parts per million'],
    ['ppm', bad({ kind: 'loss', ppm: Number.NaN }), 'expected parts per million'],
    ['ppm', bad({ kind: 'loss', ppm: -1 }), 'expected parts per million'],
    ['burstPpm', bad({ kind: 'loss', ppm: 1, burstPpm: 0.5 }), 'expected parts per million'],
    ['ppm', bad({ kind: 'duplicate', ppm }), 'expected parts per million'],
    ['laterMs', bad({ kind: 'duplicate', ppm: 1, laterMs: [5, 4] }), 'expected least and most'],
    ['extraMs', bad({ kind: 'delay', extraMs: [-1, 4] }), 'expected least and most'],
    ['extraMs', bad({ kind: 'delay', extraMs: [1, Infinity] }), 'expected least and most'],
    ['ppm', bad({ kind: 'delay', extraMs: [1, 2], ppm }), 'expected parts per million'],
    ['windowMs', bad({ kind: 'reorder', windowMs: 0 }), 'expected whole ms from 1'],
    ['ppm', bad({ kind: 'corrupt', ppm }), 'expected parts per million'],
    ['flapMs', bad({ kind: 'partition', groups: [['a'], ['b']], flapMs: [0, 1] }), 'two times'],
    ['flapMs', bad({ kind: 'cut', flapMs: [1, Number.NaN] }), 'expected two times'],
    ['messages', bad({ kind: 'capacity', messages: 0 }), 'expected a whole number from 1'],
    ['bytesPerMs', bad({ kind: 'bandwidth', bytesPerMs: 0.5 }), 'expected a whole number'],
    ['call', bad({ kind: 'crash-point', node: 'a', downMs: 1 }), 'either a call or a point'],
    ['call', bad({ kind: 'crash-point', node: 'a', downMs: 1, call: 0 }), 'a whole number from 1'],
    ['nth', bad({ kind: 'crash-point', node: 'a', downMs: 1, point: 'p', nth: 0 }), 'from 1'],
    ['downMs', bad({ kind: 'crash-point', node: 'a', downMs: -1, call: 1 }), 'milliseconds'],
    ['stepMs', bad({ kind: 'slow', node: 'a', stepMs: [0.5, 1] }), 'expected least and most'],
    ['offsetMs', bad({ kind: 'clock', node: 'a', offsetMs: Number.NaN }), 'expected at most'],
    ['driftPpm', bad({ kind: 'clock', node: 'a', driftPpm: 500_001 }), 'a whole number of at most'],
    ['atMs', bad({ kind: 'pause', node: 'a', atMs: Number.NaN }), 'got NaN'],
    ['atMs', bad({ kind: 'pause', node: 'a', atMs: -1 }), 'got -1'],
    ['untilMs', bad({ kind: 'pause', node: 'a', untilMs: Infinity }), 'got Infinity'],
    ['untilMs', bad({ kind: 'pause', node: 'a', untilMs: 0.5 }), 'must be later than atMs'],
    ['node', bad({ kind: 'pause', node: ['a', 'z'] }), 'no node "z"; there are a, b, c'],
    ['from', bad({ kind: 'cut', from: 'z' }), 'no node "z"'],
    ['between[1]', bad({ kind: 'clog', between: ['a', 'z'] }), 'no node "z"'],
    ['node', bad({ kind: 'pause', node: { select: 'king' } }), 'selects no "king"; there are none'],
  ];
  test.each(wrong)('%s of %j', async (field, fault, why) => {
    const good: FaultAction = { id: 'good', kind: 'pause', node: 'a', atMs: 0 };
    const plan = { profile: 'steady', faults: [good, fault] };
    const world = new World(1, { host: nodeHost(), plan });
    for (const id of ids) world.addNode(id, () => {});
    const refusal = await world.run().catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(PlanError);
    expect((refusal as PlanError).message).toContain(`faults[1].${field} (f): `);
    expect((refusal as PlanError).message).toContain(why);
    // Nothing was begun.
    expect([world.events, world.faultsBegun]).toEqual([0, 0]);
  });
});
