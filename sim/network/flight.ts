import type { Departure } from '../hardware/departure.ts';
import type { MessageHandler } from '../node/env.ts';
import type { Incarnation } from '../node/incarnation.ts';
import { damaged } from './damage.ts';
import type { Lane, Link } from './link.ts';
import type { Fate } from './link-rules.ts';
import { repacked, type Payload } from './payload.ts';

/** A message under way, and what becomes of it at the end. */
export abstract class Flight {
  readonly link: Link;
  readonly lane: Lane;
  readonly n: number;
  readonly payload: Payload;
  /** Whose event the arrival is; undefined = not known before it has arrived. */
  abstract readonly receiver: Incarnation | undefined;
  /** When it leaves its sender; undefined = it left at once. */
  readonly departure: Departure | undefined;
  /** A fault has thrown it out on the way. */
  isEvicted = false;

  constructor(link: Link, lane: Lane, n: number, payload: Payload, fate: Fate) {
    this.link = link;
    this.lane = lane;
    this.n = n;
    this.payload = fate.isDamaged ? damaged(payload) : payload;
    this.departure = fate.departure;
  }

  /** Strict mode: what was sent, and by whom, to see whether the sender changes it afterwards. */
  origin: { readonly sender: Incarnation; readonly value: unknown } | undefined = undefined;

  /** The same message once more, with content of its own. */
  abstract copy(fate: Fate): Flight;
  abstract land(): void;
  /** It got lost on the way. */
  lost(): void {}
}

/** A one-way message. */
export class Message extends Flight {
  readonly receiver: undefined = undefined;
  /** Known once it has arrived. */
  handler: MessageHandler | undefined = undefined;
  private readonly landed: (message: Message) => void;

  constructor(
    link: Link,
    lane: Lane,
    n: number,
    payload: Payload,
    fate: Fate,
    landed: (message: Message) => void,
  ) {
    super(link, lane, n, payload, fate);
    this.landed = landed;
  }

  copy(fate: Fate): Message {
    const { link, lane, n, payload, landed } = this;
    return new Message(link, lane, n, repacked(payload), fate, landed);
  }

  land(): void {
    this.landed(this);
  }
}
