import { formatUs } from './time.ts';

/** Why a run ended before its time. */
export interface Failure {
  /**
   * `crash`: node code threw or rejected. `violation`: a rule of the world or an invariant broke.
   */
  readonly kind: 'crash' | 'violation';
  /** The rule that broke; groups failures: `uncaught error`, `leak`, `time stands still`, ... */
  readonly rule: string;
  readonly message: string;
  /** Node and incarnation whose code was running, if any. */
  readonly node?: string | undefined;
  readonly incarnation?: number | undefined;
  /** Virtual time, in µs. */
  readonly timeUs: number;
  /** Number of the event in which it was seen. */
  readonly event: number;
  readonly stack?: string | undefined;
}

/**
 * A property that must hold does not. Thrown by assertions of protocol cores and by invariants; the
 * step loop adds node, incarnation, virtual time and event.
 */
export class InvariantViolation extends Error {
  readonly rule: string;
  constructor(rule: string, message: string) {
    super(message);
    this.name = 'InvariantViolation';
    this.rule = rule;
  }
}

/** Throw an {@link InvariantViolation} unless the condition holds. */
export function invariant(condition: boolean, rule: string, message: () => string): void {
  if (!condition) throw new InvariantViolation(rule, message());
}

/** Code of a node did what no node may do: it leaked out of the simulation. */
export class LeakError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LeakError';
  }
}

/** Where and when it was seen: `n2#3 at 6.412000 s`. */
export function placeOf({ node, incarnation, timeUs }: Failure): string {
  const who = node === undefined ? '' : `${node}#${incarnation ?? 0} `;
  return `${who}at ${formatUs(timeUs)}`;
}

/** One line: `n2#3 at 6.412000 s, event 18442: message`. */
export function describeFailure(failure: Failure): string {
  return `${placeOf(failure)}, event ${failure.event}: ${failure.message}`;
}
