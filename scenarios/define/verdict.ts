/** What a run, a sweep or a check may come to. */
export const verdicts = [
  'pass',
  /** A guarantee was broken: see {@link ViolationClass}. */
  'violation',
  /** Node code threw, rejected, leaked out of the simulation, or hung. */
  'crash',
  /** The checker used up its budget. Never a pass. */
  'unknown',
  /** Something that should have happened never did: the sweep proves nothing. */
  'vacuous',
  'nondeterministic',
] as const;

export type Verdict = (typeof verdicts)[number];

/**
 * Safety: something bad happened. Liveness: something good did not, in time. Performance: a bound.
 */
export type ViolationClass = 'safety' | 'liveness' | 'performance';

/** What a check found wrong. */
export interface Finding {
  readonly verdict: 'violation' | 'crash' | 'unknown';
  readonly class?: ViolationClass | undefined;
  /** The check, or the rule of the world, that found it. */
  readonly check: string;
  /** One sentence with the values that matter. */
  readonly message: string;
  /** What tells this failure from others of the same check; default: the message. */
  readonly kind?: string | undefined;
  /** Number of the event at which it was seen. */
  readonly event?: number | undefined;
  /** Node, incarnation, virtual time and stack, for a crash. */
  readonly where?: string | undefined;
  readonly stack?: string | undefined;
  /** The few things that one has to see to understand it, in order. */
  readonly story?: readonly StoryLine[] | undefined;
}

/** One line of the story of a failure. */
export interface StoryLine {
  /** Virtual time, in µs. */
  readonly timeUs: number;
  readonly who: string;
  readonly text: string;
  /** This is where it goes wrong. */
  readonly isCulprit?: boolean | undefined;
}

/**
 * Groups failures of one kind: the check and its message (or kind) without names, numbers and
 * quoted values, which differ from seed to seed.
 */
export function signatureOf(finding: Finding): string {
  const message = (finding.kind ?? finding.message)
    .replace(/"[^"]*"/g, '"…"')
    .replace(/\b[a-z]+\d+(#\d+)?\b/g, '…')
    .replace(/\d+(\.\d+)?/g, '#');
  return `${finding.check}: ${message}`;
}
