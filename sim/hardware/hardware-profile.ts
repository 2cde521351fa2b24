import { byName } from '../plan/by-name.ts';
import { PlanError } from '../plan/plan-error.ts';

/** A hardware profile: how fast the parts of a machine work, in whole numbers. */
export interface HardwareProfile {
  readonly name: string;
  readonly description: string;
  /** Pieces of work that its CPU does at a time. */
  readonly cores: number;
  /** CPU time of each step of the node's code, in µs. */
  readonly stepUs: number;
  /** What its disk writes, in bytes per ms (of a text, characters). */
  readonly diskBytesPerMs: number;
  /** Time of an access to the disk before the first byte, in µs. */
  readonly diskAccessUs: number;
  /** What its network card sends, in bytes per ms. */
  readonly nicOutBytesPerMs: number;
  /** What it receives meanwhile. */
  readonly nicInBytesPerMs: number;
}

/** No machine at all: everything is done at once, and nothing waits. */
export const IDEAL: HardwareProfile = {
  name: 'ideal',
  description: 'off: steps, disks and network cards take no time, and nothing queues up',
  cores: Infinity,
  stepUs: 0,
  diskBytesPerMs: Infinity,
  diskAccessUs: 0,
  nicOutBytesPerMs: Infinity,
  nicInBytesPerMs: Infinity,
};

const SERVER: HardwareProfile = {
  name: 'server',
  description: '4 cores, 5 µs a step; SSD of 500 MB/s, 0.1 ms an access; 1 Gbit/s each way',
  cores: 4,
  stepUs: 5,
  diskBytesPerMs: 500_000,
  diskAccessUs: 100,
  nicOutBytesPerMs: 125_000,
  nicInBytesPerMs: 125_000,
};

/** The machines of the MapReduce paper, §5.1: two 2 GHz Xeons, IDE disks, gigabit Ethernet. */
const CLUSTER_2004: HardwareProfile = {
  name: 'cluster-2004',
  description: '2 slow cores, 25 µs a step; IDE disk of 40 MB/s, 9 ms an access; 1 Gbit/s each way',
  cores: 2,
  stepUs: 25,
  diskBytesPerMs: 40_000,
  diskAccessUs: 9000,
  nicOutBytesPerMs: 125_000,
  nicInBytesPerMs: 125_000,
};

/** All hardware profiles by name. */
export const hardwareProfiles: ReadonlyMap<string, HardwareProfile> = new Map(
  [IDEAL, SERVER, CLUSTER_2004].map((profile) => [profile.name, profile]),
);

/** @throws PlanError naming the hardware profiles there are */
export function hardwareByName(name: string): HardwareProfile {
  return byName('hardware', hardwareProfiles, name);
}

/** A profile of somebody's own, or one by its name. Undefined for {@link IDEAL}: nothing to do. */
export function hardwareOf(choice: string | HardwareProfile): HardwareProfile | undefined {
  const profile = typeof choice === 'string' ? hardwareByName(choice) : choice;
  if (profile === IDEAL) return undefined;
  checkHardware(profile);
  return profile;
}

const LEAST = {
  cores: 1,
  stepUs: 0,
  diskBytesPerMs: 1,
  diskAccessUs: 0,
  nicOutBytesPerMs: 1,
  nicInBytesPerMs: 1,
} as const;

/** Cores are gone through one by one; times and rates must leave sums exact. */
const MOST = 1_000_000_000;
const MOST_CORES = 1024;

/** @throws PlanError naming the field that no machine can have */
function checkHardware(profile: HardwareProfile): void {
  for (const [field, least] of Object.entries(LEAST)) {
    const value = profile[field as keyof typeof LEAST];
    const most = field === 'cores' ? MOST_CORES : MOST;
    if (Number.isInteger(value) && value >= least && value <= most) continue;
    throw new PlanError(
      `hardware ${profile.name}: ${field}: ` +
        `expected a whole number from ${least} to ${most}, got ${value}`,
    );
  }
}
