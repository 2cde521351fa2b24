import type { EventLabel } from '../kernel/event.ts';
import { eventLabel, type Kernel } from '../kernel/kernel.ts';
import type { CallHandler, MessageHandler } from '../node/env.ts';
import type { Incarnation } from '../node/incarnation.ts';
import { PlanError } from '../plan/plan-error.ts';
import type { Streams } from '../random/streams.ts';
import { Counters } from './counters.ts';
import { Message, type Flight } from './flight.ts';
import { Lane, Link } from './link.ts';
import { LinkRules, type Fate, type LinkRule } from './link-rules.ts';
import { Overrides, toOverride, type MessageOverride } from './override.ts';
import { sizeOf } from './bulk.ts';
import { pack, weighted, type Payload } from './payload.ts';
import { profileByName, type NetworkProfile } from './profile.ts';

/** One node as the network sees it. */
export interface Endpoint {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
  /** The life that is connected now; undefined while the node is down. */
  up: Incarnation | undefined;
  calls: Map<string, CallHandler>;
  messages: Map<string, MessageHandler>;
}

const PROFILE: EventLabel = eventLabel('profile');

/** Links between nodes, and one-way messages over them. RPC is a layer on top: {@link Rpc}. */
export class Network {
  readonly kernel: Kernel;
  readonly counters: Counters = new Counters();
  readonly overrides: Overrides;
  /** Look for senders that change a message after they have sent it. */
  isStrict = false;
  /** Called when a rule has come into force that may cut links. */
  whenRuled: (rule: LinkRule) => void = () => {};
  profile: NetworkProfile;
  /** The fate of every message so far, as overrides that would repeat it; kept on request only. */
  fates: MessageOverride[] | undefined = undefined;
  private readonly streams: Streams;
  private readonly rules = new LinkRules();
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly links = new Map<string, Map<string, Link>>();
  /** Of the message that is being sent: used again and again, since sending never nests. */
  private readonly fate: Fate = {
    isLost: false,
    delayUs: 0,
    copies: 1,
    isDamaged: false,
    copyLaterUs: 0,
    departure: undefined,
  };

  constructor(
    kernel: Kernel,
    streams: Streams,
    profile: string,
    overrides: readonly MessageOverride[],
  ) {
    this.kernel = kernel;
    this.streams = streams;
    this.profile = profileByName(profile);
    this.overrides = new Overrides(overrides);
  }

  /**
   * Change the profile; messages in flight keep their fate.
   * @throws PlanError if the new one has another style: calls in flight would wait for an answer
   *   that nobody gives
   */
  setProfile(name: string): void {
    const next = profileByName(name);
    if (next.style !== this.profile.style) {
      throw new PlanError(
        `cannot change from ${this.profile.name} to ${name}: their styles differ`,
      );
    }
    this.profile = next;
    this.kernel.note('fault', undefined, undefined, PROFILE, eventLabel(name).labelHash, {
      payload: name,
    });
  }

  /** A node's new life takes over its address; handlers start empty. */
  connect(incarnation: Incarnation): void {
    const { id, labels } = incarnation;
    let endpoint = this.endpoints.get(id);
    if (endpoint === undefined) {
      endpoint = { id, labels, up: undefined, calls: new Map(), messages: new Map() };
      this.endpoints.set(id, endpoint);
    }
    endpoint.up = incarnation;
    endpoint.calls = new Map();
    endpoint.messages = new Map();
    incarnation.links = this.linksFrom(id);
  }

  disconnect(id: string): void {
    const endpoint = this.endpoints.get(id);
    if (endpoint !== undefined) endpoint.up = undefined;
  }

  endpoint(id: string): Endpoint | undefined {
    return this.endpoints.get(id);
  }

  receive(owner: Incarnation, handlers: Readonly<Record<string, MessageHandler>>): void {
    const endpoint = this.endpoints.get(owner.id) as Endpoint;
    for (const type of Object.keys(handlers)) {
      endpoint.messages.set(type, handlers[type] as MessageHandler);
    }
  }

  link(from: string, to: string): Link {
    return this.linkIn(this.linksFrom(from), from, to);
  }

  /** The same for a life that sends: it keeps its links at hand. */
  linkFrom({ links, id }: Incarnation, to: string): Link {
    return this.linkIn(links as Map<string, Link>, id, to);
  }

  /** The node at the end of a link, if there is one. */
  endpointOf(link: Link): Endpoint | undefined {
    return (link.endpoint ??= this.endpoints.get(link.to));
  }

  private linksFrom(from: string): Map<string, Link> {
    let row = this.links.get(from);
    if (row === undefined) this.links.set(from, (row = new Map<string, Link>()));
    return row;
  }

