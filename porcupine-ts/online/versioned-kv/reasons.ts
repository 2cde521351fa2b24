import {
  claimOfGet,
  claimOfPut,
  IMPOSSIBLE,
  isVersion,
  MAY_WRITE,
  SAW,
  UNREACHABLE,
  UNSURE,
  WROTE,
} from '../../exact/versioned-kv/claims.ts';
import {
  claimed,
  hadClaimed,
  keyOf,
  span,
  type Testimony,
  who,
} from '../../exact/versioned-kv/phrases.ts';
import {
  contradictionReason,
  impossibleReason,
  missingReason,
  noPlaceReason,
  prematureReason,
  type Reason,
  refusedReason,
  staleReason,
} from '../../exact/versioned-kv/reasons.ts';
import type {
  VersionedGetOutput,
  VersionedKvInput,
  VersionedKvOutput,
} from '../../models/versioned-kv-operation.ts';
import type { OnlineEvidence } from '../online-part.ts';
import { type KvOperation, lastGap, type VersionRecord } from './version-record.ts';

type KvEvidence = OnlineEvidence<VersionedKvInput, VersionedKvOutput>;

/** How many operations a reason names that has no smaller form. */
const NAMED_MAX = 6;

/** A step of the frontier from a version to the one after it. */
export interface Step {
  /** The version before the step, and what is known about it. */
  readonly version: number;
  readonly record: VersionRecord;
  /** It cannot have been created before this event. */
  readonly earliest: number;
  /** The puts one of which must have created the next version. */
  readonly writers: readonly KvOperation[];
  /** Tells that the next version was there when it returned. */
  readonly proof: KvOperation;
  /** Told the same of this version; undefined for version 0. */
  readonly passedBy: KvOperation | undefined;
  /** Of those that saw this version or one before it, the one that was called last. */
  readonly keptBy: KvOperation | undefined;
}

/** The answer is wrong whatever the state. */
export function impossible(operation: KvOperation): KvEvidence {
  return evidence(impossibleReason(say(operation)), operation);
}

/**
 * The operation tells of a version that was no longer there when it was called.
 *
 * @param passedBy - it had told that a later version was there
 */
export function late(operation: KvOperation, passedBy: KvOperation): KvEvidence {
  const [told, passed] = [say(operation), say(passedBy)];
  if (told.claim !== WROTE && passed.claim !== UNSURE) {
    return evidence(staleReason(told, passed), operation, passedBy);
  }
  const kind = told.claim === WROTE ? 'OK put at a version of the past' : 'stale read';
  const before = passed.claim === UNSURE ? claimed(passed) : hadClaimed(passed);
  const reason =
    `${claimed(told)} (called at ${operation.call}) after ${before} ` +
    `(returned at ${passedBy.return})`;
  return evidence({ kind, reason }, operation, passedBy);
}

/** Two OK puts at one version, or two values of one version. */
export function contradiction(first: KvOperation, second: KvOperation): KvEvidence {
  const [earlier, later] = [say(first), say(second)];
  if (earlier.claim === UNSURE || earlier.claim === MAY_WRITE) {
    // It is the only one that may have written what the second one read.
    return evidence(missingReason(later, later.version, [earlier]), second, first);
  }
  // Of a read and a put, the read is the one that is wrong.
  const isRead = earlier.claim === SAW && later.claim === WROTE;
  const [culprit, other] = isRead ? [first, second] : [second, first];
  return evidence(contradictionReason(earlier, later), culprit, other);
}

/** A get saw the version after the step, and returned before it can have been created. */
export function premature(get: KvOperation, step: Step): KvEvidence {
  return wrongOrder(get, step) ?? noPlace(step, get);
}

