import { describeFault, type FaultAction, type MessageOverride } from '../../../sim/index.ts';
import type { ClientPlan, Plan } from '../../define/plan.ts';
import { compact } from '../compact.ts';
import { toJson } from '../json.ts';

/** Something in which two plans differ, in words; undefined where a plan does not have it. */
export interface PlanChange {
  /** What sort of thing it is: so many of a sort are told. */
  readonly sort: 'world' | 'param' | 'fault' | 'client' | 'override';
  /** Which one: `fault f3`. */
  readonly what: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

type Entry = readonly [what: string, text: string];

/** What differs in two plans. The seed does not count: it names a run and decides nothing. */
export function planChanges(a: Plan, b: Plan): PlanChange[] {
  return [
    ...changes('world', worldOf(a), worldOf(b)),
    ...changes('param', paramsOf(a), paramsOf(b)),
    ...changes('fault', a.faults.map(faultEntry), b.faults.map(faultEntry)),
    ...clientChanges(a.clients, b.clients),
    ...changes('override', a.overrides.map(overrideEntry), b.overrides.map(overrideEntry)),
  ];
}

function worldOf(plan: Plan): Entry[] {
  const { scenario, streamSeed, profile, disk, clocks, hardware, ties, code = {} } = plan;
  const { scenarioFile, impl, specimen, hash } = code;
  const named = { scenario, profile, disk, clocks, hardware, ties, streamSeed };
  const codeOf = {
    'scenario file': scenarioFile,
    implementation: impl,
    specimen,
    'code hash': hash,
  };
  return Object.entries({ ...named, ...codeOf }).flatMap(([what, value]) =>
    value === undefined ? [] : [[what, value]],
  );
}

function paramsOf({ params }: Plan): Entry[] {
  return Object.entries(params).map(([name, value]) => [name, toJson(value)]);
}

function faultEntry(action: FaultAction): Entry {
  const { id, atMs, untilMs } = action;
  const until = untilMs === undefined ? '' : ` to ${untilMs}`;
  return [id, `${describeFault(action)}, at ${atMs}${until} ms`];
}

function overrideEntry({ link, type, n, fate }: MessageOverride): Entry {
  return [`${link} ${type} #${n}`, compact(fate)];
}

/** Entries that are new, gone or different, in the order of `a`, then of `b`. */
function changes(sort: PlanChange['sort'], a: readonly Entry[], b: readonly Entry[]): PlanChange[] {
  const [inA, inB] = [new Map(a), new Map(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((what) => ({ sort, what, a: inA.get(what), b: inB.get(what) }))
    .filter((change) => change.a !== change.b);
}

function clientChanges(a: readonly ClientPlan[], b: readonly ClientPlan[]): PlanChange[] {
  const ids = [...new Set([...a, ...b].map(({ id }) => id))];
  return ids.flatMap((id) => {
    const [inA, inB] = [a, b].map((clients) => clients.find((client) => client.id === id));
    if (inA === undefined || inB === undefined) {
      return changes('client', wholeClient(inA), wholeClient(inB));
    }
    const settings = (client: ClientPlan): Entry[] => [
      [`${id} settings`, compact(client.settings)],
    ];
    return [...changes('client', settings(inA), settings(inB)), ...intentChanges(inA, inB)];
  });
}

function wholeClient(client: ClientPlan | undefined): Entry[] {
  return client === undefined ? [] : [[client.id, `${client.intents.length} intents`]];
}

/** The intents that stand between what two lists begin and end with alike. */
function intentChanges(a: ClientPlan, b: ClientPlan): PlanChange[] {
  const [ofA, ofB] = [a, b].map(({ intents }) => intents.map((intent) => compact(intent)));
  if (ofA === undefined || ofB === undefined) return [];
  const least = Math.min(ofA.length, ofB.length);
  let start = 0;
  while (start < least && ofA[start] === ofB[start]) start++;
  let end = 0;
  while (end < least - start && ofA.at(-1 - end) === ofB.at(-1 - end)) end++;
  const [middleA, middleB] = [ofA, ofB].map((list) => list.slice(start, list.length - end));
  const length = Math.max(middleA?.length ?? 0, middleB?.length ?? 0);
  return Array.from({ length }, (_, i) => ({
    sort: 'client',
    what: `${a.id} intent ${start + i + 1}`,
    a: middleA?.[i],
    b: middleB?.[i],
  }));
}
