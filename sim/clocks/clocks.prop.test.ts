import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { clockProfile, clockProfiles, World, type ClockProfile } from '../index.ts';
import type { Env, FaultAction } from '../index.ts';

const anyProfile: fc.Arbitrary<ClockProfile> = fc
  .record({
    driftPpm: fc.oneof(fc.constantFrom(0, 200), fc.nat(400_000)),
    syncEveryMs: fc.integer({ min: 1, max: 60_000 }),
    syncErrorUs: fc.nat(20_000),
    slackUs: fc.oneof(fc.constant(0), fc.nat(5000)),
  })
  .map(({ slackUs, ...profile }) => ({
    ...profile,
    name: 'any',
    description: 'any',
    boundUs:
      profile.syncErrorUs + Math.ceil((profile.syncEveryMs * profile.driftPpm) / 1000) + slackUs,
  }));

/** What a node reads at some instants, with the true time of each, in ms. */
interface Reading {
  readonly trueMs: number;
  readonly own: number;
  readonly earliest: number;
  readonly latest: number;
}

async function readings(
  seed: string,
  clock: ClockProfile,
  timesMs: readonly number[],
  faults: readonly FaultAction[] = [],
): Promise<Reading[]> {
  const world = new World(seed, { host: nodeHost(), plan: { faults } });
  const read: Reading[] = [];
  let look!: () => void;
  world.addNode(
    'n',
    (env) => {
      look = () => read.push({ trueMs: world.now(), own: env.now(), ...env.interval() });
    },
    { clock },
  );
  world.addNode('t', (env) => {
    for (const ms of timesMs) env.setTimer(ms, () => world.enter('t', 'n', look).then(() => {}));
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  return read;
}

const isBroken = ({ trueMs, earliest, latest }: Reading): boolean =>
  trueMs < earliest || trueMs > latest;

const anyTimes = fc.array(fc.integer({ min: 0, max: 300_000 }), { minLength: 1, maxLength: 20 });
const anySeed = fc.nat(1_000_000).map(String);

describe('the interval that a clock states', () => {
  test('holds the true time, whatever its profile, at any instant', async () => {
    await fc.assert(
      fc.asyncProperty(anySeed, anyProfile, anyTimes, async (seed, profile, times) => {
        const read = await readings(seed, profile, times);
        expect(read.filter(isBroken)).toEqual([]);
        for (const { own, earliest, latest } of read) {
          expect(own - earliest).toBeCloseTo(latest - own, 6);
          expect(latest - own).toBeLessThanOrEqual(profile.boundUs / 1000 + 1e-6);
        }
      }),
    );
  });

  test('still holds it under a fault that stays within what the bound leaves free', async () => {
    await fc.assert(
      fc.asyncProperty(anySeed, anyProfile, anyTimes, async (seed, profile, times) => {
        const wide = { ...profile, boundUs: profile.boundUs + 3000 };
        const fault: FaultAction = { id: 'c', kind: 'clock', atMs: 0, node: 'n', offsetMs: -3 };
        expect((await readings(seed, wide, times, [fault])).filter(isBroken)).toEqual([]);
      }),
    );
  });

  test('does not hold it under a fault that goes beyond the bound, at no instant', async () => {
    await fc.assert(
      fc.asyncProperty(anySeed, anyProfile, anyTimes, async (seed, profile, times) => {
        const offsetMs = (2 * profile.boundUs) / 1000 + 1;
        const fault: FaultAction = { id: 'c', kind: 'clock', atMs: 0, node: 'n', offsetMs };
        const read = await readings(seed, profile, times, [fault]);
        expect(read.filter(isBroken)).toEqual(read);
      }),
    );
  });

  test('is wrong sooner or later if the clock drifts more than it knows', async () => {
    const profile = clockProfiles.get('truetime')!;
    const fault: FaultAction = { id: 'c', kind: 'clock', atMs: 0, node: 'n', driftPpm: 5000 };
    const times = Array.from({ length: 100 }, (_, i) => i * 1000);
    const read = await readings('1', profile, times, [fault]);
    const broken = read.filter(isBroken);

    expect(broken.length).toBeGreaterThan(50);
    // Not just after the clock was synchronised.
    expect(broken.length).toBeLessThan(100);
  });

  test('grows until the clock is synchronised again', async () => {
    const profile = clockProfiles.get('truetime')!;
    const times = Array.from({ length: 600 }, (_, i) => i * 100);
    const widths = (await readings('1', profile, times)).map(({ own, latest }) => latest - own);

    expect(Math.min(...widths)).toBeLessThan(1.1);
    expect(Math.max(...widths)).toBeGreaterThan(6.9);
    expect(widths.filter((width, i) => i > 0 && width < widths[i - 1]! - 1e-6)).toHaveLength(2);
  });
});

test('machines do not ask for the time at the same moment', async () => {
  const world = new World('phases', { host: nodeHost(), plan: { clocks: 'truetime' } });
  const widths: number[] = [];
  for (let i = 0; i < 40; i++) {
    world.addNode(`n${i}`, async (env) => {
      await env.sleep(100_000);
      const { earliest, latest } = env.interval();
      widths.push((latest - earliest) / 2);
    });
  }
  await world.run();
  // From 1 to 7 ms, by when each was synchronised.
  const [least, most] = [Math.min(...widths), Math.max(...widths)];
  expect([least > 1, least < 2, most > 6, most < 7]).toEqual([true, true, true, true]);
});

test('a clock is not late for its timers because it is synchronised', async () => {
  const clock = clockProfile({ ...clockProfiles.get('truetime')!, driftPpm: 0 });
  const world = new World('1', { host: nodeHost() });
  const fired: number[] = [];
  world.addNode(
    'n',
    async (env) => {
      for (let i = 0; i < 4; i++) {
        await env.sleep(20_000);
        fired.push(world.now());
      }
    },
    { clock },
  );
  await world.run();

  expect(fired).toEqual([20_000, 40_000, 60_000, 80_000]);
});

test('a quartz that is wrong makes timers late or early by as much', async () => {
  const late: number[] = [];
  for (let seed = 0; seed < 30; seed++) {
    const world = new World(seed, { host: nodeHost(), plan: { clocks: 'truetime' } });
    world.addNode('n', (env) => void env.setTimer(100_000, () => void late.push(world.now())));
    await world.run();
  }

  expect(Math.max(...late.map((ms) => Math.abs(ms - 100_000)))).toBeLessThanOrEqual(20.001);
  expect(new Set(late).size).toBeGreaterThan(20);
});

describe('timestamps that wait until they are certainly past (commit wait, Spanner §4.1.2)', () => {
  /** One after the other, n0 to n4 take a timestamp; each as soon as the one before is done. */
  async function stamps(seed: string, waits: boolean, faults: FaultAction[]): Promise<number[]> {
    const world = new World(seed, { host: nodeHost(), plan: { clocks: 'truetime', faults } });
    const taken: number[] = [];
    const program = (env: Env): void =>
      env.serve({
        take: async () => {
          const stamp = env.interval().latest;
          const isPast = (): boolean => !waits || env.interval().earliest > stamp;
          while (!isPast()) await env.sleep(0.2);
          taken.push(stamp);
          return stamp;
        },
      });
    const ids = ['n0', 'n1', 'n2', 'n3', 'n4'];
    for (const id of ids) world.addNode(id, program);
    world.addNode('client', async (env) => {
      for (let i = 0; i < 20; i++) await env.call(ids[i % ids.length]!, 'take', {});
    });
    await world.run();
    expect(taken).toHaveLength(20);
    return taken;
  }
  const isInOrder = (taken: readonly number[]): boolean =>
    taken.every((stamp, i) => i === 0 || stamp > taken[i - 1]!);
  const seeds = Array.from({ length: 20 }, (_, i) => String(i));

  test('are in order', async () => {
    for (const seed of seeds) expect(isInOrder(await stamps(seed, true, []))).toBe(true);
  });

  test('are not without the wait', async () => {
    const inOrder = await Promise.all(seeds.map((seed) => stamps(seed, false, [])));
    expect(inOrder.filter(isInOrder).length).toBeLessThan(3);
  });

  test('are not with a clock beyond its bound', async () => {
    const fault: FaultAction = { id: 'c', kind: 'clock', atMs: 0, node: 'n2', offsetMs: -40 };
    for (const seed of seeds) expect(isInOrder(await stamps(seed, true, [fault]))).toBe(false);
  });
});

test.each([
  ['driftPpm', { driftPpm: -1 }],
  ['driftPpm', { driftPpm: 0.5 }],
  ['syncEveryMs', { syncEveryMs: 0 }],
  ['syncErrorUs', { syncErrorUs: -1 }],
  ['boundUs', { boundUs: 6999 }],
  ['boundUs', { boundUs: Number.NaN }],
])('a profile with an impossible %s is refused by that name: %o', (field, wrong) => {
  const define = (): ClockProfile => clockProfile({ ...clockProfiles.get('truetime')!, ...wrong });
  expect(define).toThrow(new RegExp(`^clock profile: ${field}: expected a whole number from`));
});

test('what has passed on a clock nothing sets, though it runs too fast', async () => {
  const faults: FaultAction[] = [
    { id: 's', kind: 'clock', atMs: 1000, node: 'n', offsetMs: -500 },
    { id: 'd', kind: 'clock', atMs: 2000, untilMs: 4000, node: 'n', driftPpm: 100_000 },
  ];
  const world = new World('1', { host: nodeHost(), plan: { clocks: 'ntp', faults } });
  const passed: number[] = [];
  world.addNode('n', async (env) => {
    for (;;) {
      passed.push(env.monotonic());
      await env.sleep(100);
    }
  });
  await world.run({ untilMs: 200_000 });

  // Timers elapse by it: a step is 100 ms of it, over three synchronisations, too.
  for (const [i, ms] of passed.slice(1).entries()) expect(ms - passed[i]!).toBeCloseTo(100, 2);
  expect(passed.at(-1)!).toBeGreaterThan(200_100);
});
