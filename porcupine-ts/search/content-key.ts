import { ModelError } from '../model-error.ts';

/**
 * A text that is equal for plain data of equal content: JSON with sorted keys, and with
 * `undefined`, `-0`, `NaN` and big integers kept apart. Used to recognise states that a model gives
 * no key for.
 *
 * @throws TypeError for what has no visible content (a Map, a function, an instance of a class):
 *   two different ones would look alike
 */
export function contentKey(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `${value}n`;
  if (Object.is(value, -0)) return '-0';
  if (typeof value === 'function' || typeof value === 'symbol') {
    throw new TypeError(`a ${typeof value} has no content to compare`);
  }
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return `[${value.map(contentKey).join(',')}]`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    throw new TypeError('an instance of a class has no content to compare');
  }
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const pairs = fields.map(([name, field]) => `${JSON.stringify(name)}:${contentKey(field)}`);
  return `{${pairs.join(',')}}`;
}

/** The same; undefined for what has no visible content. */
export function contentKeyIfAny(value: unknown): string | undefined {
  try {
    return contentKey(value);
  } catch (error) {
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/**
 * The same of a state.
 * @throws ModelError if it has no visible content
 */
export function stateContentKey(modelName: string, state: unknown): string {
  try {
    return contentKey(state);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new ModelError(
      modelName,
      `cannot tell its states apart (${error.message}); ` +
        'states must be plain data, or the model needs stateKey',
    );
  }
}
