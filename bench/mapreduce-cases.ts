import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packs } from '../scenarios/catalogue.ts';
import type { JsonObject } from '../scenarios/define/plan.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { ZipfText } from '../scenarios/lab1-mapreduce/zipf-text.ts';
import { makePlan } from '../scenarios/runner/make-plan.ts';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { readInput } from '../scenarios/runner/node-input.ts';
import { runPlan, type Run, type RunOptions } from '../scenarios/runner/run-plan.ts';
import { wordCount } from '../mapreduce/index.ts';
import { Streams } from '../sim/index.ts';

const registry = new Registry(packs);

async function passing(
  scenario: string,
  params: JsonObject,
  also: Partial<RunOptions> = {},
): Promise<Run> {
  const definition = registry.scenario(scenario);
  const quiet = scenario === COUNT ? { faults: [], clients: [], ...QUIET } : {};
  const plan = makePlan(definition, '1', { params, ...quiet });
  const run = await runPlan(definition, plan, { host: nodeHost(), ...also });
  const { verdict, reason } = run.result;
  if (verdict !== 'pass') throw new Error(`${scenario}: ${verdict}, ${reason}`);
  return run;
}

/** A word count that nothing disturbs, on machines that take no time. */
const COUNT = 'mapreduce/word-count';
const QUIET = { profile: 'lan', disk: 'perfect', hardware: 'ideal', ties: 'fifo' } as const;

/** The cluster and the job of the paper, §5.1 and §5.3. */
const PAPER: JsonObject = {
  ...{ workers: 1700, rackSize: 40, maps: 15_000, reduces: 4000 },
  ...{ slow: 17, killed: 0, killAtMs: 120_000 },
};

/** The three of Figure 3. */
export const sorts: readonly { readonly name: string; readonly params: JsonObject }[] = [
  { name: 'normal execution', params: PAPER },
  { name: 'no backup tasks', params: { ...PAPER, backups: false } },
  { name: '200 workers killed', params: { ...PAPER, killed: 200 } },
];

export interface Sorted {
  readonly wallMs: number;
  readonly cpuMs: number;
  readonly events: number;
  readonly jobSeconds: number;
  readonly attempts: number;
  readonly backups: number;
  readonly lost: number;
}

export async function sortOnce(params: JsonObject): Promise<Sorted> {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const { result } = await passing('mapreduce/cluster-sort', params);
  const { user, system } = process.cpuUsage(before);
  const { activity, events } = result;
  return {
    wallMs: performance.now() - startedAt,
    cpuMs: (user + system) / 1000,
    events,
    jobSeconds: activity['job seconds']!,
    attempts: activity['attempts']!,
    backups: activity['backups']!,
    lost: activity['map outputs lost']!,
  };
}

/** A file of so many MB whose words are as frequent as those of a language are. */
export class TextFile {
  readonly path: string;
  readonly bytes: number;
  private readonly folder = mkdtempSync(join(tmpdir(), 'faultlab-bench-'));

  constructor(megabytes: number, vocabulary: number) {
    this.path = join(this.folder, 'text.txt');
    const zipf = new ZipfText(vocabulary);
    const random = new Streams('text').stream('text');
    const file = openSync(this.path, 'w');
    let bytes = 0;
    while (bytes < megabytes * 1e6) bytes += writeSync(file, zipf.text(random, 10_000));
    closeSync(file);
    this.bytes = bytes;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

const SPLIT_KB = 4000;

/** Word count in the cluster; its output, in lines. @param isCombined with the combiner or not */
export async function countInCluster(
  { path, bytes }: TextFile,
  isCombined: boolean,
): Promise<string[]> {
  const { map, reduce } = wordCount;
  const application = isCombined ? wordCount : { map, reduce };
  const params = {
    ...{ input: [{ file: path, bytes }], splitKB: SPLIT_KB, cpuMsPerMB: 0, compare: false },
    // What a worker does takes no virtual time but that of its messages.
    expiryMs: 3_600_000,
  };
  const { outputs } = await passing(COUNT, params, {
    readInput,
    implementation: { name: 'bench', evaluate: () => ({ application }) },
  });
  return outputs.flatMap(([, text]) => text.split('\n').filter((line) => line !== ''));
}

/** The same with the same pieces and the same words, one after the other into one map. */
export function countPlainly({ path, bytes }: TextFile): string[] {
  const counts = new Map<string, number>();
  for (let from = 0; from < bytes; from += SPLIT_KB * 1000) {
    const content = readInput(path, from, Math.min(bytes, from + SPLIT_KB * 1000));
    for (const word of content.match(/\p{L}+/gu) ?? []) {
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return [...counts].map(([word, count]) => `${word} ${count}`);
}
