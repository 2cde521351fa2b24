import { expect, test } from 'vitest';
import { lengthText, momentText, ticksOf } from './ticks.ts';
import { around, panned, SHORTEST_US, toUs, toX, wholeOf, within, zoomed } from './time-window.ts';

const bounds = wholeOf(1_000_000);

test('zooming keeps the moment where it is on the screen', () => {
  const window = { fromUs: 100, untilUs: 300 };
  for (const factor of [0.1, 0.5, 2, 7]) {
    const next = zoomed(window, factor, 150, bounds);
    expect(toX(150, next, 1000)).toBeCloseTo(250, 6);
  }
});

test('zooming ends at the whole run, and at a microsecond wider than a finger', () => {
  expect(zoomed(bounds, 100, 5000, bounds)).toEqual(bounds);
  const nearest = zoomed({ fromUs: 0, untilUs: 100 }, 1e-9, 50, bounds);
  expect(nearest.untilUs - nearest.fromUs).toBeCloseTo(SHORTEST_US, 6);
});

test('panning ends where the run ends, and changes no length', () => {
  const window = { fromUs: 0, untilUs: 1000 };
  for (const by of [-1e9, 1e9]) {
    const { fromUs, untilUs } = panned(window, by, bounds);
    expect(untilUs - fromUs).toBeCloseTo(1000, 6);
    expect(fromUs).toBeGreaterThanOrEqual(bounds.fromUs);
    expect(untilUs).toBeLessThanOrEqual(bounds.untilUs);
  }
});

test('a window around a moment lies within the run, one of no length is as short as can be', () => {
  expect(around(0, 100, bounds)).toEqual({ fromUs: -50, untilUs: 50 });
  const { fromUs, untilUs } = within({ fromUs: 70, untilUs: 70 }, bounds);
  expect(untilUs - fromUs).toBeCloseTo(SHORTEST_US, 6);
});

test('places and moments are each other', () => {
  const window = { fromUs: 13, untilUs: 1713 };
  for (const us of [13, 100, 1713]) expect(toUs(toX(us, window, 800), window, 800)).toBeCloseTo(us);
});

test('marks are 1, 2 or 5 times a power of ten apart, with room for their labels', () => {
  for (const length of [10, 73, 1234, 999_999, 60_000_000]) {
    const { stepUs, majors } = ticksOf({ fromUs: 0, untilUs: length }, 800, 100);
    expect(String(stepUs)).toMatch(/^[125]0*$/);
    expect(majors.length).toBeLessThanOrEqual(9);
    expect(majors.every((us) => us % stepUs === 0)).toBe(true);
  }
});

test('no mark lies before the run begins', () => {
  expect(ticksOf({ fromUs: -500, untilUs: 500 }, 800, 100).majors[0]).toBe(0);
});

test('moments have as many decimals as the marks need', () => {
  expect(momentText(1_250_000, 50_000)).toBe('1.25 s');
  expect(momentText(2_000_000, 1_000_000)).toBe('2 s');
  expect(momentText(1_250_013)).toBe('1.250\u202F013 s');
});

test('lengths are in the unit that people would use', () => {
  const texts = [13, 1250, 12_500, 812_000, 2_040_000].map(lengthText);
  expect(texts).toEqual(['13 µs', '1.25 ms', '12.5 ms', '812 ms', '2.04 s']);
});
