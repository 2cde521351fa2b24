/**
 * Prints what the simulated MapReduce costs: `npm run bench:mapreduce`, with `-- --json` for one
 * JSON object. The sort of the paper at its size, each run in a process of its own; and word count
 * over 100 MB of text against a plain count of the same in the same process, in turns.
 */
import { spawnSync } from 'node:child_process';
import { availableParallelism, loadavg } from 'node:os';
import { fileURLToPath } from 'node:url';
import {
  countInCluster,
  countPlainly,
  sortOnce,
  sorts,
  TextFile,
  type Sorted,
} from './mapreduce-cases.ts';
import { median } from './measure.ts';
import { formatTable } from './table.ts';

const CHILD_FLAG = '--sort';
const MEGABYTES = 100;
const VOCABULARY = 50_000;
const ROUNDS = 3;

interface Counted {
  /** Medians, in ms. */
  readonly plainMs: number;
  readonly combinedMs: number;
  readonly uncombinedMs: number;
  /** Medians over the rounds of how many times as long as the plain count each took. */
  readonly combined: number;
  readonly uncombined: number;
}

async function msOf(work: () => unknown): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}

async function count(): Promise<Counted> {
  const file = new TextFile(MEGABYTES, VOCABULARY);
  try {
    const expected = countPlainly(file).toSorted();
    for (const isCombined of [true, false]) {
      const found = (await countInCluster(file, isCombined)).toSorted();
      if (found.join('\n') !== expected.join('\n')) throw new Error('the counts differ');
    }
    const rounds: (readonly [number, number, number])[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      const plain = await msOf(() => countPlainly(file));
      const combined = await msOf(() => countInCluster(file, true));
      const uncombined = await msOf(() => countInCluster(file, false));
      rounds.push([plain, combined, uncombined]);
    }
    return {
      plainMs: median(rounds.map(([plain]) => plain)),
      combinedMs: median(rounds.map(([, combined]) => combined)),
      uncombinedMs: median(rounds.map(([, , uncombined]) => uncombined)),
      combined: median(rounds.map(([plain, combined]) => combined / plain)),
      uncombined: median(rounds.map(([plain, , uncombined]) => uncombined / plain)),
    };
  } finally {
    file.remove();
  }
}

type InChild = Sorted & { readonly peakMb: number };

/** Each in a process of its own, whose peak is that of this run. */
function sortInChild(i: number): InChild {
  const child = spawnSync(
    process.execPath,
    [fileURLToPath(import.meta.url), CHILD_FLAG, String(i)],
    { encoding: 'utf8' },
  );
  if (child.status !== 0) throw new Error(`the child failed: ${child.stderr}`);
  return JSON.parse(child.stdout) as InChild;
}

const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

function sortTable(sorted: readonly InChild[]): string {
  const first = sorted[0]!.jobSeconds;
  const head = ['', 'wall s', 'cpu s', 'events', 'peak MB', 'job s', 'of the first'];
  return formatTable([
    [...head, 'attempts', 'backups', 'outputs lost'],
    ...sorted.map((run, i) => [
      sorts[i]!.name,
      (run.wallMs / 1000).toFixed(1),
      (run.cpuMs / 1000).toFixed(1),
      whole(run.events),
      whole(run.peakMb),
      whole(run.jobSeconds),
      (run.jobSeconds / first).toFixed(2),
      ...[run.attempts, run.backups, run.lost].map(whole),
    ]),
  ]);
}

function countTable(counted: Counted): string {
  return formatTable([
    [`word count, ${MEGABYTES} MB`, 'ms', 'times'],
    ['plainly, into one map', whole(counted.plainMs), ''],
    ['in the cluster', whole(counted.combinedMs), counted.combined.toFixed(2)],
    ['without a combiner', whole(counted.uncombinedMs), counted.uncombined.toFixed(2)],
  ]);
}

async function main(): Promise<void> {
  const child = process.argv.indexOf(CHILD_FLAG);
  if (child > 0) {
    const run = await sortOnce(sorts[Number(process.argv[child + 1])]!.params);
    const peakMb = (process.resourceUsage().maxRSS * 1024) / 1e6;
    process.stdout.write(JSON.stringify({ ...run, peakMb }));
    return;
  }
  const load = loadavg()[0] ?? 0;
  const sorted = sorts.map((_, i) => sortInChild(i));
  const counted = await count();
  if (process.argv.includes('--json')) {
    const results = { format: 1, node: process.version, load, sorted, counted };
    process.stdout.write(`${JSON.stringify(results)}\n`);
    return;
  }
  const machine = `load ${load.toFixed(1)} on ${availableParallelism()} cores`;
  process.stdout.write(
    `Node ${process.version.slice(1)}, ${machine}\n\n` +
      `${sortTable(sorted)}\n\n${countTable(counted)}\n`,
  );
}

await main();
