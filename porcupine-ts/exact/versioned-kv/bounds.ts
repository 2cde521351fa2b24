import { NEVER } from '../../history/timeline.ts';
import { FOUND_NO_KEY, REFUSED, SAW, UNREACHABLE, WROTE } from './claims.ts';
import { START } from './frontier.ts';
import { forEachWriter, NONE, type VersionTable } from './version-table.ts';

/**
 * For each version, what single operations prove about when it was created.
 *
 * Bounds are inherited: what was there after version w had been created was there after all before
 * it, and a version is never created before one below it. What refused puts prove is left out, as
 * far as they prove one thing *or* another.
 */
export interface Bounds {
  /** T_v is not before this gap; {@link NEVER}: there is no put that can have created v. */
  readonly earliest: Int32Array;
  /** The operation that was called then: a get that saw a lower version, or a creator. */
  readonly earliestBy: Int32Array;
  /** T_v is not after this gap; {@link NEVER}: nothing shows that v existed. */
  readonly latest: Int32Array;
  /**
   * The operation that returned then and had seen or written version v or a higher one; or which was
   * the last to return of the puts that may have written it, where it must have been written.
   */
  readonly latestBy: Int32Array;
}

/** Finds the bounds of all versions. */
export function boundVersions(table: VersionTable): Bounds {
  const rows = table.writer.length;
  const bounds: Bounds = {
    earliest: new Int32Array(rows).fill(START),
    earliestBy: new Int32Array(rows).fill(NONE),
    latest: new Int32Array(rows).fill(NEVER),
    latestBy: new Int32Array(rows).fill(NONE),
  };
  boundByClaims(table, bounds);
  boundByWriters(table, bounds);
  inherit(bounds);
  return bounds;
}

function boundByClaims({ part, claims }: VersionTable, bounds: Bounds): void {
  const { callAt, returnAt, operationCount } = part.timeline;
  const atLeast = (version: number, operation: number): void => {
    if (callAt[operation]! <= bounds.earliest[version]!) return;
    bounds.earliest[version] = callAt[operation]!;
    bounds.earliestBy[version] = operation;
  };
  const atMost = (version: number, operation: number): void => {
    if (returnAt[operation]! - 1 >= bounds.latest[version]!) return;
    bounds.latest[version] = returnAt[operation]! - 1;
    bounds.latestBy[version] = operation;
  };
  for (let operation = 0; operation < operationCount; operation++) {
    const claim = claims.claim[operation]!;
    const version = claims.version[operation]!;
    if (claim === SAW && version !== UNREACHABLE) {
      atLeast(version + 1, operation);
      atMost(version, operation);
    } else if (claim === WROTE && version !== UNREACHABLE) {
      atMost(version + 1, operation);
    } else if (claim === FOUND_NO_KEY) {
      atLeast(1, operation);
    } else if (claim === REFUSED && claims.flavour === 'strict') {
      atMost(1, operation);
    }
  }
}

/** A version was created between the first call and the last return of its possible creators. */
function boundByWriters(table: VersionTable, bounds: Bounds): void {
  const { callAt, returnAt } = table.part.timeline;
  const { earliest, earliestBy, latest, latestBy } = bounds;
  for (let version = 1; version < earliest.length; version++) {
    let first = NONE;
    let last = NONE;
    forEachWriter(table, version - 1, (put) => {
      if (first === NONE) first = put;
      if (last === NONE || returnAt[put]! > returnAt[last]!) last = put;
    });
    const call = first === NONE ? NEVER : callAt[first]!;
    if (call > earliest[version]!) {
      earliest[version] = call;
      earliestBy[version] = first;
    }
    if (last === NONE || version > table.required) continue;
    if (returnAt[last]! - 1 < latest[version]! && returnAt[last] !== NEVER) {
      latest[version] = returnAt[last]! - 1;
      latestBy[version] = last;
    }
  }
}

function inherit({ earliest, earliestBy, latest, latestBy }: Bounds): void {
  for (let version = 1; version < earliest.length; version++) {
    if (earliest[version - 1]! <= earliest[version]!) continue;
    earliest[version] = earliest[version - 1]!;
    earliestBy[version] = earliestBy[version - 1]!;
  }
  for (let version = latest.length - 2; version > 0; version--) {
    if (latest[version + 1]! >= latest[version]!) continue;
    latest[version] = latest[version + 1]!;
    latestBy[version] = latestBy[version + 1]!;
  }
}
