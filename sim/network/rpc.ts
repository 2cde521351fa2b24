import type { SimEvent } from '../kernel/event.ts';
import { eventLabel, type EventLabel } from '../kernel/kernel.ts';
import { msToUs } from '../kernel/time.ts';
import type { CallHandler } from '../node/env.ts';
import { isPromise, type CrashHook, type Incarnation } from '../node/incarnation.ts';
import type { Lane, Link } from './link.ts';
import type { Endpoint, Network } from './network.ts';
import { pack, type Payload } from './payload.ts';

/** labrpc looks every 100 ms whether the server of a running call is still there. */
const POLL_US = 100_000;

const TIME_OUT: EventLabel = eventLabel('time-out');

/** One call, from its sending to the moment its caller knows the outcome. */
interface Call {
  readonly caller: Incarnation;
  readonly method: string;
  /** The way of the request; the reply takes the opposite link. */
  readonly link: Link;
  readonly lane: Lane;
  readonly n: number;
  /** Undefined once the caller knows the outcome, or is dead: then nothing holds its memory. */
  resolve: ((reply: unknown) => void) | undefined;
  timeOut: SimEvent | undefined;
  callerCrash: CrashHook;
  /** The life of the server that was up when the request was sent. */
  readonly target: Incarnation | undefined;
  /** While a handler runs: the server's life, and when it began. It stays set if that life ends. */
  server: Incarnation | undefined;
  serverCrash: CrashHook | undefined;
  servedFromUs: number;
}

/**
 * Request and reply. Under a `labrpc` profile a call behaves as the labs' tester network does
 * (labs.md §1.1): its caller always learns the outcome from the network. Under a `datagram` profile
 * nobody tells the caller anything, and it gives up by time-out.
 */
export class Rpc {
  private readonly network: Network;
  /** Calls whose handler has not answered yet, by the link of their request. */
  private readonly serving = new Map<Link, Set<Call>>();

  constructor(network: Network) {
    this.network = network;
    network.whenCut = (link) => this.linkWasCut(link);
  }

  serve(owner: Incarnation, handlers: Readonly<Record<string, CallHandler>>): void {
    const endpoint = this.network.endpoint(owner.id) as Endpoint;
    for (const method of Object.keys(handlers)) {
      endpoint.calls.set(method, handlers[method] as CallHandler);
    }
  }

  /** Send a request. Resolves with the reply, or undefined if the call failed or timed out. */
  call(
    caller: Incarnation,
    to: string,
    method: string,
    args: unknown,
    timeoutMs: number | undefined,
  ): Promise<unknown> {
    const { network } = this;
    const { counters, profile } = network;
    const isLabrpc = profile.style === 'labrpc';
    const timeoutUs =
      timeoutMs === undefined
        ? isLabrpc
          ? undefined
          : profile.callTimeoutMs * 1000
        : msToUs(timeoutMs, 'call time-out');
    const packed = pack(args);
    const link = network.link(caller.id, to);
    const lane = network.lane(link, method);
    counters.calls++;
    counters.sent(method, packed.bytes);
    const { n, isLost, delayUs, copies } = network.dispatch(link, lane, packed, 'request');
    return new Promise((resolve) => {
      const call = this.open(caller, method, link, lane, n, resolve, timeoutUs);
      if (isLabrpc && (link.isBlocked || call.target === undefined)) {
        network.lose(link, lane, n);
        this.failIn(call, lane.fates.disconnected(profile));
      } else if (isLost || link.isBlocked) {
        network.lose(link, lane, n);
        if (isLabrpc) this.failIn(call, delayUs);
      } else {
        for (let copy = 0; copy < copies; copy++) {
          const own = copy === 0 ? packed : pack(packed.value);
          network.deliver(link, lane, n, own, delayUs, () => this.arrive(call, own));
        }
      }
    });
  }

  /** labrpc: the reply of a handler that runs across a cut link is suppressed. */
  private linkWasCut(link: Link): void {
    if (this.network.profile.style !== 'labrpc') return;
    for (const call of this.serving.get(link) ?? []) this.pollLater(call);
  }

  private open(
    caller: Incarnation,
    method: string,
    link: Link,
    lane: Lane,
    n: number,
    resolve: (reply: unknown) => void,
    timeoutUs: number | undefined,
  ): Call {
    const { kernel } = this.network;
    const call: Call = {
      caller,
      method,
      link,
      lane,
      n,
      resolve,
      timeOut: undefined,
      target: this.network.endpoint(link.to)?.up,
      callerCrash: () => {
        call.resolve = undefined;
      },
      server: undefined,
      serverCrash: undefined,
      servedFromUs: 0,
    };
    caller.crashHooks.add(call.callerCrash);
    if (timeoutUs !== undefined) {
      const at = kernel.now + timeoutUs;
      call.timeOut = kernel.schedule('timer', caller, at, () => this.giveUp(call), TIME_OUT);
    }
    return call;
  }

  private arrive(call: Call, args: Payload): void {
    const { network } = this;
    const { link, lane, n } = call;
    const isLabrpc = network.profile.style === 'labrpc';
    if (link.isBlocked && !isLabrpc) return network.lose(link, lane, n);
    const endpoint = network.endpoint(link.to);
    const server = endpoint?.up;
    // A labrpc request is for the server it was sent to, not for the one that was started since.
    if (server === undefined || (isLabrpc && server !== call.target)) {
      network.lose(link, lane, n);
      if (isLabrpc) this.failIn(call, POLL_US);
      else if (network.profile.isRefusing) this.refuse(call);
      return;
    }
    const handler = endpoint?.calls.get(call.method);
    if (handler === undefined) {
      network.counters.unknown++;
      network.lose(link, lane, n);
      if (isLabrpc) this.failIn(call, POLL_US);
      return;
    }
    if (call.resolve === undefined && call.caller.alive) {
      network.counters.late++;
      network.kernel.tell({ kind: 'late', node: link.to, label: call.method, from: link.from, n });
    }
    network.kernel.enter(server, () => this.handle(call, server, handler, args));
  }

