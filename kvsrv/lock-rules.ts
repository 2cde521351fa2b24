import type { GetReply, PutOutcome } from './contract.ts';

/** The decisions of the lock. */
export interface LockRules {
  /** The key in which the lock of this name lives. */
  keyOf(name: string): string;
  /** What a holder writes: nobody else may write the same. `token` is this client's own. */
  holderId(token: string): string;
  /** Does this put of the own id make its client the holder? If not, it looks again. */
  hasAcquired(outcome: PutOutcome): boolean;
  /** Does this put of the free mark leave the lock free of its client? If not, it looks again. */
  hasReleased(outcome: PutOutcome): boolean;
  isFree(reply: GetReply): boolean;
  isHeldBy(reply: GetReply, id: string): boolean;
}

/** The value of a lock that nobody holds. */
export const FREE = '';

export const lockRules: LockRules = {
  keyOf: (name) => `lock/${name}`,
  holderId: (token) => token,
  // ErrMaybe and ErrVersion alike leave it open who wrote: a request given up earlier may have been
  // executed since. Reading the key settles it.
  hasAcquired: (outcome) => outcome === 'OK',
  hasReleased: (outcome) => outcome === 'OK',
  isFree: ({ value }) => value === FREE,
  isHeldBy: ({ value }, id) => value === id,
};
