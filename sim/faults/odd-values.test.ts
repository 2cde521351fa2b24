/** Whoever writes plain JavaScript, or edits a plan by hand, can put anything into any field. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { faultKinds, PlanError, World, type FaultAction } from '../index.ts';

/** An entry of each kind with every field that it may have. */
const whole: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  loss: { ppm: 5000, burstPpm: 10, from: 'a', to: 'b', types: ['m'] },
  duplicate: { ppm: 5, laterMs: [0, 10], between: ['a', 'b'] },
  delay: { ppm: 5, extraMs: [1, 2] },
  reorder: { ppm: 5, windowMs: 5 },
  priorities: { windowMs: 5 },
  corrupt: { ppm: 5 },
  partition: { groups: [['a'], ['b']], flapMs: [1, 2] },
  cut: { from: 'a', flapMs: [1, 2] },
  clog: { to: 'b' },
  capacity: { messages: 3 },
  bandwidth: { bytesPerMs: 10 },
  crash: { node: 'a', wipe: true },
  'crash-point': { node: 'a', life: 1, call: 3, when: 'before', nth: 1, downMs: 5 },
  pause: { node: 'a' },
  slow: { node: 'a', stepMs: [1, 2] },
  limp: { node: 'a', factor: 3, of: ['cpu'] },
  'disk-slow': { node: 'a', extraMs: [1, 2] },
  'disk-error': { node: 'a', ppm: 4, ops: ['read'] },
  'disk-full': { node: 'a' },
  'bit-rot': { node: 'a', ppm: 4 },
  'misdirected-write': { node: 'a', ppm: 4 },
  'stale-read': { node: 'a', ppm: 4 },
  clock: { node: 'a', offsetMs: 4, driftPpm: 5, flapMs: [1, 2] },
  buggify: { points: ['x'] },
};

/** What no field can be. */
const nothing = [Number.NaN, Infinity, -Infinity, null, {}, [Number.NaN], [[]], [null], -0.5];
/** What none that takes a number can be; and none that takes two, or names. */
const noNumber = ['5', '', true, [5], 1e300];
const noList = [5, 'text', [2, 1, 3], [2, '3'], true];
/** Clocks may be wrong by fractions, either way; no number of calls is too many. */
const fine: Readonly<Record<string, readonly unknown[]>> = {
  offsetMs: [-0.5],
  life: [1e300],
  call: [1e300],
  nth: [1e300],
  messages: [1e300],
  bytesPerMs: [1e300],
};

function oddValues(field: string, usual: unknown): readonly unknown[] {
  const more = typeof usual === 'number' ? noNumber : Array.isArray(usual) ? noList : [];
  return [...nothing, ...more].filter((value) => fine[field]?.includes(value) !== true);
}

async function refusalOf(action: object): Promise<unknown> {
  const plan = { profile: 'lan', faults: [action as FaultAction] };
  const world = new World('odd', { host: nodeHost(), plan });
  for (const id of ['a', 'b']) world.addNode(id, () => {});
  return world.run({ untilMs: 100 }).catch((error: unknown) => error);
}

test('all kinds are there', () => {
  expect(Object.keys(whole)).toEqual(faultKinds);
});

describe.each(Object.entries(whole))('an entry of kind %s', (kind, fields) => {
  const entry = { id: 'x', atMs: 1, untilMs: 50, kind, ...fields };

  test('is taken as it should be', async () => {
    expect(await refusalOf(entry)).toBeUndefined();
  });

  test('is refused by the name of any field that makes no sense', async () => {
    for (const [field, usual] of Object.entries(entry)) {
      for (const odd of oddValues(field, usual)) {
        const refusal = await refusalOf({ ...entry, [field]: odd });
        expect(refusal, `${field}: ${String(odd)}`).toBeInstanceOf(PlanError);
        expect((refusal as PlanError).message).toContain(`faults[0].${field}`);
      }
    }
  });
});

test('a node that an entry names twice is hit once', async () => {
  const faults: FaultAction[] = [
    { id: 'c', kind: 'clock', atMs: 0, node: ['a', 'a'], offsetMs: 100 },
    { id: 'l', kind: 'limp', atMs: 0, node: ['a', 'a'], factor: 10, of: ['cpu'] },
  ];
  const plan = { faults, hardware: 'server' };
  const world = new World('twice', { host: nodeHost(), plan });
  let seen: readonly number[] = [];
  world.addNode('a', async (env) => {
    const from = env.now();
    await env.compute(1);
    seen = [from, env.now()];
  });
  await world.run();
  // A step takes 0.05 ms, what it asks for ten, and the step that follows 0.05.
  expect(seen).toEqual([100.05, 110.1]);
});
