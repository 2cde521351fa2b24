import type { TraceRecord, TraceSink } from '../trace/trace.ts';
import type { Device, Meter, MeterSource } from './meter.ts';
import { Metrics, type MetricsData } from './metrics.ts';
import { Usage } from './usage.ts';

/** A message that has been sent and has not come to its end. */
interface Sending {
  readonly sentUs: number;
  readonly from: string;
  readonly to: string;
  bytes: number;
  /** How many of it are under way: two of one that was duplicated. */
  copies: number;
}

/** A message that an event brings: what is noted in that event decides whether it arrives. */
interface Arrival {
  readonly key: string;
  readonly label: string;
  readonly atUs: number;
}

/** From when to when faults were in force, in µs. */
export interface FaultTime {
  readonly fromUs: number;
  readonly untilUs: number;
}

/**
 * The figures of a run. It listens to what the kernel tells a trace, and hands it on to the trace
 * proper if there is one; what no trace tells comes through {@link Meter}. It only ever listens, so
 * that a run is the same with it and without.
 */
export class RunMetrics implements TraceSink, Meter {
  readonly metrics: Metrics = new Metrics();
  /** Where the records go on to; set by the world. */
  next: TraceSink | undefined = undefined;
  private nowUs = 0;
  private readonly usage = new Usage(this.metrics);
  private readonly flying = new Map<string, Sending>();
  private lastSent: { readonly sending: Sending; readonly label: string } | undefined = undefined;
  private arrival: Arrival | undefined = undefined;
  private readonly inForce = new Set<string>();
  private readonly times: { fromUs: number; untilUs: number }[] = [];

  /** Messages that were sent and have not come to their end, copies counted. */
  get underWay(): number {
    this.settle();
    return [...this.flying.values()].reduce((sum, { copies }) => sum + copies, 0);
  }

  /** When faults were in force, in their order; one that still lasts ends at Infinity. */
  get faultTimes(): readonly FaultTime[] {
    return this.times;
  }

  record(record: TraceRecord): void {
    this.next?.record(record);
    const { kind, node = '', label, timeUs } = record;
    this.nowUs = timeUs;
    switch (kind) {
      case 'message':
      case 'answer':
        this.event(node, kind);
        this.arrives(record);
        break;
      case 'start':
      case 'timer':
      case 'wake':
      case 'invoke':
      case 'action':
        this.event(node, kind);
        break;
      case 'send':
        this.sent(record);
        break;
      case 'lost':
        this.lost(record);
        break;
      case 'held':
        this.arrival = undefined;
        this.count('world', 'held', record.from ?? '', label, 1);
        break;
      case 'duplicated':
        if (this.lastSent !== undefined) this.lastSent.sending.copies = 2;
        this.count('world', kind, record.from ?? '', label, 1);
        break;
      case 'corrupted':
        this.count('world', kind, record.from ?? '', label, 1);
        break;
      case 'late':
      case 'gave-up':
      case 'crash':
        this.count('world', kind, node, kind === 'crash' ? '' : label, 1);
        break;
      case 'fault':
        // A change of the network's profile is told in the same way, but has no end.
        if (record.text !== undefined) this.faultBegins(label);
        break;
      case 'heal':
        this.faultEnds(label);
        break;
      default:
    }
  }

  entered(incarnation: number): void {
    this.next?.entered(incarnation);
  }

  restart(): void {
    this.next?.restart?.();
    this.metrics.clear();
    this.usage.clear();
    this.flying.clear();
    this.nowUs = 0;
    this.inForce.clear();
    this.times.length = 0;
    this.lastSent = undefined;
    this.arrival = undefined;
  }

  count(source: MeterSource, name: string, node: string, type: string, by: number): void {
    this.metrics.count(this.nowUs, source, name, node, type, by);
  }

  measure(source: MeterSource, name: string, node: string, type: string, value: number): void {
    this.metrics.measure(this.nowUs, source, name, node, type, value);
  }

  served(device: Device, askedUs: number, fromUs: number, untilUs: number): void {
    this.measure('world', 'wait', device.node, device.part, fromUs - askedUs);
    this.usage.add(this.nowUs, device, fromUs, untilUs);
  }

  dropped(device: Device): void {
    this.usage.drop(this.nowUs, device);
  }

  reached(nowUs: number): void {
    this.nowUs = Math.max(this.nowUs, nowUs);
  }

  postponed(): void {
    this.arrival = undefined;
  }

  weighed(bytes: number): void {
    if (this.lastSent === undefined) return;
    const { sending, label } = this.lastSent;
    sending.bytes = bytes;
    this.count('world', 'sent bytes', sending.from, label, bytes);
  }

  toData(): MetricsData {
    this.settle();
    this.usage.settle(this.nowUs);
    return this.metrics.toData();
  }

  private event(node: string, kind: string): void {
    this.settle();
    this.count('world', 'events', node, kind, 1);
  }

  private sent(record: TraceRecord): void {
    const { from = '', to = '', label, timeUs: sentUs } = record;
    const sending: Sending = { sentUs, from, to, bytes: 0, copies: 1 };
    this.flying.set(keyOf(record), sending);
    this.lastSent = { sending, label };
    this.count('world', 'sent', from, label, 1);
  }

  private arrives(record: TraceRecord): void {
    // A call that fails brings nothing.
    if (record.from === undefined) return;
    this.arrival = { key: keyOf(record), label: record.label, atUs: record.timeUs };
  }

  private lost(record: TraceRecord): void {
    const { from = '', to = '', label } = record;
    const key = keyOf(record);
    // Of one that is lost as it is sent, no copy sets out.
    if (this.arrival?.key === key) this.landed(key);
    else this.flying.delete(key);
    this.count('world', 'lost', from, label, 1);
    this.count('world', 'missed', to, label, 1);
  }

  /** The event that brought a message is over, and nothing was said against its arrival. */
  private settle(): void {
    const { arrival } = this;
    if (arrival === undefined) return;
    const { key, label, atUs } = arrival;
    const sending = this.landed(key);
    if (sending === undefined) return;
    const { sentUs, to, bytes } = sending;
    this.metrics.count(atUs, 'world', 'received', to, label, 1);
    this.metrics.count(atUs, 'world', 'received bytes', to, label, bytes);
    this.metrics.measure(atUs, 'world', 'message', to, label, atUs - sentUs);
  }

  /** One copy of a message has come to its end. */
  private landed(key: string): Sending | undefined {
    this.arrival = undefined;
    const sending = this.flying.get(key);
    if (sending !== undefined && --sending.copies === 0) this.flying.delete(key);
    return sending;
  }

  private faultBegins(id: string): void {
    if (this.inForce.size === 0) this.times.push({ fromUs: this.nowUs, untilUs: Infinity });
    this.inForce.add(id);
  }

  private faultEnds(id: string): void {
    const last = this.times.at(-1);
    if (!this.inForce.delete(id) || this.inForce.size > 0 || last === undefined) return;
    last.untilUs = this.nowUs;
  }
}

/** A message is known by its link, its type and its ordinal among those. */
function keyOf({ from, to, label, n }: TraceRecord): string {
  return `${from}>${to} ${n} ${label}`;
}
