/**
 * Prints how fast the simulator is, next to a yardstick measured in the same process and in turns
 * with it: `npm run bench`, with `-- --json` for one JSON object.
 */
import { availableParallelism, loadavg } from 'node:os';
import { calls, fetches, messages, servedMessages, timers } from './kernel.ts';
import { compare, type Measured } from './measure.ts';
import { scenarioSpeed, type ScenarioSpeed } from './scenarios.ts';
import { formatTable } from './table.ts';

const ROUNDS = 15;

interface Results {
  readonly format: 1;
  readonly node: string;
  /** Load of the machine before and after, over a minute: other processes that want to run. */
  readonly load: readonly [before: number, after: number];
  readonly kernel: readonly Measured[];
  readonly scenarios: readonly ScenarioSpeed[];
}

async function measureAll(): Promise<Results> {
  const before = loadOfMinute();
  const kernel: Measured[] = [];
  for (const comparison of [timers, messages, calls, servedMessages, fetches]) {
    kernel.push(await compare(comparison, ROUNDS));
  }
  const scenarios = [
    await scenarioSpeed('kv/chaos', 20, ROUNDS),
    await scenarioSpeed('kv/put-concurrent-reliable', 1, ROUNDS),
  ];
  const load = [before, loadOfMinute()] as const;
  return { format: 1, node: process.version, load, kernel, scenarios };
}

function loadOfMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

function table({ node, load, kernel, scenarios }: Results): string {
  const rows = [
    ['', 'ours', 'yardstick', 'ratio'],
    ...kernel.map(({ name, unit, oursNs, yardstickNs, ratio }) => [
      name,
      `${oursNs.toFixed(0)} ns a ${unit}`,
      `${yardstickNs.toFixed(0)} ns`,
      ratio.toFixed(2),
    ]),
    [],
    ['', 'events a second', 'runs a second', 'full trace'],
    ...scenarios.map(({ scenario, eventsPerSecond, runsPerSecond, traceFactor }) => [
      scenario,
      Math.round(eventsPerSecond).toLocaleString('en-US'),
      runsPerSecond.toFixed(1),
      `${traceFactor.toFixed(2)} times as long`,
    ]),
  ];
  const machine = `load ${load.join(' to ')} on ${availableParallelism()} cores`;
  const title = `Node ${node.slice(1)}, medians of ${ROUNDS} rounds, ${machine}`;
  return [title, '', formatTable(rows), ''].join('\n');
}

const results = await measureAll();
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify(results)}\n` : table(results),
);
