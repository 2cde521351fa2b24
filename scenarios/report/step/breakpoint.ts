import { topicOf, topics, type TraceRecord } from '../../../sim/index.ts';
import type { RunEvents } from './run-events.ts';
import { StepError } from './step-error.ts';

/** Where to stop. */
export interface Breakpoint {
  /** As one would type it: `node s0`. */
  readonly text: string;
  readonly matches: (record: TraceRecord) => boolean;
}

/** What changes the state of a node beside what it shows. */
const LIVES: ReadonlySet<TraceRecord['kind']> = new Set(['crash', 'restart', 'pause', 'resume']);

export const BREAK_FORMS: string =
  'break EVENT, break node ID, break message TYPE, break topic NAME, break state ID [FIELD]';

/**
 * Read what stands behind `break`.
 * @throws StepError naming what there is instead
 */
export function parseBreakpoint(words: readonly string[], run: RunEvents): Breakpoint {
  const [what = '', name = '', field] = words;
  const text = words.join(' ');
  if (/^\d+$/.test(what) && words.length === 1) return atEvent(Number(what), run);
  if (name === '' || words.length > (what === 'state' ? 3 : 2)) {
    throw new StepError(`expected ${BREAK_FORMS}`);
  }
  switch (what) {
    case 'event':
      if (!/^\d+$/.test(name))
        throw new StepError(`expected the number of an event, not "${name}"`);
      return atEvent(Number(name), run);
    case 'node':
      known('node', name, run.nodes);
      return { text, matches: (record) => record.node === name && run.isShown(record) };
    case 'message':
      known('message type', name, run.types);
      return { text, matches: ({ label, n }) => n !== undefined && label === name };
    case 'topic':
      known('topic', name, new Set(topics));
      return { text, matches: ({ kind }) => topicOf(kind) === name };
    case 'state':
      known('node', name, run.nodes);
      return { text, matches: (record) => record.node === name && changesState(record, field) };
    default:
      throw new StepError(`no "${what}" to break at: expected ${BREAK_FORMS}`);
  }
}

function atEvent(number: number, run: RunEvents): Breakpoint {
  if (!run.has(number)) throw new StepError(`no event ${number}; the last one is ${run.last}`);
  return { text: String(number), matches: ({ event }) => event === number };
}

function changesState({ kind, payload }: TraceRecord, field: string | undefined): boolean {
  if (field === undefined && LIVES.has(kind)) return true;
  return kind === 'state' && (field === undefined || Object.hasOwn(payload as object, field));
}

/** @throws StepError if it is none of these */
export function known(what: string, name: string, names: ReadonlySet<string>): void {
  if (names.has(name)) return;
  throw new StepError(`no ${what} "${name}"; there are ${[...names].toSorted().join(', ')}`);
}
