import { identityOf } from '../scenarios/define/result.ts';
import type { CodeInfo } from '../scenarios/runner/node-target.ts';
import type { LastRun } from './grade-job.ts';
import { Runs } from './runs.ts';

/** Something odd about code under test that no test says. */
export interface Oddity {
  readonly text: string;
  /** The same seed came to something else. */
  readonly isNondeterministic: boolean;
}

/** More variables than this are no help. */
const MOST_VARIABLES = 5;

/**
 * Does the last run come to the same in a fresh worker, which has run nothing before? And does it
 * if all nodes share the variables of the code's modules? Then there are none that matter.
 */
export async function oddities(
  file: string,
  { variables }: CodeInfo,
  last: LastRun | undefined,
  interrupted: AbortSignal,
): Promise<readonly Oddity[]> {
  if (last === undefined) return [];
  const { test, result } = last;
  const options = { impl: file, set: test.set };
  const runs = await Runs.open(test.scenario, options, interrupted);
  const names = variables.slice(0, MOST_VARIABLES).map(({ name, where }) => `${name} (${where})`);
  const more = variables.length > names.length ? ', ...' : '';
  const found: Oddity[] = [];
  try {
    const from = { seed: result.seed };
    const again = await runs.run({ from, isTraced: false, seeksGlobals: true });
    if (again === undefined) return [];
    const { newGlobals = [] } = again;
    if (newGlobals.length > 0) {
      const which = newGlobals.slice(0, MOST_VARIABLES).map((name) => `globalThis.${name}`);
      const others = newGlobals.length > which.length ? ', ...' : '';
      found.push({
        isNondeterministic: false,
        text:
          `sets ${which.join(', ')}${others}: all nodes share it, across crashes and runs, ` +
          'as no machines of a cluster could.',
      });
    }
    if (identityOf(again.result) !== identityOf(result)) {
      const which = names.length === 0 ? '' : ` Look at ${names.join(', ')}${more}.`;
      found.push({
        isNondeterministic: true,
        text:
          `${test.name}, seed ${result.seed}, comes to something else in a fresh worker: ` +
          `something outlives a run, be it on globalThis or in a prototype.${which}`,
      });
    }
    if (names.length === 0) return found;
    const shared = await runs.run({ from, isTraced: false, sharesModules: true });
    if (shared === undefined || identityOf(shared.result) === identityOf(again.result)) {
      return found;
    }
    found.push({
      isNondeterministic: false,
      text:
        `keeps state in variables of a module: ${names.join(', ')}${more}. Each life of a node ` +
        'has its own here; nodes of one process would share it.',
    });
    return found;
  } finally {
    await runs.close();
  }
}
