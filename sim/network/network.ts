import { eventLabel, type EventLabel, type Kernel } from '../kernel/kernel.ts';
import type { CallHandler, MessageHandler } from '../node/env.ts';
import type { Incarnation } from '../node/incarnation.ts';
import { PlanError } from '../plan/plan-error.ts';
import type { Streams } from '../random/streams.ts';
import { Counters } from './counters.ts';
import { Lane, Link } from './link.ts';
import { Overrides, type MessageOverride, type OverrideFate } from './override.ts';
import { pack, type Payload } from './payload.ts';
import { profileByName, type NetworkProfile } from './profile.ts';

/** One node as the network sees it. */
export interface Endpoint {
  readonly id: string;
  /** The life that is connected now; undefined while the node is down. */
  up: Incarnation | undefined;
  calls: Map<string, CallHandler>;
  messages: Map<string, MessageHandler>;
}

/** A message on its way: when it arrives, how often, or that it is lost. */
export interface Dispatch {
  readonly n: number;
  readonly isLost: boolean;
  readonly delayUs: number;
  readonly copies: 1 | 2;
}

const PROFILE: EventLabel = eventLabel('profile');

/** Links between nodes, and one-way messages over them. RPC is a layer on top: {@link Rpc}. */
export class Network {
  readonly kernel: Kernel;
  readonly counters: Counters = new Counters();
  readonly overrides: Overrides;
  /** Called when a link is cut that was open. */
  whenCut: (link: Link) => void = () => {};
  profile: NetworkProfile;
  /** The fate of every message so far, as overrides that would repeat it; kept on request only. */
  fates: MessageOverride[] | undefined = undefined;
  private readonly streams: Streams;
  private readonly endpoints = new Map<string, Endpoint>();
  private readonly links = new Map<string, Map<string, Link>>();

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
    const { id } = incarnation;
    this.endpoints.set(id, { id, up: incarnation, calls: new Map(), messages: new Map() });
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
    let row = this.links.get(from);
    if (row === undefined) this.links.set(from, (row = new Map<string, Link>()));
    let link = row.get(to);
    if (link === undefined) row.set(to, (link = new Link(from, to)));
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

  /** Cut a link. Cuts add up: as many {@link unblock} calls open it again. */
  block(link: Link): void {
    if (link.blocks++ === 0) this.whenCut(link);
  }

  unblock(link: Link): void {
    link.blocks--;
  }

  /** Send a one-way message. */
  send(from: Incarnation, to: string, type: string, payload: unknown): void {
    const link = this.link(from.id, to);
    const lane = this.lane(link, type);
    const packed = pack(payload);
    this.counters.sent(type, packed.bytes);
    const { n, isLost, delayUs, copies } = this.dispatch(link, lane, packed, 'request');
    if (isLost || link.isBlocked) return this.lose(link, lane, n);
    for (let copy = 0; copy < copies; copy++) {
      const own = copy === 0 ? packed : pack(packed.value);
      this.deliver(link, lane, n, own, delayUs, () => this.arrive(link, lane, n, own));
    }
  }

  /** Draw the fate of the next message of a lane; faults and overrides have their say. */
  dispatch(link: Link, lane: Lane, payload: Payload, way: 'request' | 'reply'): Dispatch {
    const n = lane.n++;
    const { label } = lane;
    lane.fates.next();
    const { profile, kernel } = this;
    const drawn = way === 'request' ? lane.fates.request(profile) : lane.fates.reply(profile);
    let { isLost, delayUs } = drawn;
    let copies: 1 | 2 = 1;
    if (link.effects.length > 0) delayUs += link.extraDelayUs(label.label);
    const override = lane.overrides?.get(n);
    if (override !== undefined) {
      this.overrides.matched(link.name, label.label, n);
      const fate = typeof override === 'string' ? override : override.and;
      isLost = fate === 'drop';
      if (fate === 'duplicate') copies = 2;
      if (typeof override !== 'string') delayUs = Math.max(1, override.delayUs);
    }
    this.fates?.push({
      link: link.name,
      type: label.label,
      n,
      fate: toFate(delayUs, isLost, copies),
    });
    const { from, to } = link;
    const hash = payload.hash ^ link.hash ^ n;
    // Allocated for a trace only: this runs for every message.
    const detail = kernel.trace === undefined ? undefined : { from, to, n };
    kernel.note('send', from, undefined, label, hash, detail);
    return { n, isLost, delayUs, copies };
  }

  /** Put a message on the wire: its arrival is an event of the world until it finds its node. */
  deliver(
    { from, to }: Link,
    lane: Lane,
    n: number,
    payload: Payload,
    delayUs: number,
    run: () => void,
  ): void {
    const { kernel } = this;
    const detail =
      kernel.trace === undefined ? undefined : { from, to, n, payload: this.shown(payload) };
    const at = kernel.now + delayUs;
    kernel.schedule('message', undefined, at, run, lane.label, payload.hash, detail);
  }

  /** What a trace keeps of a payload: a copy, since the receiver may change what it gets. */
  shown(payload: Payload): unknown {
    return this.kernel.trace === undefined ? undefined : pack(payload.value).value;
  }

  /** A message is gone, by chance or by a fault. */
  lose({ from, to, hash }: Link, { label }: Lane, n: number): void {
    this.counters.lost++;
    this.kernel.note('lost', from, undefined, label, hash ^ n, { from, to, n });
  }

  private arrive(link: Link, lane: Lane, n: number, payload: Payload): void {
    if (link.isBlocked && this.profile.style === 'datagram') return this.lose(link, lane, n);
    const endpoint = this.endpoints.get(link.to);
    const up = endpoint?.up;
    if (up === undefined) return this.lose(link, lane, n);
    const handler = endpoint?.messages.get(lane.label.label);
    if (handler === undefined) {
      this.counters.unknown++;
      return this.lose(link, lane, n);
    }
    this.kernel.enter(up, () => up.watch(handler(payload.value as never, link.from)));
  }
}

function toFate(delayUs: number, isLost: boolean, copies: 1 | 2): OverrideFate {
  if (isLost) return { delayUs, and: 'drop' };
  return copies === 2 ? { delayUs, and: 'duplicate' } : { delayUs };
}
