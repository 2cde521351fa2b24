import fc from 'fast-check';
import type { Plan } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import type { Scenario } from '../define/scenario.ts';
import { runScenario, type CodeUnderTest } from './run-scenario.ts';

/** What the runs of a property have seen, in total: without it their passing means little. */
export class Seen {
  private readonly totals = new Map<string, number>();

  add({ faults, profile }: Plan, { activity, operations }: RunResult): void {
    const kinds = Object.fromEntries(faults.map(({ kind }) => [`fault ${kind}`, 1]));
    const counts = { ...activity, ...kinds, [`profile ${profile}`]: 1, operations };
    for (const [what, count] of Object.entries(counts)) {
      this.totals.set(what, (this.totals.get(what) ?? 0) + count);
    }
  }

  /**
   * Of which of these less was seen, and how much. Besides activity there are `operations`, and of
   * how many runs each `fault <kind>` and `profile <name>` was a part.
   */
  below(least: Readonly<Record<string, number>>): [what: string, seen: number][] {
    return Object.entries(least).flatMap(([what, count]) => {
      const seen = this.totals.get(what) ?? 0;
      return seen < count ? [[what, seen]] : [];
    });
  }
}

/** Each of these kinds of faults, at least once; for {@link Seen.below}. */
export function eachKind(kinds: readonly string[]): Readonly<Record<string, number>> {
  return Object.fromEntries(kinds.map((kind) => [`fault ${kind}`, 1]));
}

/**
 * The property: every plan is passed.
 * @param code what is under test. Default: ours
 * @param seen what happened is added to it
 */
export function passing(
  scenario: Scenario,
  plans: fc.Arbitrary<Plan>,
  { code = {}, seen }: { readonly code?: CodeUnderTest; readonly seen?: Seen } = {},
): fc.IAsyncProperty<[Plan]> {
  return fc.asyncProperty(plans, async (plan) => {
    const { result } = await runScenario(scenario, plan, code);
    if (result.verdict !== 'pass') throw new Error(`${result.check}: ${result.reason}`);
    seen?.add(plan, result);
  });
}
