import type { Env } from '../sim/index.ts';
import type { Apply, ApplyMessage } from './contract.ts';

export interface ApplierOptions {
  /** Does Raft wait for nothing? Then it is given no promise either. */
  readonly isSynchronous: boolean;
  /** How long the service takes before each message, in ms. Default: no time at all. */
  readonly pauseMs?: (() => number) | undefined;
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
  const queue: { readonly message: ApplyMessage; readonly taken: () => void }[] = [];
  const takeNext = (): void => {
    const { message, taken } = queue[0]!;
    take(message);
    queue.shift();
    taken();
    if (queue.length > 0) next();
  };
  const next = (): void => {
    if (pauseMs === undefined) env.spawn('apply', takeNext);
    else env.setTimer(pauseMs(), takeNext);
  };
  const add = (message: ApplyMessage, taken: () => void): void => {
    queue.push({ message, taken });
    if (queue.length === 1) next();
  };
  return (message) => {
    if (!isSynchronous) return new Promise((resolve) => add(message, resolve));
    add(message, nothing);
    return undefined;
  };
}

function nothing(): void {}
