import type { Operation } from '../history/operation.ts';

/** An operation of client `clientId` that returned. */
export function done<I, O>(
  clientId: string | number,
  call: number,
  end: number,
  input: I,
  output: O,
): Operation<I, O> {
  return { clientId, call, return: end, input, output };
}

/** An operation of client `clientId` that never returned. */
export function pending<I>(clientId: string | number, call: number, input: I): Operation<I, never> {
  return { clientId, call, input };
}
