import type { SweepHeader } from '../define/sweep-file.ts';

/** In what two sweeps must agree for their results to be of one kind, and how it is called. */
const SAME: readonly (readonly [keyof SweepHeader, string])[] = [
  ['scenario', 'scenario'],
  ['faultlab', 'version of Faultlab'],
  ['build', 'build of Faultlab'],
  ['code', 'code under test'],
  ['settings', 'settings'],
  ['whole', 'seeds of the whole'],
];

/** In words: in what a sweep differs from another one, of which it may be a part. */
export function differencesOfParts(one: SweepHeader, other: SweepHeader): string[] {
  return SAME.filter(([field]) => one[field] !== other[field]).map(([field, name]) => {
    return `its ${name}: ${told(one, field)}, here ${told(other, field)}`;
  });
}

/** The same, of sweeps that must be of the same seeds, too. */
export function differences(one: SweepHeader, other: SweepHeader): string[] {
  const seeds = one.seeds === other.seeds ? [] : [`its seeds: ${one.seeds}, here ${other.seeds}`];
  const found = differencesOfParts(one, other);
  return one.whole === other.whole ? [...found, ...seeds] : found;
}

/** A hash says nothing: the options do. */
function told(header: SweepHeader, field: keyof SweepHeader): string {
  if (field !== 'settings') return String(header[field] ?? 'none');
  const words = header.options.length === 0 ? 'none' : header.options.join(' ');
  return `${words} (${header.settings})`;
}
