import type { Incarnation } from '../node/incarnation.ts';

/** When a message leaves the machine of its sender: with what is in the queue dies what waits. */
export class Departure {
  private readonly sender: Incarnation;
  /** When its last byte leaves, in µs. */
  readonly atUs: number;
  /** How long it keeps the sender's network card, in µs. */
  readonly sendingUs: number;

  constructor(sender: Incarnation, atUs: number, sendingUs: number) {
    this.sender = sender;
    this.atUs = atUs;
    this.sendingUs = sendingUs;
  }

  /** Its sender died before it had left. */
  get isLost(): boolean {
    return this.sender.diedUs < this.atUs;
  }
}
