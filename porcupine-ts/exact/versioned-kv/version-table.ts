import { NEVER } from '../../history/timeline.ts';
import type { VersionedGetOutput } from '../../models/versioned-kv-operation.ts';
import {
  type Claims,
  FOUND_NO_KEY,
  IMPOSSIBLE,
  MAY_WRITE,
  REFUSED,
  SAW,
  UNREACHABLE,
  UNSURE,
  type VersionedKvPart,
  WROTE,
} from './claims.ts';
import { START } from './frontier.ts';
import type { Spans } from './spans.ts';

/** No operation. */
export const NONE: number = -1;

/**
 * The claims about one key by version. Versions that the key cannot come to have no row, so that the
 * table is as long as the part, whatever numbers are in it.
 */
export interface VersionTable {
  readonly part: VersionedKvPart;
  readonly claims: Claims;
  /** The highest version that must have existed. */
  readonly required: number;
  /** For each version v the put at v that answered OK, or {@link NONE}. */
  readonly writer: Int32Array;
  /** For each version the first get, by call, that saw it, or {@link NONE}. */
  readonly reader: Int32Array;
  /** For each version, see `VersionSummary`. */
  readonly seenBy: Int32Array;
  readonly keptUntil: Int32Array;
  readonly leftBy: Int32Array;
  /** The other puts at v, by call, are `puts[firstPut[v]]` to `puts[firstPut[v + 1] - 1]`. */
  readonly firstPut: Int32Array;
  readonly puts: Int32Array;
}

/**
 * Two operations that cannot both be right, whatever the order is; or one, twice, that cannot be
 * right by itself: an answer impossible in every state, or a version that no history can come to.
 */
export interface Contradiction {
  readonly earlier: number;
  readonly later: number;
}

type Draft = { -readonly [K in keyof VersionTable]: VersionTable[K] };

/** Builds the table; or answers the first contradiction, by call, if there is one. */
export function buildVersionTable(
  part: VersionedKvPart,
  claims: Claims,
): VersionTable | Contradiction {
  const { operationCount, entries } = part.timeline;
  // One more than can be reached, which nobody saw.
  const rows = operationCount + 2;
  const table: Draft = {
    part,
    claims,
    required: 0,
    writer: new Int32Array(rows).fill(NONE),
    reader: new Int32Array(rows).fill(NONE),
    seenBy: new Int32Array(rows).fill(NEVER),
    keptUntil: new Int32Array(rows).fill(START),
    leftBy: new Int32Array(rows).fill(NEVER),
    ...groupPuts(part, claims),
  };
  for (const entry of entries) {
    if (entry >= operationCount) continue;
    const other = take(table, entry);
    if (other !== NONE) return { earlier: other, later: entry };
  }
  return table;
}

/** Enters one operation; answers the operation that it contradicts, or {@link NONE}. */
function take(table: Draft, operation: number): number {
  const { part, claims, writer, reader, seenBy, keptUntil, leftBy } = table;
  const claim = claims.claim[operation]!;
  const version = claims.version[operation]!;
  const call = part.timeline.callAt[operation]!;
  const last = part.timeline.returnAt[operation]! - 1;
  if (claim === SAW) {
    if (version === UNREACHABLE) return operation;
    if (last < seenBy[version]!) seenBy[version] = last;
    if (call > keptUntil[version]!) keptUntil[version] = call;
    if (version > table.required) table.required = version;
    const value = valueRead(part, operation);
    const put = version === 0 ? NONE : writer[version - 1]!;
    if (put !== NONE && valueWritten(part, put) !== value) return put;
    if (reader[version] === NONE) reader[version] = operation;
    else if (valueRead(part, reader[version]!) !== value) return reader[version]!;
  } else if (claim === WROTE) {
    if (version === UNREACHABLE) return operation;
    if (writer[version] !== NONE) return writer[version]!;
    const get = reader[version + 1]!;
    if (get !== NONE && valueRead(part, get) !== valueWritten(part, operation)) return get;
    writer[version] = operation;
    if (version >= table.required) table.required = version + 1;
  } else if (claim === REFUSED && claims.flavour === 'strict') {
    // It saw that the key existed and, since version 1 is the first, that 1 was no longer there.
    if (last < leftBy[0]!) leftBy[0] = last;
    if (version === 1 && last < leftBy[1]!) leftBy[1] = last;
    table.required = Math.max(table.required, version === 1 ? 2 : 1);
  } else if (claim === FOUND_NO_KEY) {
    if (call > keptUntil[0]!) keptUntil[0] = call;
  } else if (claim === IMPOSSIBLE) {
    return operation;
  }
  return NONE;
}

/** Groups the puts that are not known to have had an effect, by version and then by call. */
function groupPuts(
  { timeline: { entries, operationCount } }: VersionedKvPart,
  { claim, version }: Claims,
): Pick<VersionTable, 'firstPut' | 'puts'> {
  const isGrouped = (operation: number): boolean => {
    const claimed = claim[operation]!;
    const ineffective = claimed === REFUSED || claimed === UNSURE || claimed === MAY_WRITE;
    return ineffective && version[operation] !== UNREACHABLE;
  };
  const firstPut = new Int32Array(operationCount + 3);
  let count = 0;
  for (let operation = 0; operation < operationCount; operation++) {
    if (!isGrouped(operation)) continue;
    firstPut[version[operation]! + 2]!++;
    count++;
  }
  for (let row = 2; row < firstPut.length; row++) firstPut[row]! += firstPut[row - 1]!;
  const puts = new Int32Array(count);
  // Filling moves each start to the next one's place: hence the counts two rows ahead.
  for (const entry of entries) {
    if (entry < operationCount && isGrouped(entry)) puts[firstPut[version[entry]! + 1]!++] = entry;
  }
  return { firstPut, puts };
}

/** Adds the puts one of which created `version + 1`, if anything did; see `VersionSummary`. */
export function addWriters(table: VersionTable, version: number, writers: Spans): void {
  const { callAt, returnAt } = table.part.timeline;
  forEachWriter(table, version, (put) => writers.push(callAt[put]!, returnAt[put]! - 1));
}

/** Goes through those puts, by call. */
export function forEachWriter(
  { part, claims, writer, reader, firstPut, puts }: VersionTable,
  version: number,
  visit: (put: number) => void,
): void {
  if (writer[version] !== NONE) {
    visit(writer[version]!);
    return;
  }
  const get = reader[version + 1]!;
  for (let at = firstPut[version]!; at < firstPut[version + 1]!; at++) {
    const put = puts[at]!;
    if (claims.claim[put] === REFUSED) continue;
    if (get === NONE || valueRead(part, get) === valueWritten(part, put)) visit(put);
  }
}

/** Adds the returned puts at `version` that may have had no effect; see `VersionSummary`. */
export function addRefusals(
  { part, claims, firstPut, puts }: VersionTable,
  version: number,
  refusals: Spans,
): void {
  const { callAt, returnAt } = part.timeline;
  for (let at = firstPut[version]!; at < firstPut[version + 1]!; at++) {
    const put = puts[at]!;
    if (claims.claim[put] !== MAY_WRITE) refusals.push(callAt[put]!, returnAt[put]! - 1);
  }
}

/** The value that a get with an answer read. */
export function valueRead({ operations }: VersionedKvPart, get: number): string {
  return (operations[get]!.output as VersionedGetOutput).value;
}

/** The value that a put would write. */
export function valueWritten({ operations }: VersionedKvPart, put: number): string {
  const { input } = operations[put]!;
  return input.op === 'put' ? input.value : '';
}
