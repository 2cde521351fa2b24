import type { SimEvent } from '../kernel/event.ts';
import type { CallHandler } from '../node/env.ts';
import type { Incarnation } from '../node/incarnation.ts';
import { Flight } from './flight.ts';
import type { Lane, Link } from './link.ts';
import type { Fate } from './link-rules.ts';
import { pack, type Payload } from './payload.ts';

/** One call, from its sending to the moment its caller knows the outcome. */
export class Call {
  readonly caller: Incarnation;
  readonly method: string;
  /** The way of the request; the reply takes the opposite link. */
  readonly link: Link;
  readonly lane: Lane;
  readonly n: number;
  /** Undefined once the caller knows the outcome, or is dead: then nothing holds its memory. */
  resolve: ((reply: unknown) => void) | undefined = undefined;
  timeOut: SimEvent | undefined = undefined;
  /** Its caller was told that it failed: whoever handles the request from now on is late. */
  hasFailed = false;
  /** The life of the server that was up when the request was sent. */
  readonly target: Incarnation | undefined;
  /** While a handler runs: the server's life, and when it began. It stays set if that life ends. */
  server: Incarnation | undefined = undefined;
  servedFromUs = 0;
  /** Its place among the calls that are being served; -1 = it is none of them. */
  servingAt = -1;
  /** A handler has answered: whatever becomes of its node now, the reply is on its way, or lost. */
  isAnswered = false;

  constructor(
    caller: Incarnation,
    method: string,
    link: Link,
    lane: Lane,
    n: number,
    target: Incarnation | undefined,
  ) {
    this.caller = caller;
    this.method = method;
    this.link = link;
    this.lane = lane;
    this.n = n;
    this.target = target;
  }
}

/** What the RPC layer does at the end of a message's way. */
export interface Landing {
  requestLanded(request: Request): void;
  requestLost(call: Call): void;
  replyLanded(call: Call, reply: Payload): void;
  replyLost(call: Call): void;
  refused(call: Call): void;
}

/** A request under way: nobody's event until it has found its server. */
export class Request extends Flight {
  readonly receiver: undefined = undefined;
  readonly call: Call;
  /** Known once it has arrived: the life that takes it, and what handles it there. */
  server: Incarnation | undefined = undefined;
  handler: CallHandler | undefined = undefined;
  private readonly landing: Landing;

  constructor(call: Call, payload: Payload, fate: Fate, landing: Landing) {
    super(call.link, call.lane, call.n, payload, fate);
    this.call = call;
    this.landing = landing;
  }

  copy(fate: Fate): Request {
    return new Request(this.call, pack(this.payload.value), fate, this.landing);
  }

  land(): void {
    this.landing.requestLanded(this);
  }

  override lost(): void {
    this.landing.requestLost(this.call);
  }
}

/** What comes back from a server: an event of the caller. */
abstract class Answer extends Flight {
  readonly receiver: Incarnation;
  protected readonly call: Call;
  protected readonly landing: Landing;

  constructor(
    call: Call,
    link: Link,
    lane: Lane,
    n: number,
    payload: Payload,
    fate: Fate,
    landing: Landing,
  ) {
    super(link, lane, n, payload, fate);
    this.receiver = call.caller;
    this.call = call;
    this.landing = landing;
  }
}

/** A reply under way. */
export class Reply extends Answer {
  copy(fate: Fate): Reply {
    const { call, link, lane, n, payload, landing } = this;
    return new Reply(call, link, lane, n, pack(payload.value), fate, landing);
  }

  land(): void {
    this.landing.replyLanded(this.call, this.payload);
  }

  override lost(): void {
    this.landing.replyLost(this.call);
  }
}

/** What a machine answers whose process is down. */
export class Refusal extends Answer {
  copy(fate: Fate): Refusal {
    const { call, link, lane, n, payload, landing } = this;
    return new Refusal(call, link, lane, n, payload, fate, landing);
  }

  land(): void {
    this.landing.refused(this.call);
  }
}
