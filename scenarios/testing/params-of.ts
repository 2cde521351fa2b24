import fc from 'fast-check';
import { z } from 'zod';
import { parseParams, ParamsError } from '../define/params.ts';
import type { Json, JsonObject } from '../define/plan.ts';
import type { Scenario } from '../define/scenario.ts';

/**
 * Params of a scenario, by its schema: whole numbers from the least that it allows to twice the
 * default, booleans, enums. They shrink towards the defaults. A param of another type has its
 * default.
 * @param names the params to vary; default: all. Leave out those that are budgets: a run that has a
 *   millisecond to converge fails, and rightly so
 * @throws ParamsError if the scenario has no such param
 */
export function paramsOf(
  scenario: Scenario,
  names: readonly string[] = Object.keys(scenario.params.shape),
): fc.Arbitrary<JsonObject> {
  const defaults = parseParams(scenario, {});
  const { shape } = scenario.params;
  const fields = names.map((name): [string, fc.Arbitrary<Json>] => {
    if (!Object.hasOwn(shape, name)) {
      const there = Object.keys(shape).join(', ') || 'none';
      throw new ParamsError(`${scenario.name} has no param "${name}"; there are ${there}`);
    }
    return [name, valuesOf(shape[name] as z.ZodType, defaults[name]!)];
  });
  return fc.record(Object.fromEntries(fields));
}

function valuesOf(type: z.ZodType, usual: Json): fc.Arbitrary<Json> {
  if (type instanceof z.ZodDefault) return valuesOf(type.unwrap() as z.ZodType, usual);
  if (type instanceof z.ZodNumber && typeof usual === 'number' && Number.isInteger(usual)) {
    const { minValue, maxValue } = type;
    const least = Math.max(minValue ?? -Infinity, Math.min(0, 2 * usual));
    const most = Math.min(maxValue ?? Infinity, Math.max(1, 2 * usual));
    // Drawn as the distance from the default: that is what it shrinks to.
    const distance = fc.integer({ min: Math.ceil(least) - usual, max: Math.floor(most) - usual });
    return distance.map((by) => usual + by);
  }
  if (type instanceof z.ZodBoolean) return firstOf(usual, [!(usual as boolean)]);
  if (type instanceof z.ZodEnum) return firstOf(usual, type.options);
  return fc.constant(usual);
}

/** One of the values; shrinks to the usual one. */
function firstOf(usual: Json, others: readonly Json[]): fc.Arbitrary<Json> {
  return fc.constantFrom(usual, ...others.filter((other) => other !== usual));
}
