import { distance } from 'fastest-levenshtein';
import type { Pack } from './pack.ts';
import type { Scenario } from './scenario.ts';
import type { Specimen } from './specimen.ts';
import type { View } from './view.ts';

/** A name that nothing answers to. Carries the nearest ones there are. */
export class UnknownNameError extends Error {
  readonly nearest: readonly string[];
  constructor(what: string, name: string, nearest: readonly string[]) {
    super(`unknown ${what} "${name}"; the nearest: ${nearest.join(', ')}`);
    this.name = 'UnknownNameError';
    this.nearest = nearest;
  }
}

/** Everything that can be run, by name. */
export class Registry {
  readonly packs: readonly Pack[];
  readonly scenarios: readonly Scenario[];
  readonly specimens: readonly Specimen[];
  private readonly byName = new Map<string, Scenario>();

  constructor(packs: readonly Pack[]) {
    this.packs = packs;
    this.scenarios = packs.flatMap((pack) => pack.scenarios);
    this.specimens = packs.flatMap((pack) => pack.specimens);
    for (const scenario of this.scenarios) {
      this.add(scenario.name, scenario);
      if (scenario.test !== undefined) this.add(scenario.test, scenario);
    }
  }

  /**
   * A scenario by its name or by that of its official test.
   * @throws UnknownNameError
   */
  scenario(name: string): Scenario {
    const found = this.byName.get(name);
    if (found === undefined) {
      throw new UnknownNameError('scenario', name, nearest(name, [...this.byName.keys()]));
    }
    return found;
  }

  /** What a layer of this name must give; undefined = anything. */
  contract(layer: string): readonly string[] | undefined {
    return this.packs.find(({ contracts = {} }) => layer in contracts)?.contracts?.[layer];
  }

  /** The views of the pack that has a scenario of this name; none if no pack has. */
  viewsOf(scenario: string): readonly View[] {
    const own = this.packs.find((pack) => pack.scenarios.some(({ name }) => name === scenario));
    return own?.views ?? [];
  }

  /** @throws UnknownNameError */
  specimen(id: string): Specimen {
    const found = this.specimens.find((specimen) => specimen.id === id.toUpperCase());
    if (found === undefined) {
      const ids = this.specimens.map((specimen) => specimen.id);
      throw new UnknownNameError('specimen', id, nearest(id, ids));
    }
    return found;
  }

  private add(name: string, scenario: Scenario): void {
    if (this.byName.has(name)) throw new Error(`two scenarios are called "${name}"`);
    this.byName.set(name, scenario);
  }
}

function nearest(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  const cost = (candidate: string): number => {
    const other = candidate.toLowerCase();
    return other.includes(wanted) ? 0 : distance(wanted, other);
  };
  return names.toSorted((a, b) => cost(a) - cost(b)).slice(0, 3);
}
