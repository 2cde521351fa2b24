import { isAsExpected, type RunResult } from '../../scenarios/define/result.ts';
import type { Specimen } from '../../scenarios/define/specimen.ts';
import type { Hunt, OfficialPass } from '../../scenarios/report/matrix/kill-matrix.ts';
import { packageFile } from '../../scenarios/runner/node-user-code.ts';
import { SessionClosed } from '../../scenarios/runner/node-session.ts';
import { Runs } from '../runs.ts';
import type { CodeOptions, TargetOptions } from '../target-options.ts';
import type { KillCell, OfficialCell } from './cells.ts';
import { hunt, type HuntLimits, type Prey } from './hunt.ts';

/** A scenario, and whether its checks may look into the servers. */
interface Place {
  readonly scenario: string;
  readonly view: boolean | null;
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
  kill(cell: KillCell, limits: HuntLimits): Promise<readonly Hunt[] | undefined> {
    const { specimen } = cell;
    const code = { specimen: specimen.id };
    const prey: Prey = {
      ready: async () => (await this.turnTo(cell, code)) && true,
      killer: async (seed) => {
        const result = await this.run(cell, code, seed);
        return result && (killerOf(result) ?? null);
      },
      isClean: (seed) => this.isClean(specimen, cell, seed),
    };
    return hunt(prey, limits);
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

/** The check that found something wrong; a search that was given up has found nothing. */
function killerOf(result: RunResult): string | undefined {
  if (isAsExpected(result) || result.verdict === 'unknown') return undefined;
  return result.check ?? result.verdict;
}
