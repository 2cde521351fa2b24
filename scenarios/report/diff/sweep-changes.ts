import { identityOf, isAsExpected, type RunResult } from '../../define/result.ts';
import { wrap } from '../text-run.ts';

/** A seed that came to something else. */
export interface ChangedSeed {
  readonly seed: string;
  readonly before: RunResult;
  readonly after: RunResult;
}

/** Two sweeps of one scenario, seed by seed. */
export interface SweepChanges {
  readonly scenario: string;
  /** Seeds that came to the same. */
  readonly same: number;
  /** Seeds that ended otherwise: another verdict, check or reason. */
  readonly ends: readonly ChangedSeed[];
  /** Seeds that ended the same, on another way. */
  readonly ways: readonly ChangedSeed[];
  /** Seeds that only one of them has. */
  readonly only: { readonly before: number; readonly after: number };
}

/** Compare results by their seeds. */
export function sweepChanges(
  scenario: string,
  before: Iterable<RunResult>,
  after: Iterable<RunResult>,
): SweepChanges {
  const old = new Map([...before].map((result) => [result.seed, result]));
  const [ends, ways]: [ChangedSeed[], ChangedSeed[]] = [[], []];
  let [same, onlyAfter] = [0, 0];
  for (const result of after) {
    const { seed } = result;
    const was = old.get(seed);
    old.delete(seed);
    if (was === undefined) onlyAfter++;
    else if (identityOf(was) === identityOf(result)) same++;
    else (endOf(was) === endOf(result) ? ways : ends).push({ seed, before: was, after: result });
  }
  return { scenario, same, ends, ways, only: { before: old.size, after: onlyAfter } };
}

function endOf({ verdict, check, signature }: RunResult): string {
  return JSON.stringify([verdict, check, signature]);
}

/** So many seeds that end otherwise are told one by one. */
const TOLD = 10;

/** The same in words. */
export function sweepChangesText(changes: SweepChanges, width: number): string {
  const { scenario, same, ends, ways, only } = changes;
  const total = same + ends.length + ways.length;
  const lines = [`${scenario}  ${total} seeds compared, ${same} the same`];
  if (ends.length > 0) {
    lines.push(...listed(`${ends.length} end otherwise`, ends, width));
    for (const { seed, before, after } of ends.slice(0, TOLD)) {
      lines.push(...wrap(`seed ${seed}: ${ending(before)} -> ${ending(after)}`, '    ', width));
    }
    if (ends.length > TOLD) lines.push(`    ... and ${ends.length - TOLD} more`);
  }
  if (ways.length > 0) {
    lines.push(...listed(`${ways.length} end the same, on another way`, ways, width));
  }
  if (only.before > 0) lines.push(`  ${only.before} seeds are in the first only`);
  if (only.after > 0) lines.push(`  ${only.after} seeds are in the second only`);
  const [first] = [...ends, ...ways];
  if (first !== undefined) lines.push(`  again    ${first.after.repro}`);
  return lines.join('\n');
}

function listed(what: string, changed: readonly ChangedSeed[], width: number): string[] {
  return wrap(`${what}: ${ranges(changed.map(({ seed }) => seed))}`, '  ', width);
}

function ending(result: RunResult): string {
  const { verdict, check } = result;
  return isAsExpected(result) || check === undefined ? verdict : `${verdict} "${check}"`;
}

/** `3, 5..9`: seeds in a row as a range. */
export function ranges(seeds: readonly string[]): string {
  const found: { first: string; last: string; next: string }[] = [];
  for (const seed of seeds) {
    const [, prefix = '', digits] = /^(.*?)(\d+)$/.exec(seed) ?? [];
    const next = digits === undefined ? '' : `${prefix}${Number(digits) + 1}`;
    const current = found.at(-1);
    if (current?.next === seed) Object.assign(current, { last: seed, next });
    else found.push({ first: seed, last: seed, next });
  }
  return found
    .map(({ first, last }) =>
      first === last ? first : `${first}..${last.replace(/^.*?(\d+)$/, '$1')}`,
    )
    .join(', ');
}
