import type { Trace, TraceRecord } from '../../sim/index.ts';
import { byName } from './by-name.ts';

/** What a trace tells of a node at a moment. */
export interface NodeState {
  readonly node: string;
  status: 'up' | 'down' | 'paused';
  /** Which life it is in, or was in last; 0 if the trace does not say. */
  incarnation: number;
  /** What it chose to show in this life, by name. */
  fields: Record<string, unknown>;
  /** Operations that it has begun and not finished, as records of kind `invocation`. */
  operations: TraceRecord[];
  /** Requests without an answer, as records of kind `send`. */
  calls: TraceRecord[];
  /** Files that it has written, sorted. */
  files: readonly string[];
}

/** The state of every node after the last event at or before a moment, by name. */
export function statesAt(trace: Trace, untilUs: number): NodeState[] {
  const states = new States(trace);
  for (const record of trace) {
    // Nodes that join later are no part of that moment.
    if (record.timeUs > untilUs) break;
    states.follow(record);
  }
  return states.byName();
}

/** The state of every node after each of some events, which are named by ascending numbers. */
export function statesAfter(trace: Trace, events: readonly number[]): NodeState[][] {
  const states = new States(trace);
  const told: NodeState[][] = [];
  for (const record of trace) {
    while (record.event > (events[told.length] ?? Infinity)) told.push(states.byName());
    if (told.length === events.length) break;
    states.follow(record);
  }
  while (told.length < events.length) told.push(states.byName());
  return told;
}

/** Folds a trace, record by record. */
class States {
  private readonly trace: Trace;
  private readonly methods: ReadonlySet<string>;
  private readonly states = new Map<string, NodeState>();

  constructor(trace: Trace) {
    this.trace = trace;
    this.methods = methodsOf(trace);
  }

  follow(record: TraceRecord): void {
    const { node } = record;
    if (node === undefined) return;
    let state = this.states.get(node);
    if (state === undefined) this.states.set(node, (state = newState(node)));
    // A record without a life (a message that is lost on arrival) says nothing of it.
    state.incarnation = record.incarnation ?? state.incarnation;
    follow(state, record, this.methods, this.trace);
  }

  /** As it is now, and stays whatever follows. */
  byName(): NodeState[] {
    return [...this.states.values()]
      .map((state) => ({
        ...state,
        operations: [...state.operations],
        calls: [...state.calls],
      }))
      .toSorted((a, b) => byName(a.node, b.node));
  }
}

function newState(node: string): NodeState {
  const none = { fields: {}, operations: [], calls: [], files: [] };
  return { node, status: 'up', incarnation: 0, ...none };
}

function follow(
  state: NodeState,
  record: TraceRecord,
  methods: ReadonlySet<string>,
  trace: Trace,
): void {
  switch (record.kind) {
    case 'crash':
      // Memory goes; files stay.
      Object.assign(state, { status: 'down', fields: {}, operations: [], calls: [] });
      break;
    case 'pause':
      state.status = 'paused';
      break;
    case 'restart':
    case 'resume':
      state.status = 'up';
      break;
    case 'state':
      state.fields = { ...state.fields, ...(record.payload as object) };
      break;
    case 'invocation':
      state.operations.push(record);
      break;
    case 'completion':
      state.operations.shift();
      break;
    case 'send':
      if (methods.has(record.label)) state.calls.push(record);
      break;
    case 'answer':
      answered(state, record, trace);
      break;
    case 'gave-up':
      state.calls = state.calls.filter((call) => !isCall(call, record.label, record.n));
      break;
    case 'save':
      state.files = filesAfter(state.files, record);
      break;
    default:
  }
}

const REPLY = '.reply';

/** Types of messages that are requests: those that somebody answers or gives up waiting for. */
function methodsOf(trace: Trace): Set<string> {
  const methods = new Set<string>();
  for (const { kind, label, from } of trace) {
    if (kind === 'gave-up' || (kind === 'answer' && from === undefined)) methods.add(label);
    if (label.endsWith(REPLY)) methods.add(label.slice(0, -REPLY.length));
  }
  return methods;
}

/** Handlers that wait a while answer some events later; none needs so many. */
const MAX_STEPS = 64;

/** Strike out the request that a reply belongs to. */
function answered(state: NodeState, answer: TraceRecord, trace: Trace): void {
  const { from, label } = answer;
  if (from === undefined || !label.endsWith(REPLY)) return;
  const method = label.slice(0, -REPLY.length);
  const n = requestOf(answer, method, trace);
  // Where the chain of causes does not lead to it, the oldest one.
  const at = state.calls.findIndex((call) => call.to === from && isCall(call, method, n ?? call.n));
  if (at >= 0) state.calls.splice(at, 1);
}

function requestOf(answer: TraceRecord, method: string, trace: Trace): number | undefined {
  let { cause } = answer;
  for (let step = 0; step < MAX_STEPS && cause > 0; step++) {
    const [event] = trace.of(cause);
    if (event === undefined) return undefined;
    const isRequest = event.kind === 'message' && event.label === method;
    if (isRequest && event.from === answer.node && event.to === answer.from) return event.n;
    cause = event.cause;
  }
  return undefined;
}

function isCall(call: TraceRecord, label: string, n: number | undefined): boolean {
  return call.label === label && call.n === n;
}

/** What a record of the disk says of the files there are. */
function filesAfter(files: readonly string[], { label, payload }: TraceRecord): readonly string[] {
  const without = (name: unknown): string[] => files.filter((file) => file !== name);
  switch (label) {
    case 'save':
    case 'write':
    case 'append':
      return [...without(payload), String(payload)].toSorted();
    case 'remove':
      return without(payload);
    case 'rename': {
      const { file, to } = payload as { file: string; to: string };
      return [...without(file).filter((name) => name !== to), to].toSorted();
    }
    case 'settle':
      return (payload as { files: readonly string[] }).files;
    default:
      return files;
  }
}
