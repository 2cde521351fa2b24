/**
 * Prints how fast the linearizability checker is, next to the time that the same machine takes to
 * sort the stamps: `npm run bench:checker`, with `-- --json` for one JSON object.
 */
import { availableParallelism, loadavg } from 'node:os';
import { type Case, sortMs, type Spread, type Timed, timeCase } from './checker-cases.ts';
import { type TimedFile, timeFiles } from './checker-files.ts';
import { type Memory, memoryOf } from './checker-memory.ts';
import { formatTable } from './table.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const CLIENTS = [5, 20, 50, 200];
const kv = { model: 'versioned-kv', clients: 50 } as const;

/** A case with the yardstick of its size. */
interface Row extends Timed {
  readonly sortMs: Spread;
  readonly memory?: Memory;
}

interface Results {
  readonly format: 1;
  readonly node: string;
  readonly load: readonly [before: number, after: number];
  /** Versioned KV by size, correct and faulty, without and with lost replies. */
  readonly sizes: readonly Row[];
  /** Versioned KV, 100,000 operations, by the number of clients. */
  readonly clients: readonly Row[];
  /** Other models, with one key. */
  readonly others: readonly Row[];
  readonly files: readonly TimedFile[];
}

function roundsFor(operations: number): number {
  return operations >= 1_000_000 ? 5 : 15;
}

function measure(each: Case, withMemory: boolean): Row {
  const rounds = roundsFor(each.operations);
  // Right after the case, so that the machine is as busy with other things.
  const timed = { ...timeCase(each, rounds), sortMs: sortMs(each.operations, rounds) };
  return withMemory ? { ...timed, memory: memoryOf(each) } : timed;
}

function measureAll(): Results {
  const before = loadOfMinute();
  const others: Case[] = (['register', 'append'] as const).flatMap((model) =>
    [false, true].map((faulty) => ({ model, operations: 10_000, clients: 20, faulty })),
  );
  const sizes = SIZES.flatMap((operations) =>
    [false, true].flatMap((faulty): Case[] => [
      { ...kv, operations, faulty },
      { ...kv, operations, faulty, maybePercent: 10 },
      { ...kv, operations, faulty, maybePercent: 10, opened: true },
    ]),
  );
  const results = {
    sizes: sizes.map((each) => measure(each, true)),
    clients: CLIENTS.map((clients) => measure({ ...kv, operations: 100_000, clients }, false)),
    others: others.map((each) => measure(each, true)),
    files: timeFiles(15),
  };
  return { format: 1, node: process.version, load: [before, loadOfMinute()], ...results };
}

function loadOfMinute(): number {
  return Math.round((loadavg()[0] ?? 0) * 10) / 10;
}

function nameOf({ model, operations, clients, faulty, maybePercent, opened }: Case): string {
  const parts = [model, operations.toLocaleString('en-US'), `${clients} clients`];
  parts.push(faulty === true ? 'faulty' : 'correct');
  if (maybePercent !== undefined) {
    parts.push(`${maybePercent} % ErrMaybe${opened === true ? ', opened' : ''}`);
  }
  return parts.join(', ');
}

function rowsOf(rows: readonly Row[]): string[][] {
  return [
    ['', 'verdict', 'steps', 'ms', 'least', 'cpu', 'sort cpu', 'times', 'peak MB', 'before'],
    ...rows.map(({ case: each, verdict, steps, ms, sortMs: sort, memory }) => [
      nameOf(each),
      verdict,
      steps.toLocaleString('en-US'),
      ms.median.toFixed(1),
      ms.least.toFixed(1),
      ms.cpu.toFixed(1),
      sort.cpu.toFixed(1),
      (ms.cpu / sort.cpu).toFixed(2),
      memory?.peakMb.toFixed(0) ?? '',
      memory?.beforeMb.toFixed(0) ?? '',
    ]),
  ];
}

/** Constant if the time grows as n log n. */
function growthOf(rows: readonly Row[]): string[][] {
  return [
    ['', ...SIZES.map((size) => size.toLocaleString('en-US'))],
    ...rows.slice(0, rows.length / SIZES.length).map((first, index) => {
      const cells = SIZES.map((size, step) => {
        const { ms } = rows[step * (rows.length / SIZES.length) + index]!;
        return `${((ms.cpu * 1e6) / (size * Math.log2(size))).toFixed(1)} ns`;
      });
      return [nameOf(first.case).replace(/ [\d,]+, /, ' '), ...cells];
    }),
  ];
}

function filesTable(files: readonly TimedFile[]): string[] {
  const rows = [
    ['', 'operations', 'verdict', 'expected', 'ms', "Porcupine's least ms"],
    ...files.map(({ file, operations, verdict, expected, ms, goMinMs }) => [
      file,
      String(operations),
      verdict,
      expected,
      ms.toFixed(3),
      goMinMs.toFixed(3),
    ]),
  ];
  const etcd = files.filter(({ file }) => file.includes('etcd'));
  const sum = (of: (file: TimedFile) => number): number => etcd.reduce((a, b) => a + of(b), 0);
  const ours = sum(({ ms }) => ms).toFixed(1);
  const half = (sum(({ goMinMs }) => goMinMs) / 2).toFixed(1);
  const right = files.filter(({ verdict, expected }) => verdict === expected).length;
  return [
    formatTable(rows),
    '',
    `${right} of ${files.length} verdicts as expected; the etcd files take ${ours} ms, ` +
      `half of what Porcupine needs at least is ${half} ms`,
  ];
}

function report({ node, load, sizes, clients, others, files }: Results): string {
  const machine = `load ${load.join(' to ')} on ${availableParallelism()} cores`;
  return [
    `Node ${node.slice(1)}, medians, warm, from arrays in memory to the verdict, ${machine}`,
    '',
    formatTable(rowsOf(sizes)),
    '',
    'processor time / (n log2 n)',
    formatTable(growthOf(sizes)),
    '',
    formatTable(rowsOf(clients)),
    '',
    formatTable(rowsOf(others)),
    '',
    ...(files.length === 0 ? ['no public files beside the repository'] : filesTable(files)),
    '',
  ].join('\n');
}

const results = measureAll();
process.stdout.write(
  process.argv.includes('--json') ? `${JSON.stringify(results)}\n` : report(results),
);
