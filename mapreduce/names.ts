import type { MapOutput } from './contract.ts';

/** File of the output of a reduce task, as in the lab. */
export function outputName(reduce: number): string {
  return `mr-out-${reduce}`;
}

/** File of what a map attempt has for a reduce task: attempts never share one. */
export function intermediateName(
  map: number,
  attempt: MapOutput['attempt'],
  reduce: number,
): string {
  return `mr-${map}-${reduce}.${attempt}`;
}

/** File of an attempt at a reduce task, until it is whole. */
export function temporaryName(reduce: number, attempt: number): string {
  return `mr-tmp-${reduce}.${attempt}`;
}
