import type { Evidence } from '../decision.ts';
import type { Bounds } from './bounds.ts';
import { MAY_WRITE, SAW, WROTE } from './claims.ts';
import { claimed, keyOf, span, testimony, who } from './phrases.ts';
import { noPlaceReason } from './reasons.ts';
import type { Sweep } from './sweep.ts';
import { forEachWriter, NONE, type VersionTable } from './version-table.ts';

/** At most so many operations are named. */
const EVIDENCE_MAX = 6;

/**
 * The last resort of the explanations: the version at which the sweep was stuck, the gaps in which
 * it can have been created, and the operations that then bound the transition to the next one. No
 * two of them exclude each other: refused puts, which prove one thing or another, do it together.
 */
export function blockedTransition(table: VersionTable, bounds: Bounds, sweep: Sweep): Evidence {
  const { version } = sweep;
  const say = (index: number) => testimony(table.part, table.claims, index);
  const created = creationPhrase(table, sweep);
  const named: number[] = [];
  const phrases = created === undefined ? [] : [created];
  const name = (index: number, phrase: (index: number) => string): void => {
    if (index === NONE || named.includes(index) || named.length === EVIDENCE_MAX) return;
    named.push(index);
    phrases.push(phrase(index));
  };
  const whole = (index: number): string => `${claimed(say(index))} (${span(say(index))})`;
  for (const put of bindingRefusals(table, sweep)) name(put, whole);
  const writers = writersAt(table, version);
  if (writers.length === 0) phrases.push(`nobody else may have written version ${version + 1}`);
  for (const put of writers.slice(0, 2)) {
    name(put, (index) => {
      const may = say(index).claim === WROTE ? 'wrote' : 'may have written';
      return `${who(say(index))} ${may} version ${version + 1} (${span(say(index))})`;
    });
  }
  name(bounds.earliestBy[version + 1]!, whole);
  name(bounds.latestBy[version + 1]!, whole);
  name(lastSeen(table, version), whole);
  name(bounds.earliestBy[version]!, whole);
  name(bounds.latestBy[version]!, whole);
  const [culprit] = named;
  const key = keyOf(say(culprit!));
  return { ...noPlaceReason(key, version + 1, phrases), culprit: culprit!, operations: named };
}

/** `version 7 was created between 100 and 105`; undefined for version 0. */
function creationPhrase({ part }: VersionTable, sweep: Sweep): string | undefined {
  const { version, frontiers } = sweep;
  if (version === 0) return undefined;
  const { entries } = part.timeline;
  const stampAt = (position: number): number => {
    const entry = entries[position]!;
    const count = part.operations.length;
    return entry < count ? part.operations[entry]!.call : part.operations[entry - count]!.return!;
  };
  const low = stampAt(frontiers.lows[frontiers.first[version]!]!);
  const high = frontiers.highs[frontiers.first[version + 1]! - 1]!;
  const until =
    high + 1 < entries.length ? `between ${low} and ${stampAt(high + 1)}` : `after ${low}`;
  return `version ${version} was created ${until}`;
}

/** For each possible creation of the version, the first to return of the refusals after it. */
function bindingRefusals({ part, claims, firstPut, puts }: VersionTable, sweep: Sweep): number[] {
  const { version, frontiers } = sweep;
  const { callAt, returnAt } = part.timeline;
  const binding: number[] = [];
  for (let index = frontiers.first[version]!; index < frontiers.first[version + 1]!; index++) {
    let first = NONE;
    for (let at = firstPut[version]!; at < firstPut[version + 1]!; at++) {
      const put = puts[at]!;
      if (claims.claim[put] === MAY_WRITE || callAt[put]! <= frontiers.lows[index]!) continue;
      if (first === NONE || returnAt[put]! < returnAt[first]!) first = put;
    }
    if (first !== NONE && !binding.includes(first) && binding.length < 3) binding.push(first);
  }
  return binding;
}

function writersAt(table: VersionTable, version: number): number[] {
  const writers: number[] = [];
  forEachWriter(table, version, (put) => writers.push(put));
  return writers;
}

/** The get of the version that was called last. */
function lastSeen({ part, claims }: VersionTable, version: number): number {
  const { callAt } = part.timeline;
  let last = NONE;
  for (let index = 0; index < claims.claim.length; index++) {
    if (claims.claim[index] !== SAW || claims.version[index] !== version) continue;
    if (last === NONE || callAt[index]! > callAt[last]!) last = index;
  }
  return last;
}
