import { isAsExpected, type RunResult } from '../../scenarios/define/result.ts';
import type { Specimen } from '../../scenarios/define/specimen.ts';
import type { Hunt, OfficialPass } from '../../scenarios/report/matrix/kill-matrix.ts';
import { packageFile } from '../../scenarios/runner/node-user-code.ts';
import { SessionClosed } from '../../scenarios/runner/node-session.ts';
import { Runs } from '../runs.ts';
import type { CodeOptions, TargetOptions } from '../target-options.ts';
import type { KillCell, OfficialCell } from './cells.ts';

/** Seeds of two ranges have so many in between: how soon one hits is a matter of luck. */
const RANGE_SEEDS = 100_000;

/** How long a hunt goes on. */
export interface HuntLimits {
  /** Seeds of a range at most. */
  readonly most: number;
  readonly ranges: number;
}

/** A scenario, and whether its checks may look into the servers. */
interface Place {
  readonly scenario: string;
  readonly view: boolean | null;
}

/** The way through a range, as far as it has come. */
interface Way {
  readonly range: number;
  seeds: number;
  wallMs: number;
  falseAlarms: number;
  check: string | undefined;
  isOver: boolean;
}

/**
 * What the unchanged code comes to at seeds that kill, over all workers: many specimens are killed
 * by the same ones.
 */
export class Unchanged {
  private readonly known = new Map<string, Promise<boolean | undefined>>();

  passes(key: string, look: () => Promise<boolean | undefined>): Promise<boolean | undefined> {
    const known = this.known.get(key) ?? look();
    this.known.set(key, known);
    return known;
  }
}

/** A worker of a matrix; its code and its scenario change with the cell. */
export class Hunter {
  private readonly unchanged: Unchanged;
  private readonly interrupted: AbortSignal;
  private runs: Runs | undefined;

  constructor(unchanged: Unchanged, interrupted: AbortSignal) {
    this.unchanged = unchanged;
    this.interrupted = interrupted;
  }

  /** How soon each range of seeds kills; undefined = interrupted. */
  async kill(cell: KillCell, { most, ranges }: HuntLimits): Promise<readonly Hunt[] | undefined> {
    const { specimen } = cell;
    const ways = Array.from({ length: ranges }, (_, range): Way => {
      const none = { seeds: 0, wallMs: 0, falseAlarms: 0, check: undefined };
      return { range, ...none, isOver: false };
    });
    for (let open = ways; open.length > 0; open = open.filter(({ isOver }) => !isOver)) {
      for (const way of open) if (!(await this.goOn(cell, way, most))) return undefined;
      // Only then, since the worker has to change its code for it.
      for (const way of open) {
        if (way.check === undefined) continue;
        const isClean = await this.isClean(specimen, cell, seedOf(way));
        if (isClean === undefined) return undefined;
        if (isClean) continue;
        way.falseAlarms++;
        way.check = undefined;
        way.isOver = way.seeds >= most;
      }
    }
    return ways.map(({ seeds, wallMs, check, falseAlarms }) => {
      return { seeds: check === undefined ? undefined : seeds, wallMs, check, falseAlarms };
    });
  }

  /** One pass of the official tests, up to the first that kills; undefined = interrupted. */
  async pass({ specimen, pass, tests }: OfficialCell): Promise<OfficialPass | undefined> {
    let [done, wallMs, falseAlarms] = [0, 0, 0];
    for (const { test, view } of tests) {
      const place = { scenario: test, view };
      const seed = String(pass);
      const startedMs = performance.now();
      const result = await this.run(place, { specimen: specimen.id }, seed);
      if (result === undefined) return undefined;
      wallMs += performance.now() - startedMs;
      done++;
      const check = killerOf(result);
      if (check === undefined) continue;
      const isClean = await this.isClean(specimen, place, seed);
      if (isClean === undefined) return undefined;
      if (isClean) return { test, check, tests: done, wallMs, falseAlarms };
      falseAlarms++;
    }
    return { tests: done, wallMs, falseAlarms };
  }

  async close(): Promise<void> {
    await this.runs?.close();
  }

  /** Run seeds of a range until one kills; false = interrupted. */
  private async goOn(cell: KillCell, way: Way, most: number): Promise<boolean> {
    const code = { specimen: cell.specimen.id };
    if ((await this.turnTo(cell, code)) === undefined) return false;
    const startedMs = performance.now();
    while (way.seeds < most && way.check === undefined) {
      way.seeds++;
      const result = await this.run(cell, code, seedOf(way));
      if (result === undefined) return false;
      way.check = killerOf(result);
    }
    way.wallMs += performance.now() - startedMs;
    way.isOver = true;
    return true;
  }

  /** Does the code without the change pass this seed, which means the same plan? */
  private isClean({ edit }: Specimen, place: Place, seed: string): Promise<boolean | undefined> {
    const code = edit === undefined ? {} : { impl: packageFile(edit.file) };
    return this.unchanged.passes(JSON.stringify([code, place, seed]), async () => {
      const result = await this.run(place, code, seed);
      return result && isAsExpected(result);
    });
  }

  private async run(place: Place, code: CodeOptions, seed: string): Promise<RunResult | undefined> {
    const runs = await this.turnTo(place, code);
    const done = await runs?.results([seed]);
    if (done?.error !== undefined) throw done.error;
    return done?.results[0];
  }

  /** Open another target in the same worker, unless it is open. Undefined = interrupted. */
  private async turnTo({ scenario, view }: Place, code: CodeOptions): Promise<Runs | undefined> {
    const options: TargetOptions = { ...code, ...(view === null ? {} : { set: [`view=${view}`] }) };
    const wanted = JSON.stringify([scenario, options]);
    const { runs } = this;
    if (runs !== undefined && wanted === JSON.stringify([runs.scenario, runs.options])) return runs;
    try {
      this.runs = await Runs.next(runs, scenario, options, this.interrupted);
      return this.runs;
    } catch (error) {
      if (error instanceof SessionClosed) return undefined;
      throw error;
    }
  }
}

function seedOf({ range, seeds }: Way): string {
  return String(range * RANGE_SEEDS + seeds);
}

/** The check that found something wrong; a search that was given up has found nothing. */
function killerOf(result: RunResult): string | undefined {
  if (isAsExpected(result) || result.verdict === 'unknown') return undefined;
  return result.check ?? result.verdict;
}
