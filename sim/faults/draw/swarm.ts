import type { Random } from '../../random/random.ts';
import { withinBudget, type FaultBudget } from '../budget.ts';
import type { FaultAction } from '../kinds.ts';
import type { Window } from './patterns.ts';
import { drawRecipe, type Cast, type RecipeName } from './recipes.ts';

/** What a swarm draw may do. */
export interface SwarmOptions extends Cast, Window {
  /** Which disturbances may take part, and how many of each at most. */
  readonly kinds: Readonly<Partial<Record<RecipeName, number>>>;
  /** What the run can bear; absent = anything: then only safety can be judged. */
  readonly budget?: FaultBudget | undefined;
}

/**
 * Draw the faults of a run, after swarm testing: each kind takes part or not, and with its own
 * intensity, because everything at once hides bugs that one kind alone would show. Each action is
 * drawn from streams of its own, so that none depends on another; ids name kind and ordinal.
 * @param stream gives the stream of a name, e.g. `faults/crash`
 */
export function drawSwarm(stream: (name: string) => Random, options: SwarmOptions): FaultAction[] {
  const { kinds, budget } = options;
  const actions = (Object.keys(kinds) as RecipeName[]).flatMap((name) => {
    const most = kinds[name] ?? 0;
    const count = stream(`faults/${name}`).below(most + 1);
    return Array.from({ length: count }, (_, i) => {
      const id = `${name}${i}`;
      return drawRecipe(name, id, stream(`faults/${id}`), options, options);
    }).flat();
  });
  return budget === undefined ? actions : withinBudget(actions, budget);
}
