import type { FieldsView } from '../../scenarios/define/view.ts';
import { faultSpans, type FaultSpan } from '../../scenarios/report/fault-spans.ts';
import { Causality } from './causality.ts';
import { Flights } from './flights.ts';
import { graphsOf, type Graph } from './graphs.ts';
import { Knowledge } from './knowledge.ts';
import { nodeHistories, type NodeHistory, type Stretch } from './states.ts';
import { nodeLanes, type NodeLane } from './nodes.ts';
import { Operations } from './operations.ts';
import { Told } from './revealed.ts';
import type { RunData } from './run-data.ts';
import { storyOf, type StoryItem } from './story.ts';

/** All that is made of the data of a page, once, before it is shown. */
export interface RunModel {
  readonly data: RunData;
  readonly lanes: readonly NodeLane[];
  /** By number of a string: the lane of the node of that name, or -1. */
  readonly laneOfNode: Int16Array;
  readonly causality: Causality;
  readonly flights: Flights;
  readonly faults: readonly FaultSpan[];
  /** By lane: when some fault was about it, in pairs of times, ascending. */
  readonly troubled: readonly Float64Array[];
  readonly histories: ReadonlyMap<string, NodeHistory>;
  /** Logs and tables. */
  readonly told: Told;
  readonly knowledge: Knowledge;
  readonly operations: Operations;
  readonly story: readonly StoryItem[];
  readonly graphs: readonly Graph[];
  /** By lane: records that are marks on it, by time. */
  readonly marks: readonly Uint32Array[];
  /** By lane: the times of those. */
  readonly markTimes: readonly Float64Array[];
  /** By lane: those of its marks that are shown however dense they are. */
  readonly befalls: readonly Uint32Array[];
  readonly fields: FieldsView | undefined;
  /** By lane: what its strip shows; none if it has no strip. */
  readonly strips: readonly (readonly Stretch[])[];
  /** Types of messages without `.reply`, the most frequent first. */
  readonly types: readonly string[];
  /** By number of a string: place in {@link types}, or -1. */
  readonly typeOf: Int16Array;
  /** The record at which a violation shows; undefined if there is none. */
  readonly violation: number | undefined;
}

const REPLY = '.reply';

/** What stands on a lane: events, and what befalls the node. */
const MARKED: ReadonlySet<string> = new Set(
  ['message', 'answer', 'timer', 'wake', 'start', 'invoke'].concat([
    'crash',
    'restart',
    'pause',
    'resume',
    'probe',
    'log',
  ]),
);

/** What befalls a node is rarer than what it does. */
const BEFALLS: ReadonlySet<string> = new Set(['crash', 'restart', 'probe']);

export function runModel(data: RunData): RunModel {
  const lanes = nodeLanes(data);
  const laneOfNode = new Int16Array(data.about.strings.length + 1).fill(-1);
  for (const [lane, { id }] of lanes.entries()) laneOfNode[data.idOf(id)] = lane;
  const histories = nodeHistories(data);
  const told = new Told(data);
  const operations = new Operations(data);
  const fields = data.about.views.find((view) => view.kind === 'fields');
  const strip = fields?.strip;
  const faults = faultSpans([...data.bare()]);
  const flights = new Flights(data);
  const story = storyOf(data, histories, operations);
  return {
    data,
    lanes,
    laneOfNode,
    causality: new Causality(data, laneOfNode, lanes.length),
    flights,
    faults,
    troubled: lanes.map(({ id }) => unionOf(faults.filter(({ nodes }) => nodes.has(id)))),
    histories,
    told,
    knowledge: new Knowledge(data, histories, told),
    operations,
    story,
    graphs: graphsOf(flights, operations),
    ...marksOf(data, laneOfNode, lanes.length),
    fields,
    strips: lanes.map(({ id }) => {
      const history = histories.get(id);
      if (strip === undefined || history === undefined) return [];
      return history.stretches(data, strip.field, strip.beside?.name);
    }),
    ...typesOf(data),
    violation: story.findLast(({ kind }) => kind === 'violation')?.record,
  };
}

/** Stretches that overlap, as one: their shades would add up. */
export function unionOf(
  spans: readonly { readonly fromUs: number; readonly untilUs: number }[],
): Float64Array {
  const times: number[] = [];
  for (const { fromUs, untilUs } of spans.toSorted((a, b) => a.fromUs - b.fromUs)) {
    const last = times[times.length - 1];
    if (last !== undefined && fromUs <= last) times[times.length - 1] = Math.max(last, untilUs);
    else times.push(fromUs, untilUs);
  }
  return Float64Array.from(times);
}

function marksOf(
  data: RunData,
  laneOfNode: Int16Array,
  lanes: number,
): Pick<RunModel, 'marks' | 'markTimes' | 'befalls'> {
  const marks: number[][] = Array.from({ length: lanes }, () => []);
  const befalls: number[][] = Array.from({ length: lanes }, () => []);
  for (let i = 0; i < data.length; i++) {
    const lane = laneOfNode[data.node[i] as number] as number;
    const kind = data.kindAt(i);
    if (lane < 0 || !MARKED.has(kind)) continue;
    marks[lane]!.push(i);
    if (BEFALLS.has(kind)) befalls[lane]!.push(i);
  }
  return {
    befalls: befalls.map((records) => Uint32Array.from(records)),
    marks: marks.map((records) => Uint32Array.from(records)),
    markTimes: marks.map((records) => Float64Array.from(records, (i) => data.timeUs[i] as number)),
  };
}

function typesOf(data: RunData): Pick<RunModel, 'types' | 'typeOf'> {
  const counts = new Map<string, number>();
  for (let i = 0; i < data.length; i++) {
    if (data.kindAt(i) !== 'send') continue;
    const type = withoutReply(data.string(data.label[i] as number));
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const types = [...counts].toSorted(([, a], [, b]) => b - a).map(([type]) => type);
  const typeOf = new Int16Array(data.about.strings.length + 1).fill(-1);
  for (const [i, label] of data.about.strings.entries()) {
    typeOf[i + 1] = types.indexOf(withoutReply(label));
  }
  return { types, typeOf };
}

export function withoutReply(label: string): string {
  return label.endsWith(REPLY) ? label.slice(0, -REPLY.length) : label;
}

export function isReply(label: string): boolean {
  return label.endsWith(REPLY);
}
