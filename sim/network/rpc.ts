import type { EventLabel } from '../kernel/event.ts';
import { eventLabel } from '../kernel/kernel.ts';
import { msToUs } from '../kernel/time.ts';
import type { CallHandler, CallOptions } from '../node/env.ts';
import { isPromise, type Incarnation } from '../node/incarnation.ts';
import { BulkReply, sizeOf } from './bulk.ts';
import { Call, Refusal, Reply, Request, type Landing } from './call.ts';
import { LaterReply } from './later-reply.ts';
import type { Lane, Link } from './link.ts';
import { waitUs, type Endpoint, type Network } from './network.ts';
import { pack, weighted, type Payload } from './payload.ts';
import { UNKNOWN } from './unknown.ts';

/** labrpc looks every 100 ms whether the server of a running call is still there. */
const POLL_US = 100_000;

const TIME_OUT: EventLabel = eventLabel('time-out');

/**
 * Request and reply. Under a `labrpc` profile a call behaves as the labs' tester network does
 * (labs.md §1.1): its caller always learns the outcome from the network. Under a `datagram` profile
 * nobody tells the caller anything, and it gives up by time-out.
 */
export class Rpc implements Landing {
  private readonly network: Network;
  /** Calls whose handler has not answered yet. */
  private readonly serving: Call[] = [];
  /** While metrics are on: when each call was sent, in µs. */
  private readonly sentUs = new WeakMap<Call, number>();

  constructor(network: Network) {
    this.network = network;
    // labrpc: the reply of a handler that runs across a cut link is suppressed.
    network.whenRuled = (rule) => {
      if (!this.isLabrpc) return;
      for (const call of this.serving) {
        const { link, method } = call;
        if (rule.covers(link.from, link.to) && link.isCut(method)) this.pollLater(call);
      }
    };
  }

  serve(owner: Incarnation, handlers: Readonly<Record<string, CallHandler>>): void {
    const endpoint = this.network.endpoint(owner.id) as Endpoint;
    for (const method of Object.keys(handlers)) {
      endpoint.calls.set(method, handlers[method] as CallHandler);
    }
  }

  /**
   * Send a request.
   * @param resolve is given the reply, or undefined if the call failed or timed out
   */
  call(
    caller: Incarnation,
    to: string,
    method: string,
    args: unknown,
    options: CallOptions | undefined,
    resolve: (reply: unknown) => void,
  ): void {
    const { network } = this;
    const { counters, kernel } = network;
    const timeoutUs = this.timeoutUs(options?.timeoutMs);
    const packed = weighted(pack(args), sizeOf('call', options?.bytes));
    const link = network.linkFrom(caller, to);
    const lane = network.lane(link, method);
    counters.calls++;
    network.count(lane, packed.bytes);
    const call = new Call(caller, method, link, lane, lane.n++, network.endpointOf(link)?.up);
    if (kernel.meter !== undefined) this.sentUs.set(call, kernel.now);
    call.resolve = resolve;
    const fate = network.dispatch(link, lane, call.n, packed, 'request', caller);
    if (timeoutUs !== undefined) {
      const at = kernel.stepNow + caller.clock.rate().toTrueUs(timeoutUs);
      call.timeOut = kernel.schedule('timer', caller, at, () => this.giveUp(call), TIME_OUT);
    }
    const isCut = link.isCut(method);
    if (this.isLabrpc && (isCut || call.target === undefined)) {
      network.lose(link, lane, call.n);
      this.failIn(call, waitUs(fate, kernel.now) + lane.fates.disconnected(network.profile));
    } else if (fate.isLost || isCut) {
      network.lose(link, lane, call.n);
      if (this.isLabrpc) this.failIn(call, waitUs(fate, kernel.now) + fate.delayUs);
    } else {
      network.post(new Request(call, packed, fate, this), fate, caller, args);
    }
  }

  /**
   * A node has lost a life: whoever waits for its answer has to learn of it, and what it waited for
   * itself is let go of.
   */
  died(life: Incarnation): void {
    for (const call of this.serving) {
      if (call.caller === life) call.resolve = undefined;
    }
    const cutShort = this.serving.filter(({ server }) => server === life);
    for (const call of cutShort) {
      this.remove(call);
      this.pollLater(call);
    }
  }

