import type { PutErr, PutOutcome } from './contract.ts';

/** How a put has gone so far. */
export interface PutAttempts {
  /** Requests sent. */
  readonly sent: number;
  /** Requests that were answered by nobody: lost on the way there, or on the way back. */
  readonly failed: number;
}

/** The decisions of the clerk. */
export interface ClerkRules {
  /** What the client is told when the server has answered. */
  outcome(err: PutErr, attempts: PutAttempts): PutOutcome;
}

export const clerkRules: ClerkRules = {
  // The server refused *this* request. An earlier one whose answer was lost may have been executed,
  // and may itself be the reason why the version does not match any more. (Even after ErrNoKey: it
  // may still be on its way, and find the key at its version.)
  outcome: (err, { failed }) => (err !== 'OK' && failed > 0 ? 'ErrMaybe' : err),
};