  private linkIn(row: Map<string, Link>, from: string, to: string): Link {
    let link = row.get(to);
    if (link === undefined) row.set(to, (link = new Link(from, to, this.rules)));
    return link;
  }

  lane(link: Link, type: string): Lane {
    let lane = link.lanes.get(type);
    if (lane === undefined) {
      lane = new Lane(this.streams, link.name, type, this.overrides.forLane(link.name, type));
      link.lanes.set(type, lane);
    }
    return lane;
  }

  /** A fault comes into force. Returns what ends it. */
  addRule(rule: LinkRule): () => void {
    const remove = this.rules.add(rule);
    this.whenRuled(rule);
    return remove;
  }

  /** Send a one-way message. */
  send(from: Incarnation, to: string, type: string, payload: unknown, bytes?: number): void {
    const link = this.linkFrom(from, to);
    const lane = this.lane(link, type);
    const packed = weighted(pack(payload), sizeOf('send', bytes));
    this.count(lane, packed.bytes);
    const n = lane.n++;
    const fate = this.dispatch(link, lane, n, packed, 'request', from);
    if (fate.isLost || link.isCut(type)) return this.lose(link, lane, n);
    this.post(new Message(link, lane, n, packed, fate, this.land), fate, from, payload);
  }

  /** Count a call or a one-way message. */
  count(lane: Lane, bytes: number): void {
    lane.counter ??= this.counters.ofType(lane.type);
    this.counters.sent(lane.counter, bytes);
  }

  /**
   * Draw the fate of a message; faults and overrides have their say. The result is good until the
   * next message.
   * @param sender whose hardware it leaves; undefined = nobody's
   */
  dispatch(
    link: Link,
    lane: Lane,
    n: number,
    payload: Payload,
    way: 'request' | 'reply',
    sender: Incarnation | undefined,
  ): Fate {
    const { label, fates } = lane;
    const { profile, kernel, fate } = this;
    forget(fate);
    fates.next();
    if (way === 'request') fates.request(profile, fate);
    else fates.reply(profile, fate);
    if (profile.regionUs !== undefined) fate.delayUs += this.betweenRegions(link, profile.regionUs);
    link.shape(fate, lane, payload.bytes);
    // What gets lost has left.
    fate.departure = sender?.hardware === undefined ? undefined : depart(sender, link, payload);
    const override = lane.overrides?.get(n);
    if (override !== undefined) this.overrides.apply(override, fate, link.name, lane.type, n);
    const { from, to } = link;
    const hash = payload.hash ^ link.hash ^ n;
    // Allocated for a trace only: this runs for every message.
    const detail = kernel.trace === undefined ? undefined : { from, to, n };
    kernel.note('send', from, undefined, label, hash, detail);
    kernel.meter?.weighed(payload.bytes);
    if (fate.copies === 2) this.mark('duplicated', link, lane, n);
    if (fate.isDamaged) {
      this.mark('corrupted', link, lane, n);
      // Whoever did not ask for damaged messages has a checksum that finds them out.
      fate.isLost ||= this.endpointOf(link)?.up?.takesDamaged !== true;
    }
    this.fates?.push({ link: link.name, type: lane.type, n, fate: toOverride(fate) });
    return fate;
  }

  /** Put a flight on the wire, twice if its fate says so. */
  post(flight: Flight, fate: Fate, sender?: Incarnation, value?: unknown): void {
    if (this.isStrict && sender !== undefined && !fate.isDamaged) flight.origin = { sender, value };
    const delayUs = waitUs(fate, this.kernel.now) + fate.delayUs;
    this.setOut(flight, delayUs);
    if (fate.copies === 1) return;
    // What travels is damaged already.
    fate.isDamaged = false;
    this.setOut(flight.copy(fate), delayUs + fate.copyLaterUs);
  }

  /** A message is gone, by chance or by a fault. */
  lose(link: Link, lane: Lane, n: number): void {
    this.mark('lost', link, lane, n);
  }

  /** A message has arrived where nobody handles it. */
  unknown(link: Link, lane: Lane, n: number): void {
    const { from, to } = link;
    this.counters.unknown++;
    this.kernel.tell({ kind: 'unknown', node: to, label: lane.type, from, n });
    this.lose(link, lane, n);
  }

  private setOut(flight: Flight, delayUs: number): void {
    flight.link.tell('sent', flight);
    this.schedule(flight, delayUs);
  }

  private schedule(flight: Flight, delayUs: number): void {
    this.scheduleArrival(flight, this.kernel.now + delayUs, this.arrive);
  }

