/**
 * Prints how fast Raft is simulated, digest and invariants on, next to a yardstick measured in the
 * same process and in turns with it: `npm run bench:raft`, with `-- --json` for one JSON object.
 */
import { availableParallelism, loadavg } from 'node:os';
import { bareEvents } from './kernel.ts';
import { median } from './measure.ts';
import { type Case, clusters, official } from './raft-cluster.ts';
import { formatTable } from './table.ts';

const ROUNDS = 9;
/** Rounds that are thrown away: the compiler is still at work. */
const WARM_UP_ROUNDS = 2;
/** Pops and pushes of a bare heap of 100 events, right before and after each case. */
const YARDSTICK_EVENTS = 200_000;

/** What some work took: until it was done, and of all threads of this process together. */
interface Cost {
  readonly wallMs: number;
  readonly cpuMs: number;
}

/** A case: medians over the rounds. */
interface Timed extends Cost {
  readonly name: string;
  /** Virtual time, in ms. */
  readonly simMs: number;
  /** The processor time in events of the yardstick: what can be compared between machines. */
  readonly yardstickEvents: number;
}

interface Results {
  readonly format: 1;
  readonly node: string;
  /** Load of the machine before and after, over a minute: other processes that want to run. */
  readonly load: readonly [before: number, after: number];
  /** Processor time of one event of the yardstick, in ns. */
  readonly yardstickNs: number;
  readonly clusters: readonly Timed[];
  readonly official: readonly Timed[];
  /** All official tests once. */
  readonly list: Cost;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallMs: performance.now() - startedAt, cpuMs: (user + system) / 1000 };
}

/** One round of all cases, one after the other; what each took, in their order. */
async function roundOf(cases: readonly Case[], round: number): Promise<Omit<Timed, 'name'>[]> {
  const yardstick = (): Promise<Cost> => costOf(() => bareEvents(100, YARDSTICK_EVENTS));
  const timed: Omit<Timed, 'name'>[] = [];
  let before = await yardstick();
  for (const { run } of cases) {
    let simMs = 0;
    const cost = await costOf(async () => ({ simMs } = await run(round)));
    const after = await yardstick();
    const eventMs = (before.cpuMs + after.cpuMs) / 2 / YARDSTICK_EVENTS;
    timed.push({ ...cost, simMs, yardstickEvents: cost.cpuMs / eventMs });
    before = after;
  }
  return timed;
}

async function measureAll(): Promise<Results> {
  const loadBefore = loadOfMinute();
  const cases = [...clusters, ...official];
  const rounds: Omit<Timed, 'name'>[][] = [];
  for (let round = 0; round < WARM_UP_ROUNDS + ROUNDS; round++) {
    const timed = await roundOf(cases, round);
    if (round >= WARM_UP_ROUNDS) rounds.push(timed);
  }
  const timed = cases.map(({ name }, i): Timed => {
    const of = (what: keyof Omit<Timed, 'name'>): number =>
      median(rounds.map((round) => round[i]![what]));
    const [wallMs, cpuMs, simMs] = [of('wallMs'), of('cpuMs'), of('simMs')];
    return { name, wallMs, cpuMs, simMs, yardstickEvents: of('yardstickEvents') };
  });
  const ofList = (what: keyof Cost): number =>
    median(rounds.map((round) => sum(round.slice(clusters.length).map((test) => test[what]))));
  const all = rounds.flat();
  return {
    format: 1,
    node: process.version,
    load: [loadBefore, loadOfMinute()],
    yardstickNs: median(all.map(({ cpuMs, yardstickEvents }) => (cpuMs * 1e6) / yardstickEvents)),
    clusters: timed.slice(0, clusters.length),
    official: timed.slice(clusters.length),
    list: { wallMs: ofList('wallMs'), cpuMs: ofList('cpuMs') },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0);
}

function loadOfMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

function report(results: Results): string {
  const { node, load, yardstickNs, list } = results;
  const clusterRows = [
    ['', 'simulated s a second', 'a processor second', 'yardstick events a simulated s'],
    ...results.clusters.map(({ name, wallMs, cpuMs, simMs, yardstickEvents }) => [
      name,
      whole(simMs / wallMs),
      whole(simMs / cpuMs),
      whole((yardstickEvents * 1000) / simMs),
    ]),
  ];
  const testRows = [
    ['', 'wall ms', 'processor ms', 'yardstick events'],
    ...results.official.map(({ name, wallMs, cpuMs, yardstickEvents }) => [
      name,
      whole(wallMs),
      whole(cpuMs),
      whole(yardstickEvents),
    ]),
    ['all of them once', whole(list.wallMs), whole(list.cpuMs)],
  ];
  const machine = `load ${load.join(' to ')} on ${availableParallelism()} cores`;
  return [
    `Node ${node.slice(1)}, medians of ${ROUNDS} rounds, ${machine}`,
    `yardstick: ${yardstickNs.toFixed(0)} ns of processor time an event of a bare heap`,
    '',
    formatTable(clusterRows),
    '',
    formatTable(testRows),
    '',
  ].join('\n');
}

const results = await measureAll();
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify(results)}\n` : report(results),
);
