/** What a layer must give, as paths: `submit`, `handlers.get`. All but `handlers` are functions. */
export type Contract = readonly string[];

type Make = (...args: never[]) => unknown;

/**
 * A layer that says what is missing in what it makes, before anybody stumbles over it.
 * @param frame where it is defined, as a line of a stack
 */
export function completing(
  name: string,
  make: unknown,
  contract: Contract,
  frame: string | undefined,
): unknown {
  if (typeof make !== 'function') return make;
  const refuse = (message: string): never => {
    const error = new TypeError(message);
    // Who has returned is on no stack.
    if (frame !== undefined) error.stack = `TypeError: ${message}\n${frame}`;
    throw error;
  };
  const complete = (...args: never[]): unknown => {
    if (isClass(make)) refuse(`${name} is a class: export a function that makes one`);
    const made = (make as Make)(...args);
    const lacking = contract.find((path) => !has(made, path));
    if (lacking === undefined) return made;
    const wanted = `${name} must return {${contract.join(', ')}}`;
    if (made instanceof Promise) return refuse(`${wanted}, not a promise: it cannot be async`);
    return refuse(isRecord(made) ? `${wanted}: no ${lacking}` : `${wanted}, not ${String(made)}`);
  };
  // What it declares of itself.
  return Object.assign(complete, make);
}

function has(made: unknown, path: string): boolean {
  let value = made;
  for (const key of path.split('.')) {
    if (!isRecord(value)) return false;
    value = value[key];
  }
  return path === 'handlers' ? isRecord(value) : typeof value === 'function';
}

/** It would throw if it were called, and say nothing of where it is. */
function isClass(make: object): boolean {
  return /^class\b/.test(String(make));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
