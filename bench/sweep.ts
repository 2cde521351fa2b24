/**
 * Prints what sweeping costs: `npm run bench:sweep`. Whole processes, in turns: a sweep with one
 * worker against the same seeds in a loop; one with two workers against two processes that share
 * the seeds; and how soon the first result is there.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { runScenario } from '../scenarios/testing/run-scenario.ts';
import { median } from './measure.ts';
import { formatTable } from './table.ts';

const HERE = fileURLToPath(import.meta.url);
const COMMAND = fileURLToPath(new URL('../cli/main.js', import.meta.url));

/** So many seeds of each take some ten seconds: starts and compilation do not weigh. */
const SCENARIOS = [
  ['kv/chaos', 3000],
  ['raft/chaos-3', 600],
] as const;
const ROUNDS = 3;

/** A process to its end. Resolves with what it took, and when its first output was there, in ms. */
async function timed(
  words: readonly string[],
  cwd: string,
): Promise<{ ms: number; first: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, words, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  let first = 0;
  child.stdout.on('data', () => (first ||= performance.now() - started));
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  if (code !== 0) throw new Error(`${words.join(' ')} ended with ${code}`);
  return { ms: performance.now() - started, first };
}

async function compareSweeps(scenario: string, seeds: number, root: string): Promise<string[]> {
  const half = seeds / 2;
  const sweep = async (range: string, jobs: number, folder: string): Promise<number> => {
    const cwd = mkdtempSync(join(root, folder));
    const words = [COMMAND, 'sweep', scenario, '--seeds', range, '--jobs', String(jobs)];
    return (await timed(words, cwd)).ms;
  };
  const rows: { loop: number; one: number; two: number; both: number }[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const loop = (await timed([HERE, 'loop', scenario, String(seeds)], root)).ms;
    const one = await sweep(`1..${seeds}`, 1, 'one-');
    const two = await sweep(`1..${seeds}`, 2, 'two-');
    const halves = [`1..${half}`, `${half + 1}..${seeds}`];
    const started = performance.now();
    await Promise.all(halves.map((range) => sweep(range, 1, 'half-')));
    rows.push({ loop, one, two, both: performance.now() - started });
    process.stderr.write(`${scenario}, round ${round + 1} of ${ROUNDS}\n`);
  }
  const seconds = (of: (row: (typeof rows)[number]) => number): string =>
    (median(rows.map(of)) / 1000).toFixed(1);
  return [
    scenario,
    String(seeds),
    seconds(({ loop }) => loop),
    seconds(({ one }) => one),
    median(rows.map(({ loop, one }) => one / loop)).toFixed(2),
    seconds(({ two }) => two),
    seconds(({ both }) => both),
    median(rows.map(({ two, both }) => both / two)).toFixed(2),
  ];
}

/** The same seeds without any sweep: the process that a sweep is compared with. */
async function runLoop(name: string, seeds: number): Promise<void> {
  const scenario = new Registry(packs).scenario(name);
  for (let seed = 1; seed <= seeds; seed++) {
    const { result } = await runScenario(scenario, seed);
    if (result.verdict !== 'pass') throw new Error(`${name}, seed ${seed}: ${result.verdict}`);
  }
}

async function main(): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'faultlab-bench-'));
  try {
    const rows = [
      ['', 'seeds', 'loop s', 'sweep s', 'ratio', '2 workers s', '2 processes s', 'ratio'],
    ];
    for (const [scenario, seeds] of SCENARIOS) {
      rows.push(await compareSweeps(scenario, seeds, root));
    }
    const words = [COMMAND, 'sweep', 'raft/chaos-3', '--reporter', 'json'];
    const first = median(
      [await timed(words, root), await timed(words, root), await timed(words, root)].map(
        (run) => run.first,
      ),
    );
    process.stdout.write(`${formatTable(rows)}\n`);
    process.stdout.write(`first result after ${(first / 1000).toFixed(2)} s\n`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

const [mode, scenario = '', seeds] = process.argv.slice(2);
await (mode === 'loop' ? runLoop(scenario, Number(seeds)) : main());
