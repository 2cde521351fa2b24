import type { VersionedGetOutput } from '../../models/versioned-kv-operation.ts';
import type { Evidence } from '../decision.ts';
import { type Claim, FOUND_NO_KEY, REFUSED, SAW, UNSURE, WROTE } from './claims.ts';
import { claimed, hadClaimed, keyOf, putOf, quote, span, valueOf, who } from './phrases.ts';
import type { Testimony } from './phrases.ts';

/** Why a history is illegal, in words; see `Evidence`. */
export type Reason = Pick<Evidence, 'kind' | 'reason'>;

const NEVER_WRITTEN = 'read of something that nobody wrote';
const OTHER_VALUE = 'read of another value than was written';

/** An operation that is wrong whatever the others are. */
export function impossibleReason(wrong: Testimony): Reason {
  const { operation, claim, flavour } = wrong;
  if (claim === SAW)
    return { kind: NEVER_WRITTEN, reason: `${claimed(wrong)}, which nobody wrote` };
  const { input, output } = operation;
  if (claim === WROTE && input.op === 'put') {
    return missingReason(wrong, input.version, []);
  }
  if (input.op === 'put') {
    const why =
      flavour === 'strict'
        ? 'a put at version 0 creates the key'
        : 'the official tests expect ErrVersion from it if there is no such key';
    return {
      kind: 'ErrNoKey from a put that never answers it',
      reason: `${putOf(wrong)} was refused with ErrNoKey, but ${why}`,
    };
  }
  const { err, value, version } = output as Partial<VersionedGetOutput>;
  const answer =
    value === undefined
      ? `${String(err)} without a value`
      : `${String(err)} with value ${quote(value)} and version ${String(version)}`;
  return {
    kind: 'get with an answer that contradicts itself',
    reason: `${who(wrong)}'s get of ${keyOf(wrong)} answered ${answer}, which is never right`,
  };
}

/** Two operations that exclude each other whenever they took place. */
export function contradictionReason(earlier: Testimony, later: Testimony): Reason {
  const key = keyOf(earlier);
  if (earlier.claim === WROTE && later.claim === WROTE) {
    return {
      kind: 'two OK puts at one version',
      reason:
        `two OK puts at version ${earlier.version} of ${key}: by ${who(earlier)} ` +
        `(${span(earlier)}) and ${who(later)} (${span(later)})`,
    };
  }
  if (earlier.claim === SAW && later.claim === SAW) {
    return {
      kind: 'two values of one version',
      reason:
        `${who(earlier)} read value ${valueOf(earlier)} at version ${earlier.version} of ${key}, ` +
        `but ${who(later)} read ${valueOf(later)} at the same version`,
    };
  }
  const [get, put] = earlier.claim === SAW ? [earlier, later] : [later, earlier];
  return {
    kind: OTHER_VALUE,
    reason:
      `${who(get)} read value ${valueOf(get)} at version ${get.version} of ${key}, ` +
      `but ${who(put)} wrote ${valueOf(put)}`,
  };
}

/**
 * An operation that saw a version, and was called after another one had seen or made a later one.
 *
 * @param needing - shows that there was a later one at all, where the other one is a put that only
 *   may have made it
 */
export function staleReason(late: Testimony, early: Testimony, needing?: Testimony): Reason {
  let kind = 'stale read';
  if (late.claim === FOUND_NO_KEY) kind = 'ErrNoKey after the key existed';
  else if (late.version === 0) kind = 'key not found after it existed';
  return {
    kind,
    reason:
      `${claimed(late)} (called at ${late.operation.call}) after ${hadClaimed(early)} ` +
      `(returned at ${early.operation.return})${besides(needing)}`,
  };
}

/**
 * An operation that had seen or made a version, or a later one, before its creator was called;
 * `needing` as above.
 */
