import type { TraceColumns } from '../../../sim/index.ts';
import type { NumberColumns } from '../../../sim/trace/columns.ts';
import { VERSION } from '../../define/version.ts';
import type { View } from '../../define/view.ts';
import type { JobReport } from '../../runner/node-target.ts';
import { toJson } from '../json.ts';
import { packNumbers, packTexts } from './packed.ts';
import { writePage } from './page-file.ts';
import type { RunAbout, RunParts } from './run-parts.ts';

/** The columns of a trace that travel in sections of their own. */
export const traceColumns: readonly (keyof NumberColumns)[] = [
  'event',
  'cause',
  'timeUs',
  'kind',
  'node',
  'incarnation',
  'label',
  'from',
  'to',
  'n',
  'text',
  'payload',
];

/** Longest payload that a page holds in full, in characters. */
const PAYLOAD_MAX = 16_384;

/** What a run was, for its page. */
export function runPage(
  report: JobReport,
  views: readonly View[],
  remarks: readonly string[] = [],
): Uint8Array {
  const { plan, result, history, trace, spans, picture } = report;
  const { profile = '', disk = '', clocks = '', hardware = '', ties = '' } = plan ?? {};
  const about: RunAbout = {
    result,
    world: { network: profile, disk, clocks, hardware, ties },
    params: plan?.params ?? {},
    views,
    spans,
    records: trace.numbers.event.length,
    strings: trace.strings,
    remarks,
  };
  const { checked = [], revealed: told = [] } = picture ?? {};
  const shown = new Set(views.map((view) => ('name' in view ? view.name : view.kind)));
  const revealed = told.filter(({ view }) => shown.has(view));
  const parts: RunParts = { history, checked, revealed };
  const json = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [name, new TextEncoder().encode(toJson(part))]),
  );
  return writePage(
    { kind: 'run', faultlab: VERSION, about: JSON.parse(toJson(about)) },
    { ...traceSections(trace), ...json },
  );
}

/** Equal payloads are kept once: most messages of a protocol say the same again and again. */
function traceSections({ numbers, payloads }: TraceColumns): Record<string, Uint8Array> {
  const ids = new Map<string, number>();
  const idOf = payloads.map((payload) => {
    const text = shortened(toJson(payload) ?? 'null');
    const id = ids.get(text) ?? ids.size + 1;
    ids.set(text, id);
    return id;
  });
  const columns: Record<string, Uint8Array> = {};
  for (const name of traceColumns) {
    const column = numbers[name];
    columns[name] = packNumbers(
      name === 'payload' ? Array.from(column, (id) => idOf[id - 1] ?? 0) : column,
    );
  }
  return { ...columns, payloads: packTexts([...ids.keys()]) };
}

/** What is cut off is no JSON any more, and shown as the text that it is. */
function shortened(json: string): string {
  if (json.length <= PAYLOAD_MAX) return json;
  return `${json.slice(0, PAYLOAD_MAX)} ... (${json.length} characters in all)`;
}