  private handle(call: Call, server: Incarnation, handler: CallHandler, args: Payload): void {
    const reply = this.invoke(call, server, handler, args);
    if (!isPromise(reply)) return this.reply(call, server, reply);
    this.startServing(call, server);
    reply.then(
      (value) => this.served(call, server, value),
      (error: unknown) => server.kernel.thrown(server, error),
    );
  }

  /** An asynchronous handler has answered. Not the place to throw: nobody watches. */
  private served(call: Call, server: Incarnation, value: unknown): void {
    if (!server.alive) return;
    this.stopServing(call);
    try {
      this.reply(call, server, value);
    } catch (error) {
      // The reply cannot travel.
      server.kernel.thrown(server, error);
    }
  }

  private invoke(call: Call, server: Incarnation, handler: CallHandler, args: Payload): unknown {
    try {
      return handler(args.value as never, call.link.from);
    } catch (error) {
      // A server that crashes itself in its handler takes the answer with it.
      if (!server.alive) this.startServing(call, server);
      throw error;
    }
  }

  private reply(call: Call, server: Incarnation, value: unknown): void {
    const { network } = this;
    const { kernel, profile } = network;
    const isLabrpc = profile.style === 'labrpc';
    const payload = pack(value);
    const back = network.link(call.link.to, call.link.from);
    const lane = network.lane(back, `${call.method}.reply`);
    const { n, isLost, delayUs, copies } = network.dispatch(back, lane, payload, 'reply');
    // labrpc has one switch for both ways, the caller's; other networks lose what cannot travel.
    const isCut = (isLabrpc ? call.link : back).isBlocked || !server.alive;
    if (isLost || isCut) {
      network.lose(back, lane, n);
      if (isLabrpc) this.failIn(call, 1);
      return;
    }
    const { from, to } = back;
    const detail =
      kernel.trace === undefined ? undefined : { from, to, n, payload: network.shown(payload) };
    const deliver = (): void => {
      if (!isLabrpc && back.isBlocked) return network.lose(back, lane, n);
      network.counters.bytes += payload.bytes;
      this.settle(call, payload.value);
    };
    const at = kernel.now + delayUs;
    // Of a reply that comes twice the caller takes the first.
    for (let copy = 0; copy < copies; copy++) {
      kernel.schedule('answer', call.caller, at, deliver, lane.label, payload.hash, detail);
    }
  }

  /** Nobody listens: the machine says so with a message of its own. */
  private refuse(call: Call): void {
    const { network } = this;
    const back = network.link(call.link.to, call.link.from);
    const lane = network.lane(back, `${call.method}.refused`);
    const { n, isLost, delayUs } = network.dispatch(back, lane, pack(undefined), 'reply');
    if (isLost || back.isBlocked) return network.lose(back, lane, n);
    this.failIn(call, delayUs);
  }

  /** The caller learns of the failure after `delayUs`. */
  private failIn(call: Call, delayUs: number): void {
    const { kernel } = this.network;
    const at = kernel.now + delayUs;
    kernel.schedule('answer', call.caller, at, () => this.giveUp(call), call.lane.label);
  }

  private giveUp(call: Call): void {
    if (call.resolve === undefined) return;
    const { id, incarnation } = call.caller;
    const label = call.method;
    // A handler that still runs may act after its caller has been told of the failure.
    if (call.server?.alive === true) this.network.counters.late++;
    this.network.kernel.tell({ kind: 'gave-up', node: id, incarnation, label, n: call.n });
    this.settle(call, undefined);
  }

  private settle(call: Call, reply: unknown): void {
    const { resolve } = call;
    if (resolve === undefined) return;
    call.resolve = undefined;
    call.caller.crashHooks.delete(call.callerCrash);
    if (call.timeOut !== undefined) this.network.kernel.cancel(call.timeOut);
    resolve(reply);
  }

  private startServing(call: Call, server: Incarnation): void {
    call.server = server;
    call.servedFromUs = this.network.kernel.now;
    // A crash or a cut that came before the handler had to wait is noticed all the same.
    if (!server.alive) return this.pollLater(call);
    if (call.link.isBlocked) this.pollLater(call);
    call.serverCrash ??= () => {
      this.serving.get(call.link)?.delete(call);
      this.pollLater(call);
    };
    server.crashHooks.add(call.serverCrash);
    let calls = this.serving.get(call.link);
    if (calls === undefined) this.serving.set(call.link, (calls = new Set()));
    calls.add(call);
  }

  private stopServing(call: Call): void {
    if (call.serverCrash !== undefined) call.server?.crashHooks.delete(call.serverCrash);
    call.server = undefined;
    this.serving.get(call.link)?.delete(call);
  }

  /** labrpc looks after the server of a running call at its next poll. */
  private pollLater(call: Call): void {
    const { kernel, profile } = this.network;
    if (profile.style !== 'labrpc') return;
    const servedUs = kernel.now - call.servedFromUs;
    const at = call.servedFromUs + (Math.floor(servedUs / POLL_US) + 1) * POLL_US;
    kernel.schedule('answer', call.caller, at, () => this.poll(call), call.lane.label);
  }

  private poll(call: Call): void {
    const { server } = call;
    // Answered meanwhile, or cut off between two polls only: the reply counts.
    if (server === undefined || (server.alive && !call.link.isBlocked)) return;
    this.giveUp(call);
  }
}
