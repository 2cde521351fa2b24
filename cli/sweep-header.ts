import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { rangeText, type SeedRange, type Shard } from '../scenarios/define/seed-range.ts';
import { SWEEP_FORMAT, type SweepHeader } from '../scenarios/define/sweep-file.ts';
import { VERSION } from '../scenarios/define/version.ts';
import { optionWords } from '../scenarios/report/repro.ts';
import type { Runs } from './runs.ts';
import { targetSpec } from './target-spec.ts';

/** The seeds of a sweep, and of the whole that it is a part of. */
export interface SweepPart {
  readonly range: SeedRange;
  readonly whole: SeedRange;
  readonly shard?: Shard | undefined;
}

/** What is said of a sweep before it begins: results are compared and merged by it. */
export function sweepHeader(runs: Runs, { range, whole, shard }: SweepPart): SweepHeader {
  const { info, scenario, options } = runs;
  const { overrides, isStrict = false } = targetSpec(scenario, options);
  const meant = JSON.stringify([overrides, isStrict, options.specimen]);
  return {
    format: SWEEP_FORMAT,
    kind: 'sweep',
    faultlab: VERSION,
    build: buildOf(),
    scenario: info.name,
    target: scenario,
    code: info.codeHash,
    options: optionWords(options),
    settings: createHash('sha256').update(meant).digest('hex').slice(0, 12),
    seeds: rangeText(range),
    whole: rangeText(whole),
    shard: shard && `${shard.index}/${shard.count}`,
    probes: info.probes.map(({ name, within }) => ({ name, within })),
    atLeast: runs.hasOwnSettings ? info.atLeast : {},
  };
}

/** The sources this build was made from; a published package has none but its version. */
function buildOf(): string | undefined {
  try {
    const text = readFileSync(new URL('../.fingerprint', import.meta.url), 'utf8');
    return text.slice(0, 12);
  } catch {
    return undefined;
  }
}
