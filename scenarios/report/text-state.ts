import pc from 'picocolors';
import type { Trace, TraceRecord } from '../../sim/index.ts';
import { compact } from './compact.ts';
import { faultSpans } from './fault-spans.ts';
import { milliseconds } from './gutter.ts';
import { statesAt, type NodeState } from './state-at.ts';
import { clean, fold, padded, widthOf } from './text-fold.ts';

const MAX_NAME = 16;
const VALUE_ROOM = 120;

/** The state of every node at a moment, in µs, as the trace tells it: a paragraph a node. */
export function stateLines(trace: Trace, untilUs: number, width: number): string[] {
  const states = statesAt(trace, untilUs);
  const lasting = faultSpans(trace).filter(
    (span) => span.fromUs <= untilUs && span.untilUs > untilUs,
  );
  const nameWidth = Math.min(MAX_NAME, Math.max(0, ...states.map(({ node }) => widthOf(node))));
  const lines = [pc.bold(`The nodes at ${milliseconds(untilUs)} ms`)];
  for (const { id, text } of lasting) {
    lines.push(
      ...fold(`fault in force: ${id}: ${text}`, width - 2).map((l) => pc.yellow(`  ${l}`)),
    );
  }
  for (const state of states) {
    const indent = ' '.repeat(nameWidth + 4);
    const texts = detailsOf(state).flatMap((text) => fold(text, width - indent.length));
    texts.forEach((text, i) => {
      const [name = ''] = fold(state.node, nameWidth + 2, 1);
      lines.push(
        i === 0 ? `  ${padded(name, nameWidth + 2)}${statusPaint(state)(text)}` : indent + text,
      );
    });
  }
  return lines;
}

function statusPaint({ status }: NodeState): (text: string) => string {
  if (status === 'down') return pc.red;
  return status === 'paused' ? pc.yellow : pc.green;
}

/** First its status, then what else there is to say. */
function detailsOf(state: NodeState): string[] {
  const { status, incarnation, fields, operations, calls, files } = state;
  const life = incarnation === 0 ? status : `${status}, life ${incarnation}`;
  return [
    life,
    ...(Object.keys(fields).length === 0 ? [] : [`shows ${compact(fields, VALUE_ROOM)}`]),
    ...operations.map((record) => `in ${compact(record.payload, VALUE_ROOM)} ${since(record)}`),
    ...calls.map((call) => `waits for ${call.to}: ${call.label} #${call.n} ${since(call)}`),
    ...(files.length === 0 ? [] : [`files ${files.map(clean).join(', ')}`]),
  ];
}

function since({ timeUs, event }: TraceRecord): string {
  return `since ${milliseconds(timeUs)} ms (event ${event})`;
}
