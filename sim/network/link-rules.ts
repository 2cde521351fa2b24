import type { Departure } from '../hardware/departure.ts';
import type { Flight } from './flight.ts';
import type { Lane, Link } from './link.ts';

/** What becomes of one message: drawn by the network, then shaped by faults and overrides. */
export interface Fate {
  isLost: boolean;
  /** One-way time in µs; of a lost message: when it is lost. */
  delayUs: number;
  copies: 1 | 2;
  /** Its content was damaged on the way. */
  isDamaged: boolean;
  /** Later than the first copy, in µs, of a message that arrives twice. */
  copyLaterUs: number;
  /** When it leaves its sender; undefined = at once. */
  departure: Departure | undefined;
}

/** What a fault does to one link while it lasts. Absent parts do nothing. */
export interface LinkEffect {
  /** Message types that it concerns; absent = all. */
  readonly types?: ReadonlySet<string> | undefined;
  /** Nothing gets through, neither at sending nor at arrival. */
  readonly isCut?: boolean;
  /** What arrives is held until the fault ends. */
  readonly holds?: (release: () => void) => void;
  /** Changes the fate of a message at its sending. */
  readonly shape?: (fate: Fate, lane: Lane, bytes: number) => void;
  /** Told of messages that set out, not of those that are lost at once. */
  readonly sent?: (flight: Flight) => void;
  /** Told of their arrival, in whatever state. */
  readonly arrived?: (flight: Flight) => void;
}

/** A fault in force, as far as links are concerned. */
export interface LinkRule {
  covers(from: string, to: string): boolean;
  /** Its effect on a link that it covers; made once for each link, when that is first used. */
  effectOn(link: Link): LinkEffect;
}

/**
 * The rules in force. A link looks up which of them cover it when they have changed, and not for
 * every message: what a message costs depends neither on the number of nodes nor on past faults.
 */
export class LinkRules {
  readonly inForce: LinkRule[] = [];
  /** Changes whenever a rule comes or goes. */
  version = 0;

  add(rule: LinkRule): () => void {
    this.inForce.push(rule);
    this.version++;
    return () => {
      this.inForce.splice(this.inForce.indexOf(rule), 1);
      this.version++;
    };
  }
}
