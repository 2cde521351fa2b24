import pc from 'picocolors';
import type { TraceRecord } from '../../sim/index.ts';
import { toJson } from './json.ts';

/** Which lines of a trace to show. Absent = all. */
export interface TraceFilter {
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  readonly node?: string | undefined;
  /** Also timers and wake-ups, which are most of the events and say least. */
  readonly isComplete?: boolean | undefined;
}

const QUIET: ReadonlySet<TraceRecord['kind']> = new Set(['timer', 'wake', 'start']);

/** Longest payload that a line shows, in characters. */
const PAYLOAD_WIDTH = 60;

export function matches(record: TraceRecord, filter: TraceFilter): boolean {
  const { fromMs = 0, untilMs = Infinity, node, isComplete = false } = filter;
  const ms = record.timeUs / 1000;
  if (ms < fromMs || ms > untilMs) return false;
  if (node !== undefined && ![record.node, record.from, record.to].includes(node)) return false;
  return isComplete || !QUIET.has(record.kind);
}

/** One line of a trace: event, time, node, what happened. */
export function traceLine(record: TraceRecord): string {
  const number = String(record.event).padStart(7);
  const time = (record.timeUs / 1000).toFixed(3).padStart(12);
  if (record.node === undefined) {
    return pc.yellow(`${number} ${time}  ${`-- ${describe(record)} `.padEnd(60, '-')}`);
  }
  const life = record.incarnation === undefined ? '' : `#${record.incarnation}`;
  const text = describe(record);
  return `${pc.dim(number)} ${time}  ${`${record.node}${life}`.padEnd(10)} ${paint(record, text)}`;
}

const COLUMNS = ['event'.padStart(7), 'ms'.padStart(12), ' node'.padEnd(11), 'what'];

/** The header of {@link traceLine}. */
export const TRACE_HEADER: string = COLUMNS.join(' ');

/**
 * The chain of causes of an event, the event itself last. Each event names the one that scheduled
 * it, so the chain ends at the set-up of the world (0).
 */
export function causesOf(trace: readonly TraceRecord[], event: number): TraceRecord[] {
  // The first record of an event number is the event; the others are notes made while it ran.
  const events = new Map<number, TraceRecord>();
  for (const record of trace) {
    if (!events.has(record.event)) events.set(record.event, record);
  }
  const chain: TraceRecord[] = [];
  for (let n = event; n > 0;) {
    const record = events.get(n);
    if (record === undefined) break;
    chain.unshift(record);
    n = record.cause;
  }
  return chain;
}

function describe(record: TraceRecord): string {
  const { kind, label, from, to, n, text = '' } = record;
  const payload = 'payload' in record ? ` ${shortened(record.payload)}` : '';
  const what = `${label} #${n}`;
  switch (kind) {
    case 'send':
      return `-> ${to}  ${what}`;
    case 'message':
      return `<- ${from}  ${what}${payload}`;
    case 'answer':
      return from === undefined ? `call of ${label} failed` : `<- ${from}  ${what}${payload}`;
    case 'lost':
      return `-x ${to}  ${what} lost`;
    case 'late':
      return `request ${what} of ${from} is late: its caller has given up`;
    case 'gave-up':
      return `gave up ${what}`;
    case 'save':
      return `disk ${String(record.payload)}`;
    case 'probe':
      return `probe "${label}"`;
    case 'fault':
      return `${label}: ${text}`;
    case 'state':
      return `state ${text}`;
    case 'held':
      return `-| ${to}  ${what} held`;
    case 'duplicated':
      return `=> ${to}  ${what} twice`;
    case 'corrupted':
      return `-~ ${to}  ${what} damaged`;
    case 'heal':
      return `${label} ends`;
    case 'invocation':
      return `begins ${shortened(record.payload)}`;
    case 'completion':
      return `returns ${shortened(record.payload)}`;
    case 'log':
      return text;
    case 'crash':
    case 'restart':
    case 'pause':
    case 'resume':
      return kind;
    case 'start':
    case 'timer':
    case 'wake':
    case 'invoke':
      return `${kind} ${label === kind ? '' : label}`.trimEnd();
    case 'action':
      return `fault action ${label}`;
  }
}

function paint({ kind }: TraceRecord, text: string): string {
  switch (kind) {
    case 'lost':
    case 'gave-up':
    case 'late':
      return pc.red(text);
    case 'crash':
    case 'restart':
      return pc.yellow(text);
    case 'invocation':
    case 'completion':
      return pc.cyan(text);
    case 'timer':
    case 'wake':
    case 'start':
      return pc.dim(text);
    default:
      return text;
  }
}

function shortened(payload: unknown): string {
  const text = toJson(payload) ?? '';
  return text.length <= PAYLOAD_WIDTH ? text : `${text.slice(0, PAYLOAD_WIDTH - 3)}...`;
}
