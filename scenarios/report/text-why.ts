import type { Trace, TraceRecord } from '../../sim/index.ts';
import { causesOf, type Link } from './causes.ts';
import { faultSpans, type FaultSpan } from './fault-spans.ts';
import { milliseconds } from './gutter.ts';
import { Journeys } from './journeys.ts';
import { LineForm } from './text-lines.ts';
import { wordsOf } from './trace-words.ts';
import { isDull, stepOf } from './why-steps.ts';

/** The nearest causes say most: so many are shown unless all are wanted. */
const NEAREST = 24;

export interface WhyOptions {
  /** In columns, from 60. */
  readonly width: number;
  /** The whole chain, with each wake-up. */
  readonly isComplete?: boolean | undefined;
  /** How to ask for the whole chain. Default: by the option of the command. */
  readonly toComplete?: string | undefined;
}

/** A piece of the answer. */
type Piece =
  | { readonly kind: 'step'; readonly records: readonly TraceRecord[] }
  | { readonly kind: 'folded'; readonly text: string }
  | { readonly kind: 'fault'; readonly span: FaultSpan };

/**
 * Why an event happened: the events that led to it, back to a timer, a fault or the start of the
 * world, with the sending of each message on the way and the faults that lasted meanwhile.
 */
export function whyLines(trace: Trace, event: number, options: WhyOptions): string[] {
  const { isComplete = false, toComplete = '--all', width } = options;
  const all = causesOf(trace, event);
  const chain = isComplete ? all : all.slice(-NEAREST);
  const journeys = new Journeys(trace);
  const steps = stepsOf(chain, journeys, isComplete);
  const records = steps.flatMap((piece) => (piece.kind === 'step' ? piece.records : []));
  const form = new LineForm(records, width, journeys);
  const left = all.slice(0, all.length - chain.length);
  const lines = [form.header(), ...earlier(left, toComplete).flatMap((text) => form.remark(text))];
  for (const piece of withFaults(steps, faultSpans(trace))) {
    if (piece.kind === 'step') lines.push(...piece.records.flatMap((record) => form.rows(record)));
    else if (piece.kind === 'fault') lines.push(...form.rule(spanText(piece.span)));
    else lines.push(...form.remark(piece.text));
  }
  return lines;
}

/** What was left out before the first event that is shown. */
function earlier(left: readonly Link[], toComplete: string): string[] {
  const [first] = left;
  if (first === undefined) return [];
  const { event, node = 'the world', timeUs } = first.event;
  const origin = `${node}: ${wordsOf(first.event)} at ${milliseconds(timeUs)} ms`;
  const count = left.length === 1 ? '1 earlier cause' : `${left.length} earlier causes`;
  return [`... ${count}, back to event ${event} (${origin}); ${toComplete} shows them`];
}

/** The events of a chain; unless all are wanted, wake-ups of one node in a row as one line. */
function stepsOf(chain: readonly Link[], journeys: Journeys, isComplete: boolean): Piece[] {
  const pieces: Piece[] = [];
  for (let i = 0; i < chain.length;) {
    const { node } = (chain[i] as Link).event;
    const last = isComplete ? i : chain.length;
    let end = i;
    while (end < last && isDull(chain, end) && chain[end]?.event.node === node) end++;
    if (end - i >= 2) {
      pieces.push({ kind: 'folded', text: `${end - i} wake-ups of ${node}` });
      i = end;
    } else {
      pieces.push({ kind: 'step', records: stepOf(chain, i, journeys) });
      i++;
    }
  }
  return pieces;
}

/** Put each fault before the first step that it may have touched. */
function withFaults(steps: readonly Piece[], spans: readonly FaultSpan[]): Piece[] {
  const told: Piece[] = [];
  const known = new Set<FaultSpan>();
  let sinceUs = Infinity;
  for (const step of steps) {
    const records = step.kind === 'step' ? step.records : [];
    for (const span of spans) {
      if (known.has(span)) continue;
      // The step itself tells of a fault that starts in it.
      const isTold = records.some(({ kind, label }) => kind === 'fault' && label === span.id);
      if (!isTold && !records.some((record) => touches(span, record, sinceUs))) continue;
      known.add(span);
      if (!isTold) told.push({ kind: 'fault', span });
    }
    sinceUs = records.at(-1)?.timeUs ?? sinceUs;
    told.push(step);
  }
  return told;
}

/** Did a fault last between the step before and this one, and does it name who takes part? */
function touches(span: FaultSpan, record: TraceRecord, sinceUs: number): boolean {
  const { node, from, to, timeUs } = record;
  const isThen = span.fromUs <= timeUs && span.untilUs >= Math.min(sinceUs, timeUs);
  return isThen && [node, from, to].some((id) => id !== undefined && span.nodes.has(id));
}

function spanText({ id, text, fromUs, untilUs }: FaultSpan): string {
  const end = untilUs === Infinity ? 'the end' : `${milliseconds(untilUs)} ms`;
  return `${id}: ${text}, from ${milliseconds(fromUs)} to ${end}`;
}