  private scheduleArrival(flight: Flight, at: number, arrive: (flight: Flight) => void): void {
    const { kernel } = this;
    const { link, lane, n, payload, receiver } = flight;
    const { from, to } = link;
    const detail =
      kernel.trace === undefined ? undefined : { from, to, n, payload: pack(payload.value).value };
    // A message is an event of the world until it has found its node.
    const kind = receiver === undefined ? 'message' : 'answer';
    kernel.schedule(kind, receiver, at, arrive, lane.label, payload.hash, detail, flight);
  }

  /** A one-way message has reached its node, if that is up and knows what to do with it. */
  private readonly land = (message: Message): void => {
    const { link, lane, n } = message;
    const endpoint = this.endpointOf(link);
    const up = endpoint?.up;
    if (up === undefined) return this.lose(link, lane, n);
    const handler = endpoint?.messages.get(lane.type);
    if (handler === undefined) return this.unknown(link, lane, n);
    message.handler = handler;
    this.kernel.enter(up, lane.label, handOver, message);
  };

  /** What is held waits, what was evicted or is cut off is lost, and the rest lands. */
  private readonly arrive = (flight: Flight): void => {
    const { link, lane, n } = flight;
    const hold = link.holder(lane.type);
    if (hold !== undefined) {
      this.mark('held', link, lane, n);
      return hold(() => this.schedule(flight, 1));
    }
    if (flight.origin !== undefined) this.checkOrigin(flight, flight.origin);
    link.tell('arrived', flight);
    const isCut = this.profile.style === 'datagram' && link.isCut(lane.type);
    if (flight.isEvicted || isCut || flight.departure?.isLost === true) {
      this.lose(link, lane, n);
      flight.lost();
    } else {
      this.takeIn(flight);
    }
  };

  /** It lands once it has got through the network card of its receiver, if that has one. */
  private takeIn(flight: Flight): void {
    const { kernel } = this;
    const { link, payload, departure } = flight;
    const receiver = flight.receiver ?? this.endpointOf(link)?.up;
    if (receiver?.hardware === undefined || link.from === link.to) return flight.land();
    const { bytes } = payload;
    const at = receiver.hardware.receive(kernel.now, bytes, departure?.sendingUs ?? 0);
    if (at <= kernel.now) return flight.land();
    kernel.meter?.postponed();
    this.scheduleArrival(flight, at, () => this.getThrough(flight, receiver));
  }

  /** What waited at a network card whose life has ended is gone with it. */
  private getThrough(flight: Flight, receiver: Incarnation): void {
    const { link, lane, n } = flight;
    if (receiver.alive) return flight.land();
    this.lose(link, lane, n);
    flight.lost();
  }

  /** Strict mode: whoever changes what it has sent would share memory with the receiver. */
  private checkOrigin({ link, lane, n, payload }: Flight, origin: Flight['origin'] & {}): void {
    if (isUnchanged(origin.value, payload)) return;
    const { id, incarnation } = origin.sender;
    const what = `${lane.type} #${n} to ${link.to}`;
    const message =
      `${id}#${incarnation} changed what it had sent before it arrived (${what}): ` +
      'send a copy, or do not touch it again';
    this.kernel.fail('crash', 'leak', message, origin.sender);
  }

  private mark(
    kind: 'lost' | 'held' | 'duplicated' | 'corrupted',
    { from, to, hash }: Link,
    { label }: Lane,
    n: number,
  ): void {
    this.counters[kind]++;
    const detail = this.kernel.trace === undefined ? undefined : { from, to, n };
    this.kernel.note(kind, from, undefined, label, hash ^ n, detail);
  }

  private betweenRegions(link: Link, regionUs: Readonly<Record<string, number>>): number {
    const regionOf = (id: string): string => this.endpoints.get(id)?.labels['region'] ?? 'us';
    const [a, b] = [regionOf(link.from), regionOf(link.to)];
    return regionUs[a < b ? `${a}>${b}` : `${b}>${a}`] ?? 0;
  }
}

/** What a node sends to itself never sees the network. */
function depart(sender: Incarnation, { from, to }: Link, { bytes }: Payload): Fate['departure'] {
  return from === to ? undefined : sender.depart(bytes);
}

/** How long a message waits until it leaves its sender, in µs. */
export function waitUs({ departure }: Fate, nowUs: number): number {
  return departure === undefined ? 0 : departure.atUs - nowUs;
}

/** What most messages meet with: nothing. */
function forget(fate: Fate): void {
  fate.copies = 1;
  fate.copyLaterUs = 0;
  fate.isDamaged = false;
}

function handOver({ handler, payload, link }: Message): unknown {
  return handler?.(payload.value as never, link.from);
}

function isUnchanged(value: unknown, { bytes, hash }: Payload): boolean {
  try {
    const now = pack(value);
    return weighted(now, bytes - now.bytes).hash === hash;
  } catch {
    return false;
  }
}
