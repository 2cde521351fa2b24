import type { TraceRecord } from './trace.ts';

/** What a record is about. */
export const topics = [
  'network',
  'node',
  'timer',
  'disk',
  'fault',
  'client',
  'state',
  'log',
  'probe',
] as const;
export type Topic = (typeof topics)[number];

/** Complete by its type: a new kind of record does not compile until it has its topic. */
const TOPICS: Readonly<Record<TraceRecord['kind'], Topic>> = {
  send: 'network',
  message: 'network',
  answer: 'network',
  lost: 'network',
  late: 'network',
  unknown: 'network',
  'gave-up': 'network',
  held: 'network',
  duplicated: 'network',
  corrupted: 'network',
  crash: 'node',
  restart: 'node',
  pause: 'node',
  resume: 'node',
  // Of a program as of every task that it spawns; most are the latter.
  start: 'timer',
  timer: 'timer',
  wake: 'timer',
  save: 'disk',
  action: 'fault',
  fault: 'fault',
  heal: 'fault',
  invoke: 'client',
  invocation: 'client',
  completion: 'client',
  state: 'state',
  log: 'log',
  probe: 'probe',
};

/** Every kind of record. */
export const recordKinds = Object.keys(TOPICS) as readonly TraceRecord['kind'][];

export function topicOf(kind: TraceRecord['kind']): Topic {
  return TOPICS[kind];
}
