import { byName } from '../plan/by-name.ts';
import { PlanError } from '../plan/plan-error.ts';

/** A disk profile: how long an fsync takes and what a crash leaves of unsynced operations. */
export interface DiskProfile {
  readonly name: string;
  readonly description: string;
  /**
   * What becomes of operations that no fsync has made durable when their node crashes.
   * `durable`: there are none, each is durable at once. `lost`: all are gone. `torn`: those up to a
   * drawn one survive, and of that one whole blocks. `reordered`: each survives or not, whatever
   * became of those before it; see `survivorsOf`.
   */
  readonly unsynced: 'durable' | 'lost' | 'torn' | 'reordered';
  /** Time of an fsync, least and most, in µs. At least 1: it is never free. */
  readonly fsyncUs: readonly [lo: number, hi: number];
  /** A file is torn at multiples of this many bytes from its start; of a text, characters. */
  readonly blockBytes: number;
}

const LEFT: readonly DiskProfile['unsynced'][] = ['durable', 'lost', 'torn', 'reordered'];

/**
 * A profile of one's own, for the `diskProfile` of a node.
 * @throws PlanError naming the field that is out of range
 */
export function diskProfile(profile: DiskProfile): DiskProfile {
  const { unsynced, fsyncUs, blockBytes } = profile;
  if (!LEFT.includes(unsynced)) throw refused('unsynced', `one of ${LEFT.join(', ')}`, unsynced);
  const [lo, hi] = fsyncUs;
  const isRange = Number.isInteger(lo) && Number.isInteger(hi) && lo >= 1 && lo <= hi;
  if (!isRange || hi > 3_600_000_000) {
    throw refused('fsyncUs', 'least and most in whole µs from 1 to an hour', `${lo} and ${hi}`);
  }
  if (!Number.isSafeInteger(blockBytes) || blockBytes < 1) {
    throw refused('blockBytes', 'a whole number from 1', String(blockBytes));
  }
  return profile;
}

function refused(field: string, expected: string, got: string): PlanError {
  return new PlanError(`disk profile: ${field}: expected ${expected}, got ${got}`);
}

const PERFECT: DiskProfile = {
  name: 'perfect',
  description: "the labs' persister: everything is durable at once, fsync takes no time",
  unsynced: 'durable',
  fsyncUs: [1, 1],
  blockBytes: 512,
};

const LOSSY: DiskProfile = {
  ...PERFECT,
  name: 'lossy',
  description: 'a crash loses all that was not synced; fsync takes 0.2-2 ms',
  unsynced: 'lost',
  fsyncUs: [200, 2000],
};

const TORN: DiskProfile = {
  ...LOSSY,
  name: 'torn',
  description: 'a crash keeps a beginning of what was not synced, cut at a block of 512 bytes',
  unsynced: 'torn',
};

const TORN_4096: DiskProfile = {
  ...TORN,
  name: 'torn-4096',
  description: 'as torn, cut at a block of 4,096 bytes',
  blockBytes: 4096,
};

const REORDERED: DiskProfile = {
  ...LOSSY,
  name: 'reordered',
  description: 'a crash keeps any of the operations that were not synced, in no order',
  unsynced: 'reordered',
};

/** All disk profiles by name. */
export const diskProfiles: ReadonlyMap<string, DiskProfile> = new Map(
  [PERFECT, LOSSY, TORN, TORN_4096, REORDERED].map((profile) => [profile.name, profile]),
);

/** @throws PlanError naming the disk profiles there are */
export function diskProfileByName(name: string): DiskProfile {
  return byName('disk', diskProfiles, name);
}
