import { z } from 'zod';
import {
  bytesOf,
  copyable,
  grep,
  invertedIndex,
  linesOf,
  offsetOf,
  outputName,
  sort,
  wordCount,
  type Application,
  type MakeApplication,
  type MapReduceLayers,
  type RecordError,
  type Split,
} from '../../mapreduce/index.ts';
import { PlanError, type Env } from '../../sim/index.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import { defineScenario, type ParamsSchema, type Scenario } from '../define/scenario.ts';
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
interface Running {
  readonly cluster: Cluster;
  readonly applicationOf: MakeApplication;
}
const jobs = new WeakMap<object, Running>();

/** A job; a user's own application takes the place of this one. */
interface OwnJob<S extends JobSchema> {
  readonly name: string;
  readonly what: string;
  readonly params: S;
  readonly application: Application;
  /** The same, where it depends on settings or on the input. Default: as it is. */
  readonly made?: (t: Tester<z.output<S>, JobLayers>, inputs: Inputs) => Application;
  /** What more its outputs have to be, one after the other. Default: nothing. */
  readonly judge?: (t: Run, outputs: readonly string[]) => void;
}

type JobSchema = ParamsSchema & z.ZodType<Params>;

function jobScenario<S extends JobSchema>(job: OwnJob<S>): Scenario {
  const { name, what, application, made, judge } = job;
  return defineScenario<S, JobLayers>({
    name: `mapreduce/${name}`,
    lab: 1,
    description: `${what} over files of yours (--input), under faults`,
    params: job.params,
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
      const declared = t.declaredLayers().application;
      checkApplication(declared);
      const inputs = inputsOf(t);
      const ours = made?.(t, inputs);
      const applicationOf =
        ours !== undefined && declared === application
          ? () => ours
          : (env: Env) => copyable(t.layers(env).application);
      const cluster = new Cluster(t, {
        ...inputs,
        workers,
        reduces,
        makeApplication: takingTime(applicationOf, t.params.cpuMsPerMB),
        intermediate,
        expiryMs,
        backups,
        skipBadRecords,
        onBadRecord: (error) => refuse(t, error),
        pollMs: POLL_MS,
        lingerMs: POLL_MS,
      });
      jobs.set(t, { cluster, applicationOf });
    },
    async run(t) {
      const outputs = await throughJob(t, jobs.get(t)!);
      if (outputs !== undefined) judge?.(t, outputs);
    },
  });
}

/** @throws PlanError naming what an application lacks, or has in the place of a function */
function checkApplication(application: Partial<Application> | null): void {
  for (const part of ['map', 'reduce', 'combine', 'partition'] as const) {
    const found = typeof application?.[part];
    const isNeeded = part === 'map' || part === 'reduce' || found !== 'undefined';
    if (!isNeeded || found === 'function') continue;
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
  const { split, line, reason, message } = error;
  const advice = 'Lines and keys like that are left out with --set skipBadRecords=true';
  if (split === undefined || line === undefined) {
    const isOfKey = split === undefined;
    t.refuse(`the application throws: ${message}${isOfKey ? `\n${advice}` : ''}`, error);
    return;
  }
  const { file, from = 0 } = split;
  const { read } = jobs.get(t)!.cluster.setting;
  // Pieces that meet have every line once: those before say where this one begins.
  let [bytes, lines] = [0, 1];
  const size = t.params.splitKB * 1000;
  for (let at = 0; at < from; at += size) {
    const before = read({ file, from: at, to: Math.min(from, at + size) });
    bytes += bytesOf(before);
    lines += linesOf(before).filter((text) => text !== '').length;
  }
  bytes += offsetOf(read(split), line);
  t.refuse(`${file}, line ${lines + line}, byte ${bytes}: map throws: ${reason}\n${advice}`, error);
}

function takingTime(applicationOf: MakeApplication, cpuMsPerMB: number): MakeApplication {
  return (env) => {
    const application = applicationOf(env);
    return {
      ...application,
      async map(file, content) {
        await env.compute(Math.ceil((content.length * cpuMsPerMB) / MB));
        return await application.map(file, content);
      },
      reduce: (key, values) => application.reduce(key, values),
    };
  };
}

/** @returns the outputs in order; undefined if nobody has to finish */
async function throughJob(
  t: Run,
  { cluster, applicationOf }: Running,
): Promise<readonly string[] | undefined> {
  const { convergeMs, safetyOnly, compare } = t.params;
  const isDone = await throughPhases(t, () => cluster.over());
  t.expectInTime('the job is done once the world has healed', isDone, () => {
    return `${convergeMs} ms after healing somebody is still at work`;
  });
  cluster.tally();
  if (safetyOnly) return undefined;
  if (compare) {
    // In a node, since it is the user's code that runs. Each piece has a turn of its own: all of a
    // large input in one turn would pass for a loop without end.
    cluster.addReader('sequential', (env) =>
      cluster.judgeOutput(applicationOf(env), async (split) => {
        await env.sleep(0);
        return cluster.setting.read(split);
      }),
    );
    await cluster.over();
  }
  const outputs = cluster.outputs().map((text) => text ?? '');
  for (const [i, text] of outputs.entries()) t.output(outputName(i), text);
  t.count('lines', linesOf(outputs.join('')).length);
  return outputs;
}

/** So many pieces of the input are looked at for a sample, and so many lines of each. */
const SAMPLED = { pieces: 50, bytes: 4000, lines: 40 };

/** Lines from all over the input (§5.3). */
function sampleOf({ splits, read }: Inputs): string[] {
  const step = Math.max(1, Math.floor(splits.length / SAMPLED.pieces));
  return splits.flatMap((split, i) => {
    if (i % step !== 0) return [];
    const { from = 0, to = Infinity } = split;
    const piece = read({ ...split, from, to: Math.min(to, from + SAMPLED.bytes) });
    return piece
      .split('\n')
      .filter((line) => line !== '')
      .slice(0, SAMPLED.lines);
  });
}

function expectSorted(t: Run, outputs: readonly string[]): void {
  const lines = outputs.flatMap((text) => text.split('\n').slice(0, -1));
  const keys = lines.map((line) => line.slice(0, line.lastIndexOf(' ')));
  const at = keys.findIndex((key, i) => i > 0 && key < keys[i - 1]!);
  t.expect('the outputs one after the other are in order', at === -1, () => {
    return `line ${at + 1} of ${lines.length} belongs before the one before it`;
  });
}

/** @throws PlanError if it is none */
function regexOf(pattern: string): RegExp {
  try {
    return new RegExp(pattern, 'u');
  } catch (error) {
    throw new PlanError(`pattern: ${(error as Error).message}`);
  }
}

/** Jobs for a user's own files, and for applications of one's own. */
export const ownJobs: readonly Scenario[] = [
  jobScenario({
    name: 'word-count',
    what: 'how often each word occurs',
    params,
    application: wordCount,
  }),
  jobScenario({
    name: 'inverted-index',
    what: 'in which files each word occurs',
    params,
    application: invertedIndex,
  }),
  jobScenario({
    name: 'grep',
    what: 'the lines that match a pattern, with how often they occur,',
    params: params.extend({
      pattern: z.string().default('ba da').describe('a regular expression, as in JavaScript'),
    }),
    application: grep(/ba da/u),
    made: ({ params: { pattern } }) => grep(regexOf(pattern)),
  }),
  jobScenario({
    name: 'sort',
    what: 'all lines in order, by ranges from a sample,',
    params,
    application: sort([]),
    made: (_t, inputs) => sort(sampleOf(inputs)),
    judge: expectSorted,
  }),
];
