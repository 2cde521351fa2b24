import { z } from 'zod';
import type { JsonObject } from './plan.ts';
import type { Scenario } from './scenario.ts';

/** Params that do not fit a scenario's schema. Names the param, and those there are. */
export class ParamsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ParamsError';
  }
}

/** Making a schema strict, and compiling it, takes longer than checking params by it. */
const strictSchemas = new WeakMap<Scenario['params'], z.ZodObject>();

function strictSchemaOf({ params }: Scenario): z.ZodObject {
  const known = strictSchemas.get(params);
  if (known !== undefined) return known;
  const strict = params.strict();
  strictSchemas.set(params, strict);
  return strict;
}

/**
 * The params of a scenario, with defaults filled in.
 * @throws ParamsError
 */
export function parseParams(scenario: Scenario, params: JsonObject): JsonObject {
  const parsed = strictSchemaOf(scenario).safeParse(params);
  if (parsed.success) return parsed.data as JsonObject;
  const problems = parsed.error.issues.map((issue) => {
    const name = issue.path.join('.');
    return name === '' ? issue.message : `${name}: ${issue.message}`;
  });
  const known = Object.keys(scenario.params.shape);
  const there = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
  throw new ParamsError(`params of ${scenario.name}: ${problems.join('; ')} (${there})`);
}

/** What `list` shows of a scenario's params: name, default and description. */
export function describeParams(scenario: Scenario): { name: string; text: string }[] {
  const defaults = parseParams(scenario, {});
  return Object.entries(scenario.params.shape).map(([name, field]) => ({
    name,
    text: `${JSON.stringify(defaults[name])}  ${(field as z.ZodType).description ?? ''}`,
  }));
}
