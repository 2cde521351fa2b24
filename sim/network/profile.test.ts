/** What the profiles promise, counted over many messages of one seed. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { profiles, World } from '../index.ts';

const SENT = 20_000;

interface Seen {
  /** One-way times of first copies, in ms, sorted. */
  readonly times: readonly number[];
  readonly lost: number;
  readonly twice: number;
  /** How often a message was lost and the one before was not, or the other way round. */
  readonly turns: number;
  /** How often two messages that follow each other took the same time. */
  readonly alike: number;
}

/** One-way messages between two nodes, or between two regions. */
async function seen(profile: string, regions: readonly (string | undefined)[] = []): Promise<Seen> {
  const world = new World('profiles', { host: nodeHost(), plan: { profile } });
  const first = new Map<number, number>();
  let twice = 0;
  const labels = (region: string | undefined): Record<string, string> =>
    region === undefined ? {} : { region };
  world.addNode(
    'b',
    (env) => {
      env.receive({
        m: ([i, sentMs]: [number, number]) => {
          if (first.has(i)) twice++;
          else first.set(i, Math.round((env.now() - sentMs) * 1000) / 1000);
        },
      });
    },
    { isSynchronous: true, labels: labels(regions[1]) },
  );
  world.addNode(
    'a',
    (env) => {
      let i = 0;
      const tick = (): void => {
        env.send('b', 'm', [i++, env.now()]);
        if (i < SENT) env.setTimer(1, tick);
      };
      tick();
    },
    { isSynchronous: true, labels: labels(regions[0]) },
  );
  await world.run();
  expect(world.failure).toBeUndefined();
  const times = [...first.values()].toSorted((a, b) => a - b);
  const inOrder = Array.from({ length: SENT }, (_, i) => first.get(i));
  const pairs = inOrder.slice(1).map((time, i) => [inOrder[i], time] as const);
  const turns = pairs.filter(([a, b]) => (a === undefined) !== (b === undefined)).length;
  const alike = pairs.filter(([a, b]) => a !== undefined && a === b).length;
  return { times, lost: SENT - times.length, twice, turns, alike };
}

const mean = (times: readonly number[]): number => times.reduce((a, b) => a + b, 0) / times.length;

/** Within four standard deviations. */
function expectShare(count: number, share: number): void {
  const deviation = Math.sqrt(SENT * share * (1 - share));
  expect(Math.abs(count - SENT * share)).toBeLessThanOrEqual(4 * deviation);
}

function expectUniform(times: readonly number[], lo: number, hi: number): void {
  expect([times[0]! >= lo, times.at(-1)! <= hi]).toEqual([true, true]);
  expect([times[0]! < lo + (hi - lo) / 500, times.at(-1)! > hi - (hi - lo) / 500]).toEqual([
    true,
    true,
  ]);
  expect(Math.abs(mean(times) - (lo + hi) / 2)).toBeLessThan((hi - lo) / 100);
}

describe('one way', () => {
  test.each(['steady', 'lab-steady'])('%s takes 0.5 ms, always', async (profile) => {
    const { times, lost, twice } = await seen(profile);
    expect([new Set(times), lost, twice]).toEqual([new Set([0.5]), 0, 0]);
  });

  test.each([
    ['madsim', 1, 10],
    ['lab-reliable', 0.1, 1],
  ])('%s takes %d to %d ms, and loses nothing', async (profile, lo, hi) => {
    const { times, lost, twice } = await seen(profile);
    expect([lost, twice]).toEqual([0, 0]);
    expectUniform(times, lo, hi);
  });

  test('lab-unreliable takes up to 27 ms, and loses one in ten', async () => {
    const { times, lost } = await seen('lab-unreliable');
    expectShare(lost, 0.1);
    expect(Math.abs(mean(times) - 13.55)).toBeLessThan(0.27);
    expect([times[0]! >= 0.1, times.at(-1)! <= 27]).toEqual([true, true]);
  });

  test('lan takes 0.1 to 0.8 ms, but for one in a thousand', async () => {
    const { times, lost } = await seen('lan');
    const tail = times.filter((ms) => ms > 0.8);
    expectShare(tail.length, 0.001);
    expectUniform(
      times.filter((ms) => ms <= 0.8),
      0.1,
      0.8,
    );
    expect([tail.at(-1)! <= 100, tail.at(-1)! > 50, lost <= 2]).toEqual([true, true, true]);
  });

  test('vopr takes 10 ms and an exponential time, loses and repeats one in ten', async () => {
    const { times, lost, twice } = await seen('vopr');
    expectShare(lost, 0.1);
    // What is lost is not seen twice.
    expectShare(twice, 0.09);
    expect(times[0]).toBeGreaterThanOrEqual(10);
    expect(Math.abs(mean(times) - 50)).toBeLessThan(1.3);
    const share = times.filter((ms) => ms > 10 + 3 * 40).length / times.length;
    expect(Math.abs(share - Math.exp(-3))).toBeLessThan(0.007);
  });

  test('jepsen takes 40-60 ms, and loses and repeats one in five, in bursts', async () => {
    const { times, lost, twice, turns, alike } = await seen('jepsen');
    expectUniform(times, 40, 60);
    // Fates that come in bursts vary more: within a few percent of what they are on average.
    expect(Math.abs(lost / SENT - 0.2)).toBeLessThan(0.02);
    expect(Math.abs(twice / SENT - 0.16)).toBeLessThan(0.02);
    // One in four is drawn by itself, and then differs from the one before with 2 x 0.2 x 0.8.
    expect(Math.abs(turns / SENT - 0.08)).toBeLessThan(0.01);
    expect(Math.abs(alike / SENT - 0.25 * (0.8 - 0.04))).toBeLessThan(0.02);
  });

  test.each([
    [undefined, undefined, 0],
    ['us', 'us', 0],
    ['us', 'eu', 45],
    ['eu', undefined, 45],
    ['ap', 'us', 85],
    ['ap', 'eu', 110],
    ['eu', 'ap', 110],
  ])('wan from %s to %s takes %d ms more, and loses one in a thousand', async (a, b, ms) => {
    const { times, lost } = await seen('wan', [a, b]);
    const usual = times.filter((took) => took <= ms + 5);
    expectUniform(usual, ms + 0.3, ms + 5);
    expectShare(times.length - usual.length, 0.001);
    expectShare(lost, 0.001);
  });
});

test('every profile has a steady one of its style, in which messages take one time', () => {
  for (const { name, style, steady } of profiles.values()) {
    const { latencyUs, tailPpm, meanExtraUs, ...rest } = profiles.get(steady)!;
    expect([name, rest.style]).toEqual([name, style]);
    expect([latencyUs[0], tailPpm, meanExtraUs]).toEqual([latencyUs[1], 0, 0]);
    expect(rest).toMatchObject({
      requestLossPpm: 0,
      replyLossPpm: 0,
      duplicatePpm: 0,
      longReplyPpm: 0,
    });
  }
});
