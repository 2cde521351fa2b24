import { NEVER } from '../../history/timeline.ts';
import { FOUND_NO_KEY, MAY_WRITE, REFUSED, SAW, UNREACHABLE, UNSURE } from './claims.ts';
import { START } from './frontier.ts';
import type { Frontiers, Sweep } from './sweep.ts';
import { forEachWriter, NONE, type VersionTable } from './version-table.ts';

/** When each version was created, and by which put. */
interface Creations {
  /** For each version its gap, from version 0, which was there at the start. */
  readonly gap: Int32Array;
  /** For each version the put; {@link NONE} for version 0. */
  readonly put: Int32Array;
}

/** Where the operations are put. */
interface Places {
  /** For each operation a gap in which it can have given its answer. */
  readonly gap: Int32Array;
  /**
   * 2 v for the put that created version v, 2 v + 1 for the others that took effect while the key
   * was at version v, {@link NONE} for those that are left out.
   */
  readonly rank: Int32Array;
}

/**
 * An order of the operations, from a sweep that is complete.
 *
 * Each operation gets a version during which it took effect and a gap of its own. The gap lies
 * between the creation of that version and of the next, so that the order by version, with the put
 * that created it first, and then by gap is also one by gap, and respects real time.
 */
export function linearize(table: VersionTable, sweep: Sweep): Int32Array {
  const { entries } = table.part.timeline;
  const creations = chooseCreations(table, sweep);
  const { gap, rank } = placeOperations(table, creations, entries.length);
  const placed = Int32Array.from(rank.keys()).filter((operation) => rank[operation] !== NONE);
  const byGap = countingSort(placed, gap, entries.length);
  return countingSort(byGap, rank, 2 * creations.put.length);
}

/** Goes back from the last version, each time to the earliest gap that allows the one chosen. */
function chooseCreations(table: VersionTable, sweep: Sweep): Creations {
  const { callAt, returnAt } = table.part.timeline;
  const gap = new Int32Array(sweep.version + 1).fill(START);
  const put = new Int32Array(sweep.version + 1).fill(NONE);
  let at = sweep.restingGap;
  for (let version = sweep.version; version > 0; version--) {
    gap[version] = at;
    forEachWriter(table, version - 1, (writer) => {
      if (callAt[writer]! <= at && at < returnAt[writer]!) put[version] = writer;
    });
    at = firstGapFrom(sweep.frontiers, version - 1, lastCallBefore(table, version - 1, at));
  }
  return { gap, put };
}

/** The last call of the refusals at `version` that returned before the next version came at `at`. */
function lastCallBefore(table: VersionTable, version: number, at: number): number {
  const { part, claims, firstPut, puts } = table;
  const { callAt, returnAt } = part.timeline;
  for (let index = firstPut[version + 1]! - 1; index >= firstPut[version]!; index--) {
    const put = puts[index]!;
    if (claims.claim[put] !== MAY_WRITE && returnAt[put]! <= at) return callAt[put]!;
  }
  return START;
}

function firstGapFrom({ first, lows, highs }: Frontiers, version: number, bound: number): number {
  let index = first[version]!;
  while (highs[index]! < bound) index++;
  return Math.max(lows[index]!, bound);
}

/** For each gap the last version that was created until then. */
function versionsByGap(creationGap: Int32Array, gaps: number): Int32Array {
  const versionAt = new Int32Array(gaps);
  let version = 0;
  for (let gap = 0; gap < gaps; gap++) {
    while (version + 1 < creationGap.length && creationGap[version + 1]! <= gap) version++;
    versionAt[gap] = version;
  }
  return versionAt;
}

function placeOperations(table: VersionTable, creations: Creations, gaps: number): Places {
  const { returnAt, operationCount } = table.part.timeline;
  const gap = new Int32Array(operationCount);
  const rank = new Int32Array(operationCount).fill(NONE);
  const versionAt = versionsByGap(creations.gap, gaps);
  for (let operation = 0; operation < operationCount; operation++) {
    if (returnAt[operation] === NEVER) continue;
    gap[operation] = gapOf(table, creations.gap, operation);
    rank[operation] = 2 * versionDuring(table, versionAt[gap[operation]!]!, operation) + 1;
  }
  for (let version = 1; version < creations.put.length; version++) {
    const put = creations.put[version]!;
    gap[put] = creations.gap[version]!;
    rank[put] = 2 * version;
  }
  return { gap, rank };
}

/** The earliest gap in which the operation can have given its answer. */
function gapOf({ part, claims }: VersionTable, creationGap: Int32Array, operation: number): number {
  const call = part.timeline.callAt[operation]!;
  const claim = claims.claim[operation]!;
  const version = claims.version[operation]!;
  if (claim === SAW) return Math.max(call, creationGap[version]!);
  if (claim !== REFUSED && claim !== UNSURE) return call;
  // In `versioned-kv`, ErrVersion says that the key existed.
  const first = claim === REFUSED && claims.flavour === 'strict' ? 1 : 0;
  const before = Math.max(call, creationGap[first]!);
  if (version === UNREACHABLE || version >= creationGap.length) return before;
  if (version > first && before <= creationGap[version]!) return before;
  return Math.max(call, creationGap[version + 1]!);
}

/** The version during which it does so, if `current` is the last one that was created until then. */
function versionDuring({ claims }: VersionTable, current: number, operation: number): number {
  const claim = claims.claim[operation]!;
  const version = claims.version[operation]!;
  if (claim === SAW) return version;
  if (claim === FOUND_NO_KEY) return 0;
  const isRefusal = claim === REFUSED || claim === UNSURE;
  // The version that it named may be created in the same gap, but after it.
  return isRefusal && current === version ? version - 1 : current;
}

/** The items by their keys, which are below `bound`; equal keys stay in order. */
function countingSort(items: Int32Array, keys: Int32Array, bound: number): Int32Array {
  const starts = new Int32Array(bound + 1);
  for (const item of items) starts[keys[item]! + 1]!++;
  for (let key = 1; key <= bound; key++) starts[key]! += starts[key - 1]!;
  const sorted = new Int32Array(items.length);
  for (const item of items) sorted[starts[keys[item]!]!++] = item;
  return sorted;
}
