/**
 * Prints how long a large cluster of lab 5 takes to be simulated and judged, and its official tests
 * once: `npm run bench:shardkv`, with `-- --json` for one JSON object.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { packs } from '../scenarios/catalogue.ts';
import type { JsonObject } from '../scenarios/define/plan.ts';
import { Registry } from '../scenarios/define/registry.ts';
import type { RunResult } from '../scenarios/define/result.ts';
import { makePlan } from '../scenarios/runner/make-plan.ts';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { runPlan } from '../scenarios/runner/run-plan.ts';
import { bareEvents } from './kernel.ts';
import { median } from './measure.ts';
import { peakMb } from './peak.ts';
import { formatTable } from './table.ts';

const SCENARIO = 'shardkv/scale';
const LARGE: JsonObject = {
  groups: 100,
  servers: 3,
  shards: 1000,
  clients: 200,
  keys: 4000,
  operations: 600,
  forMs: 10_000,
};

const SEEDS = ['1', '2', '3', '4', '5'];

/** Pops and pushes of a bare heap of 100 events, right before and after each run. */
const YARDSTICK_EVENTS = 1_000_000;

/** What is asked for, however fast it was. */
const LEAST = { operations: 50_000, moves: 500 };

interface Cost {
  readonly wallMs: number;
  /** Of all threads of the process. */
  readonly cpuMs: number;
  /** The most that the process had resident; Node itself takes some 50 of it. */
  readonly peakMb: number;
}

/** A run with its check, in a process of its own. */
interface Row extends Cost {
  readonly seed: string;
  readonly events: number;
  readonly operations: number;
  readonly changes: number;
  /** Shards moved while clients were at work. */
  readonly moves: number;
  /** Processor time of one event of the yardstick, in ns: how busy the machine is with others. */
  readonly yardstickNs: number;
}

interface Results {
  readonly format: 1;
  readonly node: string;
  /** Load of the machine before and after, over a minute: other processes that want to run. */
  readonly load: readonly [before: number, after: number];
  readonly large: readonly Row[];
  /** All official tests once, one after the other in one process. */
  readonly list: Cost;
}

const registry = new Registry(packs);

/** @throws Error if it does not pass */
async function passing(name: string, seed: string, params: JsonObject = {}): Promise<RunResult> {
  const scenario = registry.scenario(name);
  const { result } = await runPlan(scenario, makePlan(scenario, seed, { params }), {
    host: nodeHost(),
  });
  if (result.verdict === 'pass') return result;
  throw new Error(`${name}, seed ${seed}: ${result.verdict}, ${result.reason}`);
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  const wallMs = performance.now() - startedAt;
  return { wallMs, cpuMs: (user + system) / 1000, peakMb: peakMb() };
}

async function yardstickNs(): Promise<number> {
  const { cpuMs } = await costOf(() => bareEvents(100, YARDSTICK_EVENTS));
  return (cpuMs * 1e6) / YARDSTICK_EVENTS;
}

async function largeRun(seed: string): Promise<Row> {
  let result: RunResult | undefined;
  const before = await yardstickNs();
  const cost = await costOf(async () => (result = await passing(SCENARIO, seed, LARGE)));
  const each = (before + (await yardstickNs())) / 2;
  const { events, operations } = result!;
  const of = (what: string): number => result!.activity[what] ?? 0;
  const moves = of('shards moved') - of('shards moved at first');
  if (operations < LEAST.operations || moves < LEAST.moves) {
    throw new Error(`seed ${seed}: no more than ${operations} operations and ${moves} moves`);
  }
  const activity = { operations, changes: of('changes'), moves };
  return { ...cost, seed, events, ...activity, yardstickNs: each };
}

function listOnce(): Promise<Cost> {
  const official = registry.scenarios.filter(({ lab, test }) => lab === 5 && test !== undefined);
  return costOf(async () => {
    for (const { name } of official) await passing(name, '1');
  });
}

/** What a process of its own prints: what is resident is of that work alone. */
function inChild<T>(...args: readonly string[]): T {
  const child = spawnSync(process.execPath, [process.argv[1]!, ...args], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(child.stderr);
  return JSON.parse(child.stdout) as T;
}

function measureAll(): Results {
  const before = loadOfMinute();
  const large = SEEDS.map((seed) => inChild<Row>('--seed', seed));
  const list = inChild<Cost>('--list');
  return { format: 1, node: process.version, load: [before, loadOfMinute()], large, list };
}

function loadOfMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const COLUMNS = [
  'events',
  'operations',
  'changes',
  'moves',
  'wallMs',
  'cpuMs',
  'yardstickNs',
  'peakMb',
] as const;

function report({ node, load, large, list }: Results): string {
  const medianOf = (what: (typeof COLUMNS)[number]): number =>
    median(large.map((row) => row[what]));
  const rows = [
    ['seed', ...COLUMNS.slice(0, 4), 'wall ms', 'processor ms', 'yardstick ns', 'peak MB'],
    ...large.map((row) => [row.seed, ...COLUMNS.map((what) => whole(row[what]))]),
    ['median', ...COLUMNS.map((what) => whole(medianOf(what)))],
  ];
  const all = ['official tests once', whole(list.wallMs), whole(list.cpuMs), whole(list.peakMb)];
  const machine = `load ${load.join(' to ')} on ${availableParallelism()} cores`;
  return [
    `Node ${node.slice(1)}, each run in a process of its own, ${machine}`,
    `${SCENARIO}, ${JSON.stringify(LARGE)}`,
    '',
    formatTable(rows),
    '',
    formatTable([['', 'wall ms', 'processor ms', 'peak MB'], all]),
    '',
  ].join('\n');
}

const [, , flag, seed] = process.argv;
if (flag === '--seed') process.stdout.write(JSON.stringify(await largeRun(seed!)));
else if (flag === '--list') process.stdout.write(JSON.stringify(await listOnce()));
else {
  const results = measureAll();
  process.stdout.write(flag === '--json' ? `${JSON.stringify(results)}\n` : report(results));
}