/** There must have been a next version, and there is no instant at which it was created. */
export function blocked(step: Step): KvEvidence {
  const { version, record, writers, proof, keptBy } = step;
  if (writers.length === 0) {
    const told = say(proof);
    const others = told.claim === SAW && told.version === version + 1 ? record.unsure : [];
    return (
      wrongRefusal(step) ??
      evidence(missingReason(told, version + 1, others.map(say)), proof, ...others.slice(0, 3))
    );
  }
  const last = writers.reduce((a, b) => (lastGap(a) < lastGap(b) ? b : a));
  if (keptBy !== undefined && keptBy.call > lastGap(last)) {
    const needing = say(last).claim === WROTE ? [] : [proof];
    const [need] = needing.map(say);
    return evidence(staleReason(say(keptBy), say(last), need), keptBy, last, ...needing);
  }
  return wrongOrder(proof, step) ?? wrongRefusal(step) ?? noPlace(step);
}

/** Something that tells of the next version came before what tells that it was not there yet. */
function wrongOrder(early: KvOperation, { keptBy, writers }: Step): KvEvidence | undefined {
  if (keptBy !== undefined && keptBy.call > early.return!) return late(keptBy, early);
  const first = writers[0]!;
  if (first.call < early.return!) return undefined;
  return evidence(prematureReason(say(early), say(first)), early, first);
}

/** A put that was refused although the key was at the version that it names all the time. */
function wrongRefusal(step: Step): KvEvidence | undefined {
  const { version, record, writers, passedBy } = step;
  const { lastSeen } = record;
  const [firstWriter] = writers;
  for (const put of record.refused) {
    const isSince = version === 0 || passedBy!.return! < put.call;
    const isSeen = lastSeen !== undefined && lastSeen.call > put.return!;
    if (!isSince || (!isSeen && firstWriter !== undefined && firstWriter.call < put.return!)) {
      continue;
    }
    const others = [passedBy, isSeen ? lastSeen : firstWriter];
    const [since, until] = others.map((each) => (each === undefined ? undefined : say(each)));
    const reason = refusedReason(say(put), since, until);
    return evidence(reason, put, ...others.filter((each) => each !== undefined));
  }
  return undefined;
}

/** The last resort: what bounds the step, one by one. */
function noPlace(step: Step, get?: KvOperation): KvEvidence {
  const { version, record, earliest, writers, proof, passedBy } = step;
  const { firstSeen, lastSeen, left, refused } = record;
  const bounds = [get, lastSeen, left, passedBy, firstSeen, ...refused, proof];
  const named = new Set<KvOperation>(writers.slice(0, 2));
  for (const each of bounds) {
    if (each !== undefined && named.size < NAMED_MAX) named.add(each);
  }
  const phrases = Array.from(named, (operation) => {
    const told = say(operation);
    const may = told.claim === WROTE ? 'wrote' : 'may have written';
    return writers.includes(operation)
      ? `${who(told)} ${may} version ${version + 1} (${span(told)})`
      : `${claimed(told)} (${span(told)})`;
  });
  if (version > 0) phrases.unshift(`version ${version} was not created before ${earliest}`);
  const [culprit = proof, ...others] = named;
  const reason = noPlaceReason(keyOf(say(culprit)), version + 1, phrases);
  return evidence(reason, culprit, ...others);
}

function say(operation: KvOperation): Testimony {
  const { input, output, return: end } = operation;
  const flavour = 'strict';
  if (input.op === 'get') {
    const answer = output as VersionedGetOutput;
    return { operation, claim: claimOfGet(answer), version: named(answer.version), flavour };
  }
  const claim =
    end === undefined ? MAY_WRITE : (claimOfPut(output?.err, input.version, flavour) ?? IMPOSSIBLE);
  return { operation, claim, version: named(input.version), flavour };
}

function named(version: number): number {
  return isVersion(version) ? version : UNREACHABLE;
}

function evidence(
  reason: Reason,
  culprit: KvOperation,
  ...others: readonly KvOperation[]
): KvEvidence {
  return { ...reason, culprit, operations: [culprit, ...others] };
}
