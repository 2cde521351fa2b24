import type {
  VersionedGetOutput,
  VersionedKvOperation,
  VersionedPut,
} from '../../models/versioned-kv-operation.ts';
import {
  type Claim,
  type Claims,
  type Flavour,
  FOUND_NO_KEY,
  MAY_WRITE,
  REFUSED,
  SAW,
  UNREACHABLE,
  type VersionedKvPart,
  WROTE,
} from './claims.ts';

/** An operation with what it claims, to be told to people. */
export interface Testimony {
  readonly operation: VersionedKvOperation;
  readonly claim: Claim;
  /** The version that it saw, or that it names. */
  readonly version: number;
  readonly flavour: Flavour;
}

/** What an operation of a part claims. */
export function testimony(part: VersionedKvPart, claims: Claims, index: number): Testimony {
  return {
    operation: part.operations[index]!,
    claim: claims.claim[index]!,
    version: claims.version[index]!,
    flavour: claims.flavour,
  };
}

/** Longer texts are cut: a reason is one line. */
const QUOTE_MAX = 40;

/** `"a"` */
export function quote(text: string): string {
  if (text.length <= QUOTE_MAX) return JSON.stringify(text);
  return `${JSON.stringify(text.slice(0, QUOTE_MAX))}...`;
}

/** `client 3` */
export function who({ operation }: Testimony): string {
  return `client ${String(operation.clientId)}`;
}

/** `key "x"` */
export function keyOf({ operation }: Testimony): string {
  return `key ${quote(operation.input.key)}`;
}

/** The value that a get read or a put would write, quoted. */
export function valueOf({ operation: { input, output } }: Testimony): string {
  return quote(input.op === 'put' ? input.value : (output as VersionedGetOutput).value);
}

/** `called at 1, returned at 5` */
export function span({ operation: { call, return: end } }: Testimony): string {
  return `called at ${call}, ${end === undefined ? 'never returned' : `returned at ${end}`}`;
}

/** `client 4's put at version 7 of key "x"` */
export function putOf(put: Testimony): string {
  const { version } = put.operation.input as VersionedPut;
  return `${who(put)}'s put at version ${version} of ${keyOf(put)}`;
}

/** What it claims, of which key: `client 3 read version 7 of key "x"`. */
export function claimed(testimony: Testimony): string {
  if (testimony.claim !== SAW) return `${putOf(testimony)} ${outcome(testimony)}`;
  const { version, flavour } = testimony;
  if (version === 0 && flavour === 'strict')
    return `${who(testimony)} found no ${keyOf(testimony)}`;
  return `${who(testimony)} read ${seen(testimony)} of ${keyOf(testimony)}`;
}

/**
 * What it had claimed, when the key has been named before: `client 3 had read version 7`. Puts that
 * were unsure come in as the last that may have written their version.
 */
export function hadClaimed(testimony: Testimony): string {
  const { operation, claim } = testimony;
  if (claim === SAW) return `${who(testimony)} had read ${seen(testimony)}`;
  const { version } = operation.input as VersionedPut;
  if (claim === WROTE) return `${who(testimony)}'s put at version ${version} had been OK`;
  return claim === REFUSED
    ? `${who(testimony)}'s put at version ${version} had been refused with ErrVersion`
    : `the last put that may have written version ${version + 1}, by ${who(testimony)}, had ended`;
}

/** `version 7`; the lab's gets tell no version, so it is added to their value. */
function seen(get: Testimony): string {
  const { version } = get.operation.output as VersionedGetOutput;
  if (get.flavour === 'strict') return `version ${version}`;
  return get.version === UNREACHABLE ? valueOf(get) : `${valueOf(get)} (version ${get.version})`;
}

function outcome({ operation, claim }: Testimony): string {
  if (claim === WROTE) return 'was OK';
  if (claim === REFUSED) return 'was refused with ErrVersion';
  if (claim === FOUND_NO_KEY) return 'was refused with ErrNoKey';
  if (claim === MAY_WRITE) return 'never returned';
  return operation.output === undefined ? 'returned an unknown answer' : 'answered ErrMaybe';
}
