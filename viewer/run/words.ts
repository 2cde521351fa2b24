import { wordsOf } from '../../scenarios/report/trace-words.ts';
import { compact } from '../../scenarios/report/compact.ts';
import { fates, type Fate } from '../model/flights.ts';
import type { Fact } from '../model/over-time.ts';
import type { RunModel } from '../model/run-model.ts';
import { lengthText, momentText } from '../time/ticks.ts';
import type { Hit } from './hit.ts';

/** What became of a message, in words. */
export const FATE_WORDS: Readonly<Record<Fate, string>> = {
  delivered: 'delivered',
  lost: 'lost',
  duplicated: 'a second copy',
  delayed: 'delayed',
  held: 'held by a clog',
  damaged: 'damaged',
  'under way': 'under way at the end',
};

const PAYLOAD_ROOM = 120;
/** Of a log, the last so many stretches of one group are told. */
const RUNS_TOLD = 4;

/** Lines for what a pointer is over, the first in bold. */
export function tooltipOf(model: RunModel, hit: Hit): string[] {
  switch (hit.kind) {
    case 'record':
      return recordLines(model, hit.record);
    case 'flight':
      return flightLines(model, hit.flight);
    case 'operation': {
      const { client, text, result, status, fromUs, untilUs, judged } = hit.operation;
      const took = status === 'pending' ? 'never returned' : `took ${lengthText(untilUs - fromUs)}`;
      const place =
        judged?.place === undefined ? [] : [`number ${judged.place} in the order found`];
      const blame = judged?.blame === undefined ? [] : ['the violation is about it'];
      return [
        `${client}: ${text}`,
        result === '' ? status : `→ ${result}`,
        took,
        ...place,
        ...blame,
      ];
    }
    case 'fault': {
      const { id, text, fromUs, untilUs } = hit.fault;
      const until = Number.isFinite(untilUs) ? momentText(untilUs, 1000) : 'the end';
      return [text, `${id}: ${momentText(fromUs, 1000)} to ${until}`];
    }
    case 'fact':
      return factLines(hit.fact, hit.at);
    case 'span': {
      const { span, fromUs, untilUs } = hit.spent;
      const label = span.label === undefined ? '' : ` ${span.label}`;
      return [`${span.row}: ${span.what}${label}`, `for ${lengthText(untilUs - fromUs)}`];
    }
  }
}

function factLines({ title, drawn }: Fact, at: number): string[] {
  const [from, until] = [drawn.fromUs[at] as number, drawn.untilUs[at] as number];
  const when = `from ${momentText(from, 10)}, for ${lengthText(until - from)}`;
  switch (drawn.kind) {
    case 'words':
      return [`${title}: ${drawn.texts[at]?.[0]}`, when];
    case 'number':
      return [`${title}: ${drawn.values[at]}`, when];
    case 'members': {
      const had = drawn.members.filter((member) => drawn.sets[at]?.has(member));
      return [`${title}: ${had.length} of ${drawn.members.length}`, had.join(', '), when];
    }
    case 'log': {
      const { base, last, runs } = drawn.moments[at]!;
      const { group, marks } = drawn.view;
      const indexes = last > base ? `${base + 1} to ${last}` : 'no entries';
      const before = base > 0 ? [`a snapshot has all up to ${base}`] : [];
      const marked = marks.map(({ title: name }, i) => `${name} ${drawn.marks[i]?.[at]}`);
      const groups = runs
        .slice(-RUNS_TOLD)
        .map((run) => `${group} ${run.group} from ${Math.max(base + 1, run.first)}`);
      const known = marked.filter((text) => !text.endsWith('NaN'));
      return [`${title}: ${indexes}`, ...before, known.join(', '), groups.join(', '), when];
    }
  }
}

function recordLines(model: RunModel, i: number): string[] {
  const { data, flights } = model;
  const record = data.record(i);
  const flight = flights.endedBy(i);
  const tookUs =
    flight === undefined
      ? undefined
      : (flights.untilUs[flight] as number) - (flights.fromUs[flight] as number);
  const took = tookUs === undefined ? [] : [`took ${lengthText(tookUs)}`];
  const head = `${record.node ?? 'world'}  ${wordsOf({ ...record, payload: undefined })}`;
  const content = record.payload === undefined ? [] : [compact(record.payload, PAYLOAD_ROOM)];
  return [head, ...content, ...took, `event ${record.event}, ${momentText(record.timeUs)}`];
}

function flightLines(model: RunModel, i: number): string[] {
  const { data, flights } = model;
  const sent = data.record(flights.sent[i] as number);
  const ended = flights.ended[i] as number;
  const fate = flights.fateOf(i);
  const took = (flights.untilUs[i] as number) - (flights.fromUs[i] as number);
  const payload = ended < 0 ? undefined : data.payloadAt(ended);
  const arrived = fate === 'lost' || fate === 'under way' ? '' : ` after ${lengthText(took)}`;
  return [
    `${sent.from} → ${sent.to}  ${sent.label} #${sent.n}`,
    ...(payload === undefined ? [] : [compact(payload, PAYLOAD_ROOM)]),
    `${FATE_WORDS[fate]}${arrived}`,
    `sent at ${momentText(sent.timeUs)}`,
  ];
}

/** The fates that a run has, in the order of {@link fates}. */
export function fatesOf({ flights }: RunModel): Fate[] {
  const seen = new Set(flights.fate);
  return fates.filter((_fate, i) => seen.has(i));
}
