import type { TimeWindow } from './time-window.ts';

/** The marks of a time axis. */
export interface Ticks {
  /** From one labelled mark to the next, in µs: 1, 2 or 5 times a power of ten. */
  readonly stepUs: number;
  readonly majors: readonly number[];
  /** Unlabelled ones between them. */
  readonly minors: readonly number[];
}

/** Marks for a window, so that labels have so many pixels at least. */
export function ticksOf(window: TimeWindow, width: number, labelPx: number): Ticks {
  const { fromUs, untilUs } = window;
  const stepUs = niceStep(((untilUs - fromUs) * labelPx) / Math.max(1, width));
  const minorUs = Math.max(1, stepUs / 5);
  const majors: number[] = [];
  const minors: number[] = [];
  for (let n = Math.ceil(fromUs / minorUs); n * minorUs <= untilUs; n++) {
    const us = Math.round(n * minorUs);
    if (us < 0) continue;
    (us % stepUs === 0 ? majors : minors).push(us);
  }
  return { stepUs, majors, minors };
}

/** The least of 1, 2, 5, 10, 20, ... that is no less. */
export function niceStep(least: number): number {
  for (let power = 1; ; power *= 10) {
    for (const digit of [1, 2, 5]) if (digit * power >= least) return digit * power;
  }
}

/** No-break, and narrow: between groups of digits. */
const THIN = '\u202F';

/**
 * A moment in seconds, with as many decimals as a step between moments needs: `1.25 s`,
 * `1.250 013 s`.
 */
export function momentText(us: number, stepUs: number = 1): string {
  let decimals = 6;
  for (let unit = 10; decimals > 0 && stepUs % unit === 0; unit *= 10) decimals--;
  const text = (us / 1_000_000).toFixed(decimals);
  const [whole = '', fraction = ''] = text.split('.');
  if (fraction === '') return `${whole} s`;
  return `${whole}.${(fraction.match(/.{1,3}/g) ?? []).join(THIN)} s`;
}

/** How long something took: `13 µs`, `1.25 ms`, `812 ms`, `2.04 s`. */
export function lengthText(us: number): string {
  if (us < 1000) return `${Math.round(us)} µs`;
  if (us < 1_000_000) return `${short(us / 1000)} ms`;
  return `${short(us / 1_000_000)} s`;
}

function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
