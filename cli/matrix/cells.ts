import type { Pack } from '../../scenarios/define/pack.ts';
import type { Registry } from '../../scenarios/define/registry.ts';
import type { Specimen } from '../../scenarios/define/specimen.ts';
import { suiteOf } from '../../scenarios/define/suite.ts';

/** What of a matrix is wanted. */
export interface MatrixChoice {
  /** Ids; none = all. */
  readonly ids: readonly string[];
  readonly lab?: string | undefined;
  /** Scenarios to try instead of those that each specimen is known to show in. */
  readonly scenarios?: readonly string[] | undefined;
  /** Only with the views of servers shown, or only with them withheld. Default: both. */
  readonly view?: boolean | undefined;
  /** Passes of the official tests; 0 = none. */
  readonly passes: number;
}

/** A piece of work, which one worker does. */
export type Cell = KillCell | OfficialCell;

/** A scenario against a specimen, in all ranges of seeds. */
export interface KillCell {
  readonly kind: 'kill';
  readonly specimen: Specimen;
  readonly scenario: string;
  /** null = the scenario has no such param. */
  readonly view: boolean | null;
}

/** One pass of the official tests of its lab against a specimen, judged from outside. */
export interface OfficialCell {
  readonly kind: 'official';
  readonly specimen: Specimen;
  /** From 1; it is the seed of each test. */
  readonly pass: number;
  readonly tests: readonly OfficialTarget[];
}

/** An official test as it is run here. */
export interface OfficialTarget {
  readonly test: string;
  /** null = it has no such param. */
  readonly view: false | null;
}

/**
 * The cells of a matrix, those of a specimen one after the other.
 * @throws UnknownNameError
 */
export function cellsOf(registry: Registry, choice: MatrixChoice): readonly Cell[] {
  const { passes } = choice;
  const specimens = wanted(registry, choice);
  const scenarios = choice.scenarios?.map((name) => registry.scenario(name).name);
  return specimens.flatMap((specimen): Cell[] => {
    const known = scenarios ?? specimen.scenarios;
    const own = [...new Set(known)].filter((name) => registry.scenario(name).lab === specimen.lab);
    if (own.length === 0) return [];
    const kills = own.flatMap((scenario) => killCells(registry, specimen, scenario, choice.view));
    const tests = officialTests(registry.packs, specimen.lab);
    const official = Array.from({ length: tests.length === 0 ? 0 : passes }, (_, i) => {
      return { kind: 'official' as const, specimen, pass: i + 1, tests: testsOf(tests, i + 1) };
    });
    return [...kills, ...official];
  });
}

function wanted(registry: Registry, { ids, lab }: MatrixChoice): readonly Specimen[] {
  const named = new Set(ids.map((id) => registry.specimen(id)));
  return registry.specimens.filter((specimen) => {
    const isNamed = named.size === 0 || named.has(specimen);
    return isNamed && (lab === undefined || String(specimen.lab) === lab);
  });
}

function killCells(
  registry: Registry,
  specimen: Specimen,
  scenario: string,
  view: boolean | undefined,
): KillCell[] {
  const hasView = 'view' in registry.scenario(scenario).params.shape;
  const views = hasView
    ? [true, false].filter((one) => view === undefined || one === view)
    : [null];
  return views.map((one) => ({ kind: 'kill', specimen, scenario, view: one }));
}

interface ListedTest extends OfficialTarget {
  readonly once: boolean;
}

function officialTests(packs: readonly Pack[], lab: number): readonly ListedTest[] {
  return suiteOf(packs.filter((pack) => pack.lab === lab)).map(({ test, scenario }) => ({
    test,
    view: 'view' in scenario.params.shape ? false : null,
    once: scenario.once === true,
  }));
}

/** What measures memory does so in the first pass only. */
function testsOf(tests: readonly ListedTest[], pass: number): readonly OfficialTarget[] {
  return tests.filter(({ once }) => !once || pass === 1);
}
