import type { Env } from '../sim/index.ts';
import type { Apply, ApplyMessage } from './contract.ts';

export interface ApplierOptions {
  /** Does Raft wait for nothing? Then it is given no promise either. */
  readonly isSynchronous: boolean;
  /** How long the service takes before each message, in ms. Default: no time at all. */
  readonly pauseMs?: (() => number) | undefined;
}

interface Queued {
  readonly message: ApplyMessage;
  readonly taken: () => void;
  next?: Queued;
}

/**
 * The way from Raft to its service: messages queue up in order, and each is taken in an event of
 * its own, never inside a call of Raft's (labs.md §8: one applier).
 */
export function applier(
  env: Env,
  take: (message: ApplyMessage) => void,
  { isSynchronous, pauseMs }: ApplierOptions,
): Apply {
  // A list, since a server that starts again is given its whole log at once: taking the first item
  // from a long array would cost as much as the array is long.
  let first: Queued | undefined;
  let last: Queued | undefined;
  const takeNext = (): void => {
    const { message, taken } = first!;
    take(message);
    // Only now: what comes meanwhile must not be taken inside this call.
    first = first!.next;
    taken();
    if (first !== undefined) next();
  };
  const next = (): void => {
    if (pauseMs === undefined) env.spawn('apply', takeNext);
    else env.setTimer(pauseMs(), takeNext);
  };
  const add = (message: ApplyMessage, taken: () => void): void => {
    const queued = { message, taken };
    const isAlone = first === undefined;
    if (isAlone) first = queued;
    else last!.next = queued;
    last = queued;
    if (isAlone) next();
  };
  return (message) => {
    if (!isSynchronous) return new Promise((resolve) => add(message, resolve));
    add(message, nothing);
    return undefined;
  };
}

function nothing(): void {}