export function prematureReason(early: Testimony, creator: Testimony, needing?: Testimony): Reason {
  const { operation, claim, version } = creator;
  const put = claim === WROTE ? 'the put that wrote' : 'the first put that may have written';
  const what = early.claim === UNSURE ? `of ${keyOf(early)}, ${hadClaimed(early)}` : claimed(early);
  return {
    kind: prematureKind(early.claim),
    reason:
      `${what} (returned at ${early.operation.return}) before ${put} ` +
      `version ${version + 1}, by ${who(creator)}, was called (at ${operation.call})` +
      besides(needing),
  };
}

function besides(needing: Testimony | undefined): string {
  return needing === undefined ? '' : `; and ${claimed(needing)}`;
}

function prematureKind(claim: Claim): string {
  if (claim === SAW) return 'read before it was written';
  if (claim === WROTE) return 'OK put before its version was written';
  return claim === REFUSED
    ? 'ErrVersion before the key existed'
    : 'put without effect that must have had one';
}

/**
 * An operation that needs version `missing`, which nobody wrote; `others` are the puts at the version
 * before it, which had other values than the one that was read.
 */
export function missingReason(
  needing: Testimony,
  missing: number,
  others: readonly Testimony[],
): Reason {
  const { claim, version } = needing;
  const [put] = others;
  if (put !== undefined) {
    const had =
      others.length === 1
        ? `the only put that may have written it, by ${who(put)}, had ${valueOf(put)}`
        : `the ${others.length} puts that may have written it had other values`;
    return {
      kind: OTHER_VALUE,
      reason:
        `${who(needing)} read value ${valueOf(needing)} at version ${missing} ` +
        `of ${keyOf(needing)}, but ${had}`,
    };
  }
  if (claim === SAW && version === missing) return impossibleReason(needing);
  let kind = NEVER_WRITTEN;
  if (claim === WROTE) kind = 'OK put at a version that nobody wrote';
  if (claim === REFUSED) kind = 'ErrVersion of a key that nobody wrote';
  return { kind, reason: `${claimed(needing)}, but nobody wrote version ${missing}` };
}

/**
 * A put that was refused, or may have been, although the key was at the version that it names from
 * its call to its return.
 *
 * @param since - saw or made that version before the call; undefined if nothing had to
 * @param until - was called after the return and still saw that version, or was the first that may
 *   have written the next one; undefined if nobody wrote a next one
 */
export function refusedReason(
  refused: Testimony,
  since: Testimony | undefined,
  until: Testimony | undefined,
): Reason {
  const { version } = refused;
  const from =
    since === undefined ? '' : `${hadClaimed(since)} (returned at ${since.operation.return}), and `;
  let during = `the key was at version ${version} all the time`;
  if (version === 0) during = 'there was no such key all the time';
  else if (since === undefined) during = 'the key was at no later version yet';
  const sure = refused.claim === REFUSED;
  return {
    kind: sure
      ? 'ErrVersion although the version matched'
      : 'put without effect that must have had one',
    reason:
      `${claimed(refused)} (${span(refused)})${sure ? '' : ' and had no effect'}, but ${during}: ` +
      `${from}${untilPhrase(version, until)}`,
  };
}

function untilPhrase(version: number, until: Testimony | undefined): string {
  if (until === undefined) return `nobody else wrote version ${version + 1}`;
  const call = `(called at ${until.operation.call})`;
  if (until.claim === SAW) {
    return `${who(until)} still ${version === 0 ? 'found none' : 'saw that'} ${call}`;
  }
  if (until.claim === FOUND_NO_KEY) return `${who(until)} was still told ErrNoKey ${call}`;
  const put = until.claim === WROTE ? 'wrote' : 'was the first who may have written';
  return `${who(until)} ${put} version ${version + 1} ${call}`;
}

/** The last resort: the bounds of a transition, one by one, which leave no gap for it. */
export function noPlaceReason(key: string, version: number, bounds: readonly string[]): Reason {
  return {
    kind: 'no place for a transition',
    reason: `no place for the transition to version ${version} of ${key}: ${bounds.join('; ')}`,
  };
}
