import { topicOf, type Topic, type TraceRecord } from '../../sim/index.ts';

/** Which records of a trace to show. Absent = all. */
export interface TraceFilter {
  readonly fromMs?: number | undefined;
  readonly untilMs?: number | undefined;
  /** One: what it did, sent or got. Several: what they did, and sent each other. Faults always. */
  readonly nodes?: readonly string[] | undefined;
  readonly topics?: readonly Topic[] | undefined;
  /** Also timers and wake-ups, which are most of the events and say least. */
  readonly isComplete?: boolean | undefined;
}

/** What says nothing that a note or the next event does not say better. */
const QUIET: ReadonlySet<TraceRecord['kind']> = new Set(['timer', 'wake', 'start', 'action']);

export function matches(record: TraceRecord, filter: TraceFilter): boolean {
  const { fromMs = 0, untilMs = Infinity, nodes, topics, isComplete = false } = filter;
  const { kind, timeUs } = record;
  const ms = timeUs / 1000;
  if (ms < fromMs || ms > untilMs) return false;
  if (nodes !== undefined && !concerns(record, nodes)) return false;
  if (topics !== undefined && !topics.includes(topicOf(kind))) return false;
  // Who asks for timers gets them.
  return isComplete || topics?.includes('timer') === true || !QUIET.has(kind);
}

function concerns({ node, from, to }: TraceRecord, nodes: readonly string[]): boolean {
  const taking = [node, from, to].filter((id) => id !== undefined);
  // What happens to the world happens to all.
  if (taking.length === 0) return true;
  const isIn = (id: string): boolean => nodes.includes(id);
  if (nodes.length === 1) return taking.some(isIn);
  return taking.every(isIn);
}