  requestLanded(request: Request): void {
    const { network } = this;
    const { call } = request;
    // Nobody will hear the answer: nothing must hold who waited for it.
    if (!call.caller.alive) call.resolve = undefined;
    const { link, lane, n } = call;
    const endpoint = network.endpointOf(link);
    const server = endpoint?.up;
    // A labrpc request is for the server it was sent to, not for the one that was started since.
    if (server === undefined || (this.isLabrpc && server !== call.target)) {
      network.lose(link, lane, n);
      if (this.isLabrpc) this.failIn(call, POLL_US);
      else if (network.profile.isRefusing) this.refuse(call);
      return;
    }
    const handler = endpoint?.calls.get(call.method);
    if (handler === undefined) return this.unhandled(call);
    if (call.hasFailed) {
      network.counters.late++;
      network.kernel.tell({ kind: 'late', node: link.to, label: call.method, from: link.from, n });
    }
    // A busy or paused server takes it later, or dies before: labrpc looks after that, too.
    const isBusy = server.readyAt > network.kernel.now || server.isCalled;
    if (isBusy) this.startServing(call, server);
    request.server = server;
    request.handler = handler;
    network.kernel.enter(server, lane.label, this.handle, request);
  }

  /** A round trip is over, if its caller still waits for it. */
  private measure(call: Call): void {
    const { meter, now } = this.network.kernel;
    const sentUs = this.sentUs.get(call);
    if (call.resolve === undefined || sentUs === undefined) return;
    meter?.measure('world', 'rpc', call.caller.id, call.method, now - sentUs);
  }

  requestLost(call: Call): void {
    if (this.isLabrpc) this.failIn(call, POLL_US);
  }

  replyLanded(call: Call, reply: Payload): void {
    this.network.counters.bytes += reply.bytes;
    if (this.network.kernel.meter !== undefined) this.measure(call);
    this.settle(call, reply.value);
  }

  replyLost(call: Call): void {
    if (this.isLabrpc) this.failIn(call, 1);
  }

  refused(call: Call): void {
    this.giveUp(call);
  }

  private get isLabrpc(): boolean {
    return this.network.profile.style === 'labrpc';
  }

  private timeoutUs(timeoutMs: number | undefined): number | undefined {
    if (timeoutMs !== undefined) return msToUs(timeoutMs, 'call time-out');
    return this.isLabrpc ? undefined : this.network.profile.callTimeoutMs * 1000;
  }

  private readonly handle = (request: Request): void => {
    const { call, payload } = request;
    const server = request.server as Incarnation;
    // Called by itself: a handler is not to see the request as its `this`.
    const handler = request.handler as CallHandler;
    try {
      const reply = handler(payload.value as never, call.link.from);
      if (reply instanceof LaterReply) {
        this.startServing(call, server);
        return reply.whenAnswered((value) => this.answered(call, server, value));
      }
      if (!isPromise(reply)) {
        if (call.server !== undefined) this.stopServing(call);
        return this.reply(call, server, reply);
      }
      this.startServing(call, server);
      reply.then(
        (value) => this.served(call, server, value),
        (error: unknown) => server.kernel.thrown(server, error),
      );
    } catch (error) {
      // A server that crashes in its handler, or ends by what is thrown, takes the answer with it.
      const isWaiting = server.alive && call.server !== undefined;
      if (!call.isAnswered && !isWaiting) this.startServing(call, server);
      throw error;
    }
  };

  /** A handler has answered in an event of its node. */
  private answered(call: Call, server: Incarnation, value: unknown): void {
    // The dead are thrown out.
    if (!server.alive) return void server.enter('reply');
    this.stopServing(call);
    try {
      this.reply(call, server, value);
    } catch (error) {
      // A server that crashes as it answers takes the answer with it.
      if (!server.alive && !call.isAnswered) this.startServing(call, server);
      throw error;
    }
  }

  /** An asynchronous handler has answered. Not the place to throw: nobody watches. */
  private served(call: Call, server: Incarnation, value: unknown): void {
    if (!server.alive) return;
    this.stopServing(call);
    try {
      this.reply(call, server, value);
    } catch (error) {
      // The reply cannot travel, or the server was to crash just here.
      if (!server.alive && !call.isAnswered) this.startServing(call, server);
      server.kernel.thrown(server, error);
    }
  }

