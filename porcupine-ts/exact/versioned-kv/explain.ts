import { NEVER } from '../../history/timeline.ts';
import type { Evidence } from '../decision.ts';
import { type Bounds, boundVersions } from './bounds.ts';
import { FOUND_NO_KEY, REFUSED, SAW, UNSURE, WROTE } from './claims.ts';
import type { Claims, VersionedKvPart } from './claims.ts';
import { blockedTransition } from './blocked-transition.ts';
import { testimony, type Testimony } from './phrases.ts';
import {
  contradictionReason,
  impossibleReason,
  missingReason,
  prematureReason,
  type Reason,
  refusedReason,
  staleReason,
} from './reasons.ts';
import type { Sweep } from './sweep.ts';
import { type Contradiction, NONE, type VersionTable } from './version-table.ts';

/** Why a contradiction is one. */
export function explainContradiction(
  part: VersionedKvPart,
  claims: Claims,
  { earlier, later }: Contradiction,
): Evidence {
  const second = testimony(part, claims, later);
  if (earlier === later) return evidence(impossibleReason(second), later);
  const first = testimony(part, claims, earlier);
  // Of a read and a put, the read is the one that is wrong.
  const isRead = first.claim === SAW && second.claim === WROTE;
  const [culprit, other] = isRead ? [earlier, later] : [later, earlier];
  return evidence(contradictionReason(first, second), culprit, other);
}

/**
 * Why the versions have no place in time: a pair of operations in the wrong order, if there is one;
 * or a refused put that found the version that it names, and the operations that show it; or all that
 * bounds the transition at which the sweep was stuck.
 *
 * @param sweep - one that is not complete
 */
export function explainSweep(table: VersionTable, sweep: Sweep): Evidence {
  const bounds = boundVersions(table);
  return (
    wrongOrder(table, bounds) ??
    wrongRefusal(table, bounds) ??
    blockedTransition(table, bounds, sweep)
  );
}

function wrongOrder(table: VersionTable, bounds: Bounds): Evidence | undefined {
  const { earliest, earliestBy, latest, latestBy } = bounds;
  for (let version = 1; version < earliest.length && latest[version] !== NEVER; version++) {
    if (earliest[version] === NEVER) return missing(table, version);
    if (earliest[version]! <= latest[version]!) continue;
    const [late, early] = [earliestBy[version]!, latestBy[version]!];
    const [lateSaid, earlySaid] = [say(table, late), say(table, early)];
    const need = earlySaid.claim === UNSURE ? [neediest(table, earlySaid.version + 1)] : [];
    const [needing] = need.map((index) => say(table, index));
    if (lateSaid.claim === SAW || lateSaid.claim === FOUND_NO_KEY) {
      return evidence(staleReason(lateSaid, earlySaid, needing), late, early, ...need);
    }
    return evidence(prematureReason(earlySaid, lateSaid, needing), early, late, ...need);
  }
  return undefined;
}

/** The operation that needs the version most directly, and that nobody wrote it. */
function missing(table: VersionTable, version: number): Evidence {
  const { part, claims, reader, firstPut, puts } = table;
  const needing = neediest(table, version);
  const others: number[] = [];
  if (needing === reader[version]) {
    for (let at = firstPut[version - 1]!; at < firstPut[version]!; at++) {
      if (claims.claim[puts[at]!] !== REFUSED) others.push(puts[at]!);
    }
  }
  const told = others.map((put) => testimony(part, claims, put));
  const reason = missingReason(say(table, needing), version, told);
  return evidence(reason, needing, ...others.slice(0, 3));
}

function neediest({ part, claims, reader, writer }: VersionTable, version: number): number {
  for (let above = version; above < reader.length; above++) {
    if (reader[above] !== NONE) return reader[above]!;
    if (writer[above] !== NONE) return writer[above]!;
  }
  return part.operations.findIndex((_, index) => claims.claim[index] === REFUSED);
}

function wrongRefusal(table: VersionTable, bounds: Bounds): Evidence | undefined {
  const { part, claims, puts } = table;
  const { callAt, returnAt } = part.timeline;
  const { earliest, earliestBy, latest, latestBy } = bounds;
  for (const put of puts) {
    const claim = claims.claim[put]!;
    const version = claims.version[put]!;
    if (claim !== REFUSED && claim !== UNSURE) continue;
    const first = claim === REFUSED && claims.flavour === 'strict' ? 1 : 0;
    const isSince = version <= first || latest[version]! < callAt[put]!;
    if (!isSince || earliest[version + 1]! < returnAt[put]!) continue;
    const since = version <= first ? NONE : latestBy[version]!;
    const until = earliest[version + 1] === NEVER ? NONE : earliestBy[version + 1]!;
    const [sinceSaid, untilSaid] = [since, until].map((index) =>
      index === NONE ? undefined : say(table, index),
    );
    const others = [since, until].filter((index) => index !== NONE);
    return evidence(refusedReason(say(table, put), sinceSaid, untilSaid), put, ...others);
  }
  return undefined;
}

function say({ part, claims }: VersionTable, index: number): Testimony {
  return testimony(part, claims, index);
}

function evidence(reason: Reason, culprit: number, ...others: readonly number[]): Evidence {
  return { ...reason, culprit, operations: [culprit, ...others] };
}
