import type { Pack } from './pack.ts';
import type { Scenario } from './scenario.ts';
import { ofLab, suiteOf } from './suite.ts';
import { worldHints } from './world-hints.ts';

/** A scenario beyond the official tests that anybody's implementation has to pass. */
export interface Beyond {
  /** Name of a scenario of the same pack. */
  readonly scenario: string;
  /** The part of the lab that has to be done for it: `3C`. */
  readonly part: string;
  /** Settings of it, as `key=value`. Default: its own. */
  readonly set?: readonly string[];
  /**
   * Seeds for each seed of an official test: where every seed is another world, more of them show
   * more. Default: 1.
   */
  readonly weight?: number;
}

/**
 * What a failed check says, to somebody who is to find the bug alone: which promise was broken, and
 * where it was made. Never what to do about it.
 */
export interface Hint {
  /** The checks that it is about, by name. */
  readonly checks: readonly string[];
  /** What must always hold, in a sentence. */
  readonly guarantee: string;
  /** Where that is said: `Raft §5.2, Figure 3`. */
  readonly source: string;
  /** Official tests that are about it; none = no official test is. */
  readonly tests: readonly string[];
  /** What to ask oneself. */
  readonly questions: readonly string[];
}

/** One row of a grade. */
export interface GradedTest {
  /** The official test, or the scenario with its settings. */
  readonly name: string;
  readonly scenario: string;
  readonly lab: number;
  readonly part: string;
  readonly isOfficial: boolean;
  readonly set: readonly string[];
  readonly weight: number;
}

/**
 * The labs that somebody who exports these layers has done: of each layer the first one that knows
 * it, since later labs stand on it.
 */
export function labsOf(packs: readonly Pack[], exported: readonly string[]): readonly string[] {
  const labs = exported.flatMap((layer) => {
    const first = packs.find((pack) => pack.scenarios.some((one) => has(one, [layer])));
    return first?.lab === undefined ? [] : [String(first.lab)];
  });
  return [...new Set(labs)].toSorted();
}

/**
 * All that an implementation has to pass: the official tests of the labs in which its layers take
 * part, in their order, and behind those of each lab what lies beyond them.
 * @param labs labs (`3`) or parts of them (`3C`)
 */
export function gradedTests(
  packs: readonly Pack[],
  labs: readonly string[],
  exported: readonly string[],
): readonly GradedTest[] {
  return packs.flatMap((pack) => {
    const { lab, scenarios, beyond = [] } = pack;
    if (lab === undefined) return [];
    const tests = suiteOf([pack]);
    const official = new Set(labs.flatMap((name) => ofLab(tests, name)));
    const taken = scenarios.filter((scenario) => has(scenario, exported));
    const isMeant = (part: string): boolean =>
      labs.some((name) => name === String(lab) || name.toUpperCase() === part);
    return [
      ...[...official]
        .filter(({ scenario }) => taken.includes(scenario))
        .map(({ test, scenario, part }) => {
          const fixed = { isOfficial: true, set: [], weight: 1 };
          return { name: test, scenario: scenario.name, lab, part, ...fixed };
        }),
      ...beyond
        .filter(({ scenario, part }) => isMeant(part) && taken.some((s) => s.name === scenario))
        .map(({ scenario, part, set = [], weight = 1 }) => {
          const name = [scenario, ...set].join(' ');
          return { name, scenario, lab, part, isOfficial: false, set, weight };
        }),
    ];
  });
}

/** The layers that somebody can hand in for these labs, or parts of labs; none = for all labs. */
export function layersOf(packs: readonly Pack[], labs: readonly string[]): readonly string[] {
  const tests = suiteOf(packs);
  const chosen = labs.length === 0 ? tests : labs.flatMap((lab) => ofLab(tests, lab));
  return [...new Set(chosen.flatMap(({ scenario }) => Object.keys(scenario.layers)))];
}

/** Before the name of a check on which a test rests, where more goes wrong than it is about. */
export const PREMISE = 'premise: ';

/** The hint on a check that failed in a test of this lab; undefined = nobody has one. */
export function hintOn(packs: readonly Pack[], lab: number, name: string): Hint | undefined {
  const check = name.startsWith(PREMISE) ? name.slice(PREMISE.length) : name;
  const own = packs.filter((pack) => pack.lab === lab);
  // Later labs stand on earlier ones, and meet their guarantees.
  const all = [...own, ...packs].flatMap(({ hints = [] }) => hints);
  return [...all, ...worldHints].find(({ checks }) => checks.includes(check));
}

/** Does a scenario let somebody replace one of these layers? */
function has({ layers }: Scenario, names: readonly string[]): boolean {
  return names.some((name) => name in layers);
}
