import type { Axes, Axis } from './axes.ts';
import { unitAt } from './axes.ts';

/**
 * An instant for each operation of an order: within its interval, and one after the other. Each is
 * as early as those before it allow; those that fall between the same two events share what is
 * between them. Answers fractions of positions, ascending.
 */
export function instantsOf(order: Uint32Array, { callAt }: Axes): Float64Array {
  const gaps = new Int32Array(order.length);
  let gap = 0;
  for (let place = 0; place < order.length; place++) {
    gap = Math.max(gap, callAt[order[place] as number] as number);
    gaps[place] = gap;
  }
  const instants = new Float64Array(order.length);
  for (let place = 0; place < order.length;) {
    let end = place + 1;
    while (end < order.length && gaps[end] === gaps[place]) end++;
    for (let i = place; i < end; i++) {
      instants[i] = (gaps[i] as number) + (i - place + 1) / (end - place + 1);
    }
    place = end;
  }
  return instants;
}

/** Where the instants lie on an axis. */
export function pointsOn(axis: Axis, instants: Float64Array): Float64Array {
  return instants.map((position) => unitAt(axis, position));
}
