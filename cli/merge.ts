import { closeSync, existsSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../scenarios/report/node-make-folder.ts';
import { FileError } from '../scenarios/define/file-error.ts';
import { parseSeedRange, rangeText, seedCount } from '../scenarios/define/seed-range.ts';
import type { SweepHeader } from '../scenarios/define/sweep-file.ts';
import { orFileError } from '../scenarios/report/node-output-folder.ts';
import { sweepPath, type StoredSweep } from '../scenarios/report/node-sweep-file.ts';
import { differencesOfParts } from '../scenarios/report/same-sweep.ts';
import { drifted, type SweepSummary } from '../scenarios/report/sweep-summary.ts';
import type { Reporter } from './reporters/reporter.ts';
import { Telling } from './telling.ts';

/**
 * The parts of each scenario's sweep, in the order of their seeds.
 * @throws FileError if they are not of one sweep, overlap, or some are missing
 */
export function partsByScenario(sweeps: readonly StoredSweep[]): StoredSweep[][] {
  const groups = new Map<string, StoredSweep[]>();
  for (const sweep of sweeps) {
    const { scenario } = sweep.header;
    groups.set(scenario, [...(groups.get(scenario) ?? []), sweep]);
  }
  return [...groups.values()].map((parts) => {
    const sorted = parts.toSorted((a, b) => a.range.first - b.range.first);
    refuseMixture(sorted);
    refuseGaps(sorted);
    return sorted;
  });
}

function refuseMixture([first, ...others]: readonly StoredSweep[]): void {
  for (const other of others) {
    const found = differencesOfParts(other.header, first!.header);
    if (found.length === 0) continue;
    const why = found.map((text) => text.replace(', here ', `, but in ${first!.path} `)).join('; ');
    throw new FileError(other.path, `not of the same sweep: ${why}`);
  }
}

function refuseGaps(parts: readonly StoredSweep[]): void {
  const whole = parseSeedRange(parts[0]!.header.whole);
  const missing: string[] = [];
  let next = whole.first;
  for (const [i, part] of parts.entries()) {
    const { first, last } = part.range;
    if (first < next) {
      const before = parts[i - 1];
      const where = before === undefined ? 'before its whole begins' : `also in ${before.path}`;
      throw new FileError(part.path, `seeds ${first}..${Math.min(last, next - 1)} are ${where}`);
    }
    if (first > next) missing.push(rangeText({ ...whole, first: next, last: first - 1 }));
    next = last + 1;
  }
  if (next <= whole.last) missing.push(rangeText({ ...whole, first: next }));
  if (missing.length === 0) return;
  const { scenario } = parts[0]!.header;
  throw new FileError(scenario, `seeds ${missing.join(', ')} are missing${shardsMissing(parts)}`);
}

function shardsMissing(parts: readonly StoredSweep[]): string {
  const shards = parts.flatMap(({ header }) => header.shard ?? []);
  const count = Number(shards[0]?.split('/')[1] ?? 0);
  const missing = Array.from({ length: count }, (_, i) => `${i + 1}/${count}`).filter(
    (shard) => !shards.includes(shard),
  );
  return missing.length === 0 ? '' : `: of the shards ${missing.join(', ')}`;
}

/**
 * Write the parts of a sweep as one file under a folder, whole or not at all.
 * @throws FileError if a part was cut off, or there is such a file already
 */
export function mergeSweep(
  parts: readonly StoredSweep[],
  folder: string,
  reporter: Reporter,
): { readonly path: string; readonly summary: SweepSummary } {
  const [{ header: first }] = parts as readonly [StoredSweep];
  const { shard: _shard, ...rest } = first;
  const header: SweepHeader = { ...rest, seeds: first.whole };
  const path = sweepPath(header.scenario, undefined, folder);
  if (existsSync(path)) throw new FileError(path, 'is there already: name another folder');
  const next = `${path}-${process.pid}`;
  orFileError(path, () => makeFolder(dirname(path)));
  const file = orFileError(path, () => openSync(next, 'w'));
  try {
    const write = (line: object): void => {
      orFileError(path, () => writeFileSync(file, `${JSON.stringify(line)}\n`));
    };
    const telling = new Telling(header, reporter);
    write(header);
    for (const part of parts) {
      tellWhole(part, telling);
      part.copyResults(file, path);
    }
    const summary = summaryOf(parts, telling);
    write({ summary });
    telling.end(summary, new Map());
    orFileError(path, () => renameSync(next, path));
    return { path, summary };
  } finally {
    closeSync(file);
    rmSync(next, { force: true });
  }
}

/** Tell of the results of a part, which must be there for all its seeds. */
function tellWhole(part: StoredSweep, telling: Telling): void {
  const before = telling.done;
  for (const result of part.results()) telling.add(result);
  const done = telling.done - before;
  const seeds = seedCount(part.range);
  if (done === seeds) return;
  const what = `has ${done} of its ${seeds} seeds`;
  throw new FileError(part.path, `${what}: let it go on with --resume, then merge`);
}

function summaryOf(parts: readonly StoredSweep[], telling: Telling): SweepSummary {
  const wallMs = parts.reduce((sum, { summary }) => sum + (summary?.wallMs ?? 0), 0);
  const whole = { ...telling.summary(false), wallMs };
  // Of a sweep in one piece, too, the first is told.
  const drift = parts.find(({ summary }) => summary?.drift !== undefined)?.summary?.drift;
  return drift === undefined ? whole : drifted(whole, drift);
}
