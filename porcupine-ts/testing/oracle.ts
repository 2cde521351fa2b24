import { ILLEGAL, type Model } from '../model.ts';
import type { Operation } from '../history/operation.ts';

/**
 * Linearizability by its definition and nothing else: tries every order of the operations that
 * respects real time, over all keys at once, without memory. For histories of a handful of
 * operations; the tests hold the search against it.
 */
export function isLinearizable<S, I, O>(
  model: Model<S, I, O>,
  history: readonly Operation<I, O>[],
): boolean {
  return extend(model, new Map(), history);
}

function extend<S, I, O>(
  model: Model<S, I, O>,
  states: ReadonlyMap<string, S>,
  left: readonly Operation<I, O>[],
): boolean {
  if (left.every((operation) => operation.return === undefined)) return true;
  return left.some((next) => {
    const others = left.filter((operation) => operation !== next);
    if (others.some((other) => (other.return ?? Infinity) < next.call)) return false;
    const key = model.partitionKey?.(next.input) ?? '';
    const before = states.has(key) ? (states.get(key) as S) : model.init();
    const after = model.step(before, next.input, next.output);
    return after !== ILLEGAL && extend(model, new Map(states).set(key, after), others);
  });
}
