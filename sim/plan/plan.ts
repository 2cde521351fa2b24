import type { FaultAction } from '../faults/kinds.ts';
import type { MessageOverride } from '../network/override.ts';

/** How events at one instant are ordered: as scheduled, or by a draw. */
export type Ties = 'fifo' | 'random';

/** The part of a plan that the world itself executes. */
export interface WorldPlan {
  /** Names the streams that answer what the plan does not list. */
  readonly streamSeed: string;
  /** Name of the network profile at the start. */
  readonly profile: string;
  /** Name of the profile of all disks. */
  readonly disk: string;
  /** Name of the profile of all clocks. */
  readonly clocks: string;
  /** Name of the hardware profile of all nodes that name none. */
  readonly hardware: string;
  readonly ties: Ties;
  readonly faults: readonly FaultAction[];
  readonly overrides: readonly MessageOverride[];
}

/** A plan in which nothing goes wrong. */
export function quietPlan(streamSeed: string): WorldPlan {
  return {
    streamSeed,
    profile: 'lab-reliable',
    disk: 'perfect',
    clocks: 'perfect',
    hardware: 'ideal',
    ties: 'fifo',
    faults: [],
    overrides: [],
  };
}