  /** Nobody makes anything of a request. */
  private unhandled(call: Call): void {
    const { link, lane, n } = call;
    this.network.unknown(link, lane, n);
    this.requestLost(call);
  }

  private reply(call: Call, server: Incarnation, answer: unknown): void {
    if (answer === UNKNOWN) {
      call.isAnswered = true;
      return this.unhandled(call);
    }
    const point = server.enter('reply');
    const { network } = this;
    const isBulk = answer instanceof BulkReply;
    const value = isBulk ? answer.reply : answer;
    const payload = weighted(pack(value), isBulk ? answer.bytes : 0);
    const { link: back, lane } = (call.lane.wayBack ??= this.wayBack(call));
    const n = lane.n++;
    const fate = network.dispatch(back, lane, n, payload, 'reply', server);
    // labrpc has one switch for both ways, the caller's; other networks lose what cannot travel.
    const isCut = this.isLabrpc ? call.link.isCut(call.method) : back.isCut(lane.type);
    if (fate.isLost || isCut) {
      network.lose(back, lane, n);
      this.replyLost(call);
    } else {
      // Of a reply that comes twice the caller takes the first.
      network.post(new Reply(call, back, lane, n, payload, fate, this), fate, server, value);
    }
    call.isAnswered = true;
    server.exit(point);
  }

  /** Looked up once for all calls of a method on a link. */
  private wayBack({ link: { from, to }, method }: Call): { link: Link; lane: Lane } {
    const link = this.network.link(to, from);
    return { link, lane: this.network.lane(link, `${method}.reply`) };
  }

  /** Nobody listens: the machine says so with a message of its own. */
  private refuse(call: Call): void {
    const { network } = this;
    const back = network.link(call.link.to, call.link.from);
    const lane = network.lane(back, `${call.method}.refused`);
    const n = lane.n++;
    const nothing = pack(undefined);
    const fate = network.dispatch(back, lane, n, nothing, 'reply', undefined);
    if (fate.isLost || back.isCut(lane.type)) return network.lose(back, lane, n);
    network.post(new Refusal(call, back, lane, n, nothing, fate, this), fate);
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
    call.hasFailed = true;
    this.network.kernel.tell({ kind: 'gave-up', node: id, incarnation, label, n: call.n });
    this.settle(call, undefined);
  }

  private settle(call: Call, reply: unknown): void {
    const { resolve } = call;
    if (resolve === undefined) return;
    call.resolve = undefined;
    if (call.timeOut !== undefined) this.network.kernel.cancel(call.timeOut);
    resolve(reply);
  }

  private startServing(call: Call, server: Incarnation): void {
    call.server = server;
    call.servedFromUs = this.network.kernel.now;
    // A crash or a cut that came before the handler had to wait is noticed all the same.
    if (!server.alive) return this.pollLater(call);
    if (call.link.isCut(call.method)) this.pollLater(call);
    if (call.servingAt < 0) call.servingAt = this.serving.push(call) - 1;
  }

  private stopServing(call: Call): void {
    call.server = undefined;
    this.remove(call);
  }

  /** The last one takes its place: a set would cost more, and nobody minds the order. */
  private remove(call: Call): void {
    const { serving } = this;
    const at = call.servingAt;
    if (at < 0) return;
    call.servingAt = -1;
    const last = serving.pop() as Call;
    if (last === call) return;
    serving[at] = last;
    last.servingAt = at;
  }

  /** labrpc looks after the server of a running call at its next poll. */
  private pollLater(call: Call): void {
    if (!this.isLabrpc) return;
    const { kernel } = this.network;
    const servedUs = kernel.now - call.servedFromUs;
    const at = call.servedFromUs + (Math.floor(servedUs / POLL_US) + 1) * POLL_US;
    kernel.schedule('answer', call.caller, at, () => this.poll(call), call.lane.label);
  }

  private poll(call: Call): void {
    const { server } = call;
    // Answered meanwhile, or cut off between two polls only: the reply counts.
    if (server === undefined || (server.alive && !call.link.isCut(call.method))) return;
    this.giveUp(call);
  }
}
