import { avalanche } from './bits.ts';

/**
 * A number in 0 .. 2^32 - 1 that depends on a draw and on what it is for, and on nothing else: for
 * decisions that must come out the same however often, and in whatever order, they are asked for.
 */
export function derive(draw: number, ...what: readonly number[]): number {
  let h = draw;
  for (const word of what) h = avalanche(Math.imul(h ^ word, 0x9e3779b1));
  return h >>> 0;
}
