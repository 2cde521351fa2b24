import { PlanError } from './plan-error.ts';

/**
 * The profile of that name.
 * @param what names its sort in the error: `disk`
 * @throws PlanError naming those that there are
 */
export function byName<T>(what: string, profiles: ReadonlyMap<string, T>, name: string): T {
  const profile = profiles.get(name);
  if (profile !== undefined) return profile;
  throw new PlanError(`no ${what} profile "${name}"; there are ${[...profiles.keys()].join(', ')}`);
}
