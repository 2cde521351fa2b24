/** How often faults hit that have a probability: counted over many messages of one seed. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type FaultAction } from '../index.ts';

const SENT = 20_000;

/** For each message the delays in ms with which it arrived. */
async function arrivals(fault: FaultAction | undefined): Promise<number[][]> {
  const plan = { profile: 'steady', faults: fault === undefined ? [] : [fault] };
  const world = new World('chances', { host: nodeHost(), plan });
  const arrived: number[][] = Array.from({ length: SENT }, () => []);
  const isSynchronous = true;
  const take = (env: { now(): number }) => (i: number) => void arrived[i]?.push(env.now() - i);
  world.addNode('b', (env) => env.receive({ m: take(env) }), { isSynchronous, takesDamaged: true });
  world.addNode(
    'a',
    (env) => {
      let i = 0;
      const tick = (): void => {
        env.send('b', 'm', i++);
        if (i < SENT) env.setTimer(1, tick);
      };
      tick();
    },
    { isSynchronous },
  );
  await world.run();
  expect(world.failure).toBeUndefined();
  return arrived;
}

const at = { id: 'f', atMs: 0 };

/** Within four standard deviations of `SENT` draws. */
function expectShare(count: number, share: number): void {
  const deviation = Math.sqrt(SENT * share * (1 - share));
  expect(Math.abs(count - SENT * share)).toBeLessThanOrEqual(4 * deviation);
}

describe('the share of messages that are hit', () => {
  test('is nothing without a fault', async () => {
    expect((await arrivals(undefined)).filter((times) => times.length !== 1)).toEqual([]);
  });

  test.each([0, 1000, 250_000, 1_000_000])('loses %d ppm', async (ppm) => {
    const lost = (await arrivals({ ...at, kind: 'loss', ppm })).filter(
      ({ length }) => length === 0,
    );
    expectShare(lost.length, ppm / 1_000_000);
  });

  test('duplicates as many, each within its range', async () => {
    const arrived = await arrivals({ ...at, kind: 'duplicate', ppm: 100_000, laterMs: [2, 4] });
    const twice = arrived.filter(({ length }) => length === 2);
    expectShare(twice.length, 0.1);
    const later = new Set(twice.map(([first, second]) => Math.round(second! - first!)));
    expect(later).toEqual(new Set([2, 3, 4]));
  });

  test('delays as many, over the whole range', async () => {
    const arrived = await arrivals({ ...at, kind: 'delay', ppm: 300_000, extraMs: [10, 19] });
    const late = arrived.map(([ms]) => ms!).filter((ms) => ms > 1);
    expectShare(late.length, 0.3);
    for (let ms = 10; ms <= 19; ms++) {
      expectShare(late.filter((took) => Math.floor(took) === ms).length, 0.03);
    }
  });

  test('damages as many', async () => {
    // A damaged number arrives under another one's name.
    const arrived = await arrivals({ ...at, kind: 'corrupt', ppm: 50_000 });
    expectShare(arrived.filter(({ length }) => length === 0).length, 0.05 * 0.95);
  });
});

describe('losses in bursts', () => {
  const runs = (arrived: readonly number[][]): number[] => {
    const lengths: number[] = [];
    let length = 0;
    for (const times of arrived) {
      if (times.length === 0) length++;
      else if (length > 0) {
        lengths.push(length);
        length = 0;
      }
    }
    return lengths;
  };
  const mean = (numbers: readonly number[]): number =>
    numbers.reduce((a, b) => a + b, 0) / numbers.length;

  test('are as frequent as single ones, and come together', async () => {
    const alone = await arrivals({ ...at, kind: 'loss', ppm: 200_000 });
    const together = await arrivals({ ...at, kind: 'loss', ppm: 200_000, burstPpm: 750_000 });
    const lost = together.filter(({ length }) => length === 0).length;
    // Neighbours depend on each other: seven times the variance.
    expect(Math.abs(lost - 4000)).toBeLessThan(4 * Math.sqrt(7 * 3200));
    // A loss ends with probability 0.8, or 0.25 * 0.8.
    expect(mean(runs(alone))).toBeCloseTo(1.25, 1);
    expect(mean(runs(together))).toBeGreaterThan(4.5);
    expect(mean(runs(together))).toBeLessThan(5.5);
  });
});
