import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { Histogram, RunMetrics, type MetricsData } from '../../sim/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { makePlan } from '../runner/make-plan.ts';
import { nodeHost } from '../runner/node-host.ts';
import { runPlan, type Run } from '../runner/run-plan.ts';
import { metricsFile } from './metrics-json.ts';
import { metricsLines } from './text-metrics.ts';

async function run(name: string, metrics?: RunMetrics): Promise<Run> {
  const scenario = new Registry(packs).scenario(name);
  return await runPlan(scenario, makePlan(scenario, '3', {}), { host: nodeHost(), metrics });
}

async function measured(name: string): Promise<Run & { readonly data: MetricsData }> {
  const metrics = new RunMetrics();
  const done = await run(name, metrics);
  return { ...done, data: metrics.toData() };
}

const total = ({ measures }: MetricsData, name: string): number =>
  measures
    .filter((row) => row.name === name)
    .reduce((sum, { histogram }) => sum + histogram.count, 0);

test('the queues of hardware are a table: each part of each machine', async () => {
  const scenario = new Registry(packs).scenario('raft/chaos-3');
  const plan = { ...makePlan(scenario, '3', {}), hardware: 'cluster-2004' };
  const metrics = new RunMetrics();
  const withThem = await runPlan(scenario, plan, { host: nodeHost(), metrics });
  const without = await runPlan(scenario, plan, { host: nodeHost() });
  expect(withThem.result).toEqual(without.result);

  const all = metricsLines(metrics.toData(), withThem.result);
  const lines = all.map((line) => stripVTControlCharacters(line));
  for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  const at = lines.findIndex((line) => line.startsWith('hardware, wait in ms '));
  const rows = lines.slice(at + 1, lines.indexOf('', at));
  const names = rows.map((row) => row.split(/ {2,}/)[0]);
  const parts = ['cpu', 'disk', 'nic in', 'nic out'];
  expect(names).toEqual(['s0', 's1', 's2'].flatMap((id) => parts.map((part) => `${id} ${part}`)));
  for (const row of rows) expect(row).toMatch(/ \d+ +\d+\.\d %( +[\d.]+){4}$/);
  const busy = rows.map((row) => Number(/([\d.]+) %/.exec(row)?.[1]));
  expect(Math.max(...busy)).toBeLessThanOrEqual(100);
  expect(busy[1]).toBeGreaterThan(5);
});

describe.each(['kv/chaos', 'raft/chaos-3', 'kvraft/chaos-3'])('the metrics of %s', (name) => {
  test('change neither its digest nor its result', async () => {
    const { data: _data, ...withThem } = await measured(name);
    const without = await run(name);
    expect(withThem.result).toEqual(without.result);
    expect(withThem.plan).toEqual(without.plan);
  });

  test('agree with its result', async () => {
    const { data, result } = await measured(name);
    expect(total(data, 'operation')).toBe(
      Object.values(result.latency).reduce((sum, { count }) => sum + count, 0),
    );
    expect(total(data, 'operation under faults')).toBe(result.activity['under faults']);
    for (const { type, histogram } of data.measures.filter((row) => row.name === 'operation')) {
      expect(histogram.max / 1000).toBeLessThanOrEqual(result.latency[type]?.max ?? -1);
    }
  });

  test('are tables that fit 80 columns', async () => {
    const { data, result } = await measured(name);
    const lines = metricsLines(data, result).map((line) => stripVTControlCharacters(line));
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
    for (const heading of ['operation, ms', 'under faults, ms', 'message, one way', 'node ']) {
      expect(lines.some((line) => line.startsWith(heading))).toBe(true);
    }
    expect(lines.at(-1)).toMatch(/ at most \d+ in [\d.]+ s$/);
  });

  test('are JSON with a version and percentiles', async () => {
    const { data, result } = await measured(name);
    const file = metricsFile(data, result);
    expect(file).toMatchObject({ format: 1, kind: 'metrics', seed: '3', digest: result.digest });
    expect(JSON.parse(JSON.stringify(file))).toEqual(file);
    for (const { p50, p999, max } of file.measures) {
      expect(p50).toBeLessThanOrEqual(p999);
      expect(p999).toBeLessThanOrEqual(max);
    }
  });
});

test('what programs count and measure, and queues, have rows of their own', async () => {
  const { result } = await run('kv/chaos');
  const histogram = new Histogram();
  for (const value of [3, 4, 5]) histogram.record(value);
  const series = { fold: 'max' as const, widthMs: 100, values: [5] };
  const row = { node: 'n1', type: '', series };
  const data: MetricsData = {
    counters: [{ ...row, source: 'program', name: 'retries', total: 12 }],
    measures: [
      { ...row, source: 'program', name: 'batch', histogram: histogram.toData() },
      { ...row, source: 'world', name: 'disk queue', histogram: histogram.toData() },
    ],
  };
  const [, ...lines] = metricsLines(data, result).map((line) => stripVTControlCharacters(line));
  expect(lines.join('\n')).toMatchInlineSnapshot(`
    "
    measured         count      min      p50      p90      p99      max
    n1 disk queue        3        3        4        5        5        5

    counted by programs    times
    n1 retries                12

    measured    count      min      p50      p90      p99      max
    n1 batch        3        3        4        5        5        5"
  `);
});
