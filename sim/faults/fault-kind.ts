import type { DiskStore } from '../disk/disk-store.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Network } from '../network/network.ts';
import type { Machine } from '../node/machine.ts';
import type { Streams } from '../random/streams.ts';
import type { Buggify } from './buggify.ts';

/** What every fault action of a plan has. Kinds add their own fields. */
export interface FaultBase {
  /** Names the action and its streams (`fault/<id>/...`). Never renumbered. */
  readonly id: string;
  /** When it starts, in ms of virtual time. */
  readonly atMs: number;
  /** When it ends; absent = it lasts until the world is healed. */
  readonly untilMs?: number | undefined;
}

/** What a fault can do to the world. */
export interface FaultSite {
  readonly kernel: Kernel;
  readonly network: Network;
  readonly streams: Streams;
  readonly buggify: Buggify;
  machine(id: string): Machine;
  /** Is this a node that no fault may hit? */
  isImmune(id: string): boolean;
  /** The disk of a node. */
  disk(id: string): DiskStore;
  /** Crash a node, if it is up, and keep it down. */
  holdDown(id: string): void;
  /** Start it again, unless another fault holds it down. */
  letUp(id: string): void;
  /** An action that waited for something has met it. */
  matched(actionId: string): void;
}

/** What is wrong with an action, and in which field. */
export interface Problem {
  readonly field: string;
  readonly why: string;
}

/** Ends a fault that was begun. */
export type Lift = () => void;

/** One kind of fault: a file of this folder. */
export interface FaultKind<A extends FaultBase> {
  /** It waits for something that may never come, and is reported if it did not. */
  readonly isAwaited?: boolean;
  /** What is wrong with an action beyond its targets and times, if anything. */
  problem?(action: A): Problem | undefined;
  /** For a trace and a table: `crash s0`. */
  describe(action: A): string;
  /** Begin. All targets are concrete by now: read them with `nodesOf`. */
  start(site: FaultSite, action: A): Lift;
}

/** A number of parts per million. */
export function ppmProblem(field: string, ppm: number | undefined): Problem | undefined {
  if (ppm === undefined) return undefined;
  if (Number.isInteger(ppm) && ppm >= 0 && ppm <= 1_000_000) return undefined;
  return { field, why: `expected parts per million, a whole number up to 1000000, got ${ppm}` };
}

/** Least and most, in whole ms. */
export function rangeProblem(
  field: string,
  range: readonly [number, number] | undefined,
): Problem | undefined {
  if (range === undefined) return undefined;
  const isPair = Array.isArray(range) && range.length === 2;
  const [lo, hi] = isPair ? range : [Number.NaN, Number.NaN];
  const isWhole = Number.isInteger(lo) && Number.isInteger(hi);
  if (isWhole && lo >= 0 && lo <= hi && hi <= 3_600_000) return undefined;
  return { field, why: `expected least and most in whole ms, up to 3600000, got ${told(range)}` };
}

/** A list of names, `least` or more, out of `known` if only those make sense. */
export function namesProblem(
  field: string,
  names: readonly string[] | undefined,
  known?: readonly string[],
  least: number = 0,
): Problem | undefined {
  if (names === undefined) return undefined;
  const isName = (name: unknown): boolean =>
    typeof name === 'string' && known?.includes(name) !== false;
  if (Array.isArray(names) && names.length >= least && names.every(isName)) return undefined;
  return { field, why: `expected some of ${known?.join(', ') ?? 'names'}, got ${told(names)}` };
}

/** Absent, or true or false. */
export function flagProblem(field: string, flag: boolean | undefined): Problem | undefined {
  if (flag === undefined || typeof flag === 'boolean') return undefined;
  return { field, why: `expected true or false, got ${told(flag)}` };
}

/** A value that may be anything, as an error tells it. */
export function told(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(told).join(', ')}]`;
  if (typeof value === 'object' || typeof value === 'string') return JSON.stringify(value);
  return String(value);
}
