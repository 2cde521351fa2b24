import { z } from 'zod';
import {
  invertedIndex,
  outputName,
  bytesOf,
  linesOf,
  offsetOf,
  wordCount,
  type Application,
  type MakeApplication,
  type MapReduceLayers,
  type RecordError,
  type Split,
} from '../../mapreduce/index.ts';
import { PlanError } from '../../sim/index.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { drawChaos } from './chaos-plan.ts';
import { outputsAreWrittenOnce } from './checks.ts';
import { Cluster, mapReduceLayers } from './cluster.ts';
import { drawInputs, type Inputs } from './inputs.ts';

const params = z.object({
  input: z
    .array(z.strictObject({ file: z.string(), bytes: z.int().min(0) }))
    .default([])
    .describe('files to read, as --input finds them; none = texts are generated'),
  splitKB: z.int().min(1).max(65_536).default(256).describe('size of a map task, in KB of input'),
  reduces: z.int().min(1).max(10_000).default(10).describe('number of reduce tasks: outputs'),
  workers: z.int().min(1).max(2000).default(5).describe('number of workers'),
  files: z.int().min(1).max(1000).default(24).describe('texts to generate'),
  words: z.int().min(1).max(1_000_000).default(500).describe('words of each of them'),
  intermediate: z
    .enum(['local', 'shared'])
    .default('local')
    .describe('where map tasks leave their output: a disk for each worker, or one for all'),
  cpuMsPerMB: settableMs(0, 2000, 'CPU time of map tasks for a MB'),
  expiryMs: settableMs(1, 2000, 'time after which a task goes to another worker'),
  backups: z.boolean().default(true).describe('hand stragglers out twice near the end'),
  skipBadRecords: z
    .boolean()
    .default(false)
    .describe('leave out lines and keys on which the application throws twice, instead of ending'),
  compare: z
    .boolean()
    .default(true)
    .describe('compare the output with that of a sequential run, which is kept in memory'),
  ...phaseFields,
  convergeMs: settableMs(1, 3_000_000, 'time to finish after healing'),
});
type Params = z.output<typeof params>;

/** A user's file may bring an application of its own, under this name. */
type JobLayers = MapReduceLayers & { readonly application: Application };
type Run = Tester<Params, JobLayers>;

const VOCABULARY = 2000;
const MB = 1_000_000;
const POLL_MS = 50;

/** Set-up to run. */
const clusters = new WeakMap<object, Cluster>();

function jobScenario(name: string, what: string, application: Application): Scenario {
  return defineScenario({
    name: `mapreduce/${name}`,
    lab: 1,
    description: `${what} over files of yours (--input), under faults`,
    params,
    layers: { ...mapReduceLayers, application },
    maxSimMs: 3_600_000,
    checks: [outputsAreWrittenOnce],
    sizes: ['workers', 'files', 'reduces'],
    plan: (stream, chosen) => ({
      ...drawChaos(stream, { ...chosen, reads: 0 }, chosen.intermediate),
      clients: [],
    }),
    setup(t) {
      const { workers, reduces, intermediate, expiryMs, backups, skipBadRecords } = t.params;
      checkApplication(t.declaredLayers().application);
      const cluster = new Cluster(t, {
        ...inputsOf(t),
        workers,
        reduces,
        makeApplication: takingTime(t),
        intermediate,
        expiryMs,
        backups,
        skipBadRecords,
        onBadRecord: (error) => refuse(t, error),
        pollMs: POLL_MS,
        lingerMs: POLL_MS,
      });
      clusters.set(t, cluster);
    },
    run: (t) => throughJob(t, clusters.get(t)!),
  });
}

/** @throws PlanError naming what an application lacks */
function checkApplication(application: Partial<Application> | null): void {
  for (const part of ['map', 'reduce'] as const) {
    if (typeof application?.[part] === 'function') continue;
    throw new PlanError(`application: expected a function "${part}"`);
  }
}

/** Files in pieces of the wanted size, or generated texts. Nothing of a file is read yet. */
function inputsOf(t: Run): Inputs {
  const { input, splitKB, files, words } = t.params;
  if (input.length === 0) return drawInputs(t.world, { files, words, vocabulary: VOCABULARY });
  const size = splitKB * 1000;
  const splits = input.flatMap(({ file, bytes }) =>
    Array.from({ length: Math.max(1, Math.ceil(bytes / size)) }, (_, i): Split => {
      return { file, from: i * size, to: Math.min(bytes, (i + 1) * size) };
    }),
  );
  const read = ({ file, from = 0, to = 0 }: Split): string => {
    try {
      return t.readInput(file, from, to);
    } catch (error) {
      // It was there when the run began, or when its plan was made.
      t.refuse(`${file}: cannot be read: ${(error as Error).message}`);
      throw error;
    }
  };
  return { splits, read };
}

/** Say on which line of which file the application throws. */
function refuse(t: Run, error: RecordError): void {
  const { split, line, reason, message, cause } = error;
  const thrown = cause as Error;
  const advice = 'Lines and keys like that are left out with --set skipBadRecords=true';
  if (split === undefined || line === undefined) {
    const isOfKey = split === undefined;
    t.refuse(`the application throws: ${message}${isOfKey ? `\n${advice}` : ''}`, thrown);
    return;
  }
  const { file, from = 0 } = split;
  const { read } = inputsOf(t);
  // Pieces that meet have every line once: those before say where this one begins.
  let [bytes, lines] = [0, 1];
  const size = t.params.splitKB * 1000;
  for (let at = 0; at < from; at += size) {
    const before = read({ file, from: at, to: Math.min(from, at + size) });
    bytes += bytesOf(before);
    lines += linesOf(before).filter((text) => text !== '').length;
  }
  bytes += offsetOf(read(split), line);
  t.refuse(
    `${file}, line ${lines + line}, byte ${bytes}: map throws: ${reason}\n${advice}`,
    thrown,
  );
}

function takingTime(t: Run): MakeApplication {
  return (env) => {
    const { application } = t.layers(env);
    return {
      ...application,
      async map(file, content) {
        await env.compute(Math.ceil((content.length * t.params.cpuMsPerMB) / MB));
        return await application.map(file, content);
      },
      reduce: (key, values) => application.reduce(key, values),
    };
  };
}

async function throughJob(t: Run, cluster: Cluster): Promise<void> {
  const { convergeMs, safetyOnly, compare } = t.params;
  const isDone = await throughPhases(t, () => t.clientsDone());
  t.expectInTime('the job is done once the world has healed', isDone, () => {
    return `${convergeMs} ms after healing somebody is still at work`;
  });
  cluster.tally();
  if (safetyOnly) return;
  if (compare) {
    // In a node, since it is the user's code that runs.
    cluster.addReader('sequential', (env) => cluster.judgeOutput(t.layers(env).application));
    await t.clientsDone();
  }
  for (const [i, text] of cluster.outputs().entries()) t.output(outputName(i), text ?? '');
}

/** Jobs for a user's own files, and for applications of one's own. */
export const ownJobs: readonly Scenario[] = [
  jobScenario('word-count', 'how often each word occurs', wordCount),
  jobScenario('inverted-index', 'in which files each word occurs', invertedIndex),
];
