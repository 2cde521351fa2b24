import type { Part } from '../../history/partition.ts';
import type {
  VersionedGetOutput,
  VersionedKvInput,
  VersionedKvOutput,
  VersionedPutOutput,
} from '../../models/versioned-kv-operation.ts';

/** The part of a versioned key/value history that is about one key. */
export type VersionedKvPart = Part<VersionedKvInput, VersionedKvOutput>;

/** By which of the two models: `versioned-kv` or `versioned-kv-lab`. */
export type Flavour = 'strict' | 'lab';

/**
 * What an operation claims about the versions of its key: one of the constants below, or 0 for
 * nothing, as a get whose answer is not known.
 */
export type Claim = number;
/** A get that saw a version. */
export const SAW: Claim = 1;
/** A put that answered OK: it created the version after the one that it names. */
export const WROTE: Claim = 2;
/** A put that answered ErrVersion: the key was not at the version that it names. */
export const REFUSED: Claim = 3;
/** A put that answered ErrNoKey: the key was at version 0. */
export const FOUND_NO_KEY: Claim = 4;
/** A put that returned without telling its effect, with ErrMaybe or nobody knows what. */
export const UNSURE: Claim = 5;
/** A put that never returned. */
export const MAY_WRITE: Claim = 6;
/** Something that is wrong in whatever state the key is. */
export const IMPOSSIBLE: Claim = 7;

/** A version that the key cannot come to: there are too few puts, or it is no natural number. */
export const UNREACHABLE: number = -1;
/** A value that is not known to belong to one version. */
const AMBIGUOUS = -2;

/** For each operation of a part: what it claims, and of which version. */
export interface Claims {
  readonly flavour: Flavour;
  readonly claim: Uint8Array;
  /** The version that a get saw, or that a put names; {@link UNREACHABLE}, or at most n. */
  readonly version: Int32Array;
  /** The value that a get read or a put would write; here, where it is near to the others. */
  readonly value: readonly string[];
}

/**
 * Reads the operations of a part. Undefined if the versions cannot be told: the lab's gets tell
 * only values, and one of them read a value that can have belonged to several versions. So it is
 * with puts of unknown errors, too.
 */
export function readClaims(part: VersionedKvPart, flavour: Flavour): Claims | undefined {
  const { operations } = part;
  const value: string[] = [];
  const claims: Claims = {
    flavour,
    claim: new Uint8Array(operations.length),
    version: new Int32Array(operations.length),
    value,
  };
  for (let index = 0; index < operations.length; index++) {
    const { input, output, return: end } = operations[index]!;
    if (input.op === 'get') {
      const answer = output as VersionedGetOutput | undefined;
      value.push(answer === undefined ? '' : answer.value);
      if (answer !== undefined && flavour === 'strict') readStrictGet(claims, index, answer);
      continue;
    }
    value.push(input.value);
    const err = output === undefined ? undefined : output.err;
    const claim = end === undefined ? MAY_WRITE : claimOfPut(err, input.version, flavour);
    if (claim === undefined) return undefined;
    claims.claim[index] = claim;
    claims.version[index] = reachable(input.version, operations.length);
  }
  return flavour === 'strict' || readLabGets(part, claims) ? claims : undefined;
}

function reachable(version: number, operationCount: number): number {
  return isVersion(version) && version <= operationCount ? version : UNREACHABLE;
}

/** What a put that returned claims; undefined if the error is none that a put answers. */
export function claimOfPut(
  err: VersionedPutOutput['err'] | undefined,
  version: number,
  flavour: Flavour,
): Claim | undefined {
  if (err === 'OK') return WROTE;
  if (err === 'ErrVersion') return REFUSED;
  if (err === 'ErrMaybe' || err === undefined) return UNSURE;
  if (err !== 'ErrNoKey') return undefined;
  // With version 0, a put creates the key; and the official tests know no ErrNoKey from a put.
  return flavour === 'lab' || version === 0 ? IMPOSSIBLE : FOUND_NO_KEY;
}

/** What a get claims, by the strict model. */
export function claimOfGet({ value, version, err }: VersionedGetOutput): Claim {
  const possible = version === 0 ? err === 'ErrNoKey' && value === '' : err === 'OK';
  return possible ? SAW : IMPOSSIBLE;
}

/** Can a key ever have this version? */
export function isVersion(version: number): boolean {
  return Number.isSafeInteger(version) && version >= 0;
}

function readStrictGet(claims: Claims, index: number, output: VersionedGetOutput): void {
  claims.claim[index] = claimOfGet(output);
  claims.version[index] = reachable(output.version, claims.claim.length);
}

/** Finds the versions by the values. False if one of them is ambiguous. */
function readLabGets({ operations }: VersionedKvPart, { claim, version }: Claims): boolean {
  const versionOf = new Map<string, number>([['', 0]]);
  for (let index = 0; index < operations.length; index++) {
    const { input } = operations[index]!;
    const claimed = claim[index]!;
    if (input.op === 'get' || version[index] === UNREACHABLE) continue;
    if (claimed !== WROTE && claimed !== UNSURE && claimed !== MAY_WRITE) continue;
    const created = version[index]! + 1;
    const other = versionOf.get(input.value);
    versionOf.set(input.value, other === undefined || other === created ? created : AMBIGUOUS);
  }
  for (let index = 0; index < operations.length; index++) {
    const { input, output } = operations[index]!;
    if (input.op !== 'get' || output === undefined) continue;
    if (!('value' in output)) {
      claim[index] = IMPOSSIBLE;
      continue;
    }
    const seen = versionOf.get(output.value) ?? UNREACHABLE;
    if (seen === AMBIGUOUS) return false;
    claim[index] = SAW;
    version[index] = seen;
  }
  return true;
}
