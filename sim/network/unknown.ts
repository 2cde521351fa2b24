/**
 * Answer of a handler that does not know its caller, or cannot make anything of what it was sent:
 * the request counts as one that nobody handles, is dropped, and its call fails.
 */
export const UNKNOWN: unique symbol = Symbol('unknown');
