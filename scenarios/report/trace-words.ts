import pc from 'picocolors';
import { topicOf, type Topic, type TraceRecord } from '../../sim/index.ts';
import { compact } from './compact.ts';
import type { Journeys } from './journeys.ts';

/** Longest payload that a line shows, in characters. */
const PAYLOAD_ROOM = 60;

/** What a record says, without time and node; what befell a message on its way is said of it. */
export function wordsOf(record: TraceRecord, journeys?: Journeys): string {
  const { kind, label, from, to, n, payload, text = '' } = record;
  const content = payload === undefined ? '' : ` ${compact(payload, PAYLOAD_ROOM)}`;
  const what = `${label} #${n}`;
  switch (kind) {
    case 'send':
      return `-> ${to} ${what}`;
    case 'message':
    case 'answer':
      if (from === undefined) return `call of ${label} failed`;
      return `<- ${from} ${what}${remark(record, journeys)}${content}`;
    case 'lost':
      return `-x ${to} ${what} LOST`;
    case 'held':
      return `-| ${to} ${what} HELD`;
    case 'duplicated':
      return `=> ${to} ${what} TWICE`;
    case 'corrupted':
      return `-~ ${to} ${what} DAMAGED`;
    case 'late':
      return `request ${what} of ${from} is LATE: its caller has given up`;
    case 'unknown':
      return `<? ${from} ${what} UNKNOWN`;
    case 'gave-up':
      return `gave up ${what}`;
    case 'save':
      return label === 'save' ? `disk${content}` : `disk: ${label}${content}`;
    case 'probe':
      return `probe "${label}"`;
    case 'fault':
      return `${label}:${text === '' ? content : ` ${text}`}`;
    case 'heal':
      return `${label} ends`;
    case 'action':
      return `fault action ${label}`;
    case 'invocation':
      return `begins${content}`;
    case 'completion':
      return `returns${content}`;
    case 'log':
      return text;
    case 'state':
      return `* ${compact(payload, PAYLOAD_ROOM)}`;
    case 'crash':
      return label.startsWith('exit') ? `CRASH, ${label}` : 'CRASH';
    case 'pause':
    case 'resume':
      return kind.toUpperCase();
    case 'restart':
      return record.incarnation === undefined ? 'RESTART' : `RESTART, life ${record.incarnation}`;
    case 'start':
    case 'timer':
    case 'wake':
    case 'invoke':
      return `${kind} ${label === kind ? '' : label}`.trimEnd();
  }
}

function remark(record: TraceRecord, journeys: Journeys | undefined): string {
  const remarks = journeys?.remarks(record) ?? '';
  return remarks === '' ? '' : ` (${remarks})`;
}

type Paint = (text: string) => string;

const plain: Paint = (text) => text;

/** A colour for each topic. */
const COLOURS: Readonly<Record<Topic, Paint>> = {
  network: plain,
  node: pc.yellow,
  timer: pc.dim,
  disk: pc.blue,
  fault: pc.yellow,
  client: pc.cyan,
  state: pc.green,
  log: pc.italic,
  probe: pc.magenta,
};

/** Messages that do not simply arrive stand out from the others. */
const MISHAPS: ReadonlySet<TraceRecord['kind']> = new Set([
  'lost',
  'held',
  'duplicated',
  'corrupted',
  'late',
  'unknown',
  'gave-up',
]);

/** The colour of a record. */
export function paintOf(record: TraceRecord, journeys?: Journeys): Paint {
  if (MISHAPS.has(record.kind)) return pc.red;
  if ((journeys?.remarks(record) ?? '') !== '') return pc.magenta;
  return COLOURS[topicOf(record.kind)];
}
