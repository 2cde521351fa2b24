/** What can be said of a thrown value. */
export interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
}

/**
 * Describe whatever somebody's code has thrown: that need not be an Error, and even an Error may
 * lie about its fields or throw when one looks at them. Never throws itself.
 */
export function describeThrown(value: unknown): Thrown {
  try {
    if (value instanceof Error) {
      const { name, message, stack } = value as {
        name: unknown;
        message: unknown;
        stack?: unknown;
      };
      return {
        name: String(name),
        message: String(message),
        stack: typeof stack === 'string' ? stack : undefined,
      };
    }
    return { name: '', message: String(value), stack: undefined };
  } catch {
    return { name: '', message: 'something that cannot be shown', stack: undefined };
  }
}

/** `instanceof`, also for values that throw when they are asked. */
export function isA<C>(value: unknown, type: abstract new (...args: never[]) => C): value is C {
  try {
    return value instanceof type;
  } catch {
    return false;
  }
}
