import { z } from 'zod';
import {
  invertedIndex,
  outputName,
  wordCount,
  type Application,
  type Intermediate,
  type MakeApplication,
  type MapReduceLayers,
} from '../../mapreduce/index.ts';
import type { Probe } from '../define/check.ts';
import { phaseFields, settableMs, throughPhases } from '../define/phases.ts';
import type { Plan } from '../define/plan.ts';
import { defineScenario, type Scenario, type ScenarioDefinition } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import { drawChaos, drawPowerCuts, READER } from './chaos-plan.ts';
import { outputsAreWrittenOnce } from './checks.ts';
import { Cluster, mapReduceLayers } from './cluster.ts';
import { drawInputs } from './inputs.ts';
import { readOutput } from './recorded-files.ts';

/** What differs between scenarios. */
interface Usual {
  readonly words: number;
  readonly reduces: number;
  readonly chaosMs: number;
}

function paramsWith({ words, reduces, chaosMs }: Usual) {
  return z.object({
    workers: z.int().min(1).max(100).default(5).describe('number of workers'),
    files: z.int().min(1).max(1000).default(24).describe('number of input files: map tasks'),
    reduces: z.int().min(1).max(1000).default(reduces).describe('number of reduce tasks'),
    words: z.int().min(1).max(1_000_000).default(words).describe('words of each file'),
    app: z
      .enum(['word-count', 'inverted-index'])
      .default('word-count')
      .describe('the application; the first one has a combiner'),
    mapMs: settableMs(0, 300, 'longest CPU time of a map task'),
    reduceMs: settableMs(0, 30, 'longest CPU time of a reduce for one key'),
    expiryMs: settableMs(1, 600, 'time after which a task goes to another worker'),
    backups: z.boolean().default(true).describe('hand stragglers out twice near the end'),
    reads: z.int().min(0).max(10_000).default(80).describe('looks at an output while the job runs'),
    ...phaseFields,
    chaosMs: settableMs(1, chaosMs, 'length of the faulty phase'),
  });
}
const params = paramsWith({ words: 60, reduces: 10, chaosMs: 2500 });
type Params = z.output<typeof params>;
type Run = Tester<Params, MapReduceLayers>;

const readIntent = z.strictObject({
  op: z.literal('read'),
  file: z.string(),
  thinkMs: z.number().min(0).max(3_600_000),
});

const apps: Readonly<Record<Params['app'], Application>> = {
  'word-count': wordCount,
  'inverted-index': invertedIndex,
};

/** Different words in all files. */
const VOCABULARY = 150;
const POLL_MS = 20;

/** The application, with work that takes CPU time. */
function taking(app: Application, { mapMs, reduceMs }: Params): MakeApplication {
  return (env) => ({
    ...app,
    async map(file, content) {
      await env.compute(env.random.between(0, mapMs));
      return await app.map(file, content);
    },
    async reduce(key, values) {
      await env.compute(env.random.between(0, reduceMs));
      return await app.reduce(key, values);
    },
  });
}

const has =
  (kind: string) =>
  ({ faults }: Plan): boolean =>
    faults.some((action) => action.kind === kind);

const CRASHED: Probe = { name: 'a worker crashed', within: 5 };
const AGAIN: Probe = { name: 'a map task was done again', within: 5 };

const probes: readonly Probe[] = [
  CRASHED,
  AGAIN,
  { name: 'an output was refused', within: 20 },
  { name: 'a request arrived late', within: 20, when: has('delay') },
  { name: 'a message was lost', within: 5 },
  { name: 'a crash point was reached', within: 20, when: has('crash-point') },
];

/** Set-up to run. */
const clusters = new WeakMap<object, Cluster>();

/** Free chaos on a job whose map tasks leave their output so. */
export function mapReduceChaos(intermediate: Intermediate): Scenario {
  const where = intermediate === 'shared' ? 'one disk for all' : 'a disk for each worker';
  return underFaults(intermediate, {
    name: `mapreduce/chaos-${intermediate}`,
    description: `${where}, all faults at once; then the world heals, and the job must end`,
    atLeast: { operations: 60, 'under faults': 30, crashes: 3, 'maps done again': 2 },
    params,
    probes,
    plan: (stream, chosen) => drawChaos(stream, chosen, intermediate),
  });
}

/**
 * Workers lose power, and a part of what they have not synced; what they have reported is asked of
 * them as soon as they are back. The outputs of map tasks are larger than a block of a disk.
 */
export const powerCuts: Scenario = underFaults('local', {
  name: 'mapreduce/power-cuts',
  description: 'workers lose power and a part of what they have not synced, and are soon back',
  params: paramsWith({ words: 300, reduces: 5, chaosMs: 1200 }),
  atLeast: { operations: 60, crashes: 1 },
  probes: [CRASHED, AGAIN],
  plan: drawPowerCuts,
});

/** A job whose map tasks leave their output so, in a world that heals in the end. */
function underFaults(
  intermediate: Intermediate,
  own: Pick<
    ScenarioDefinition<typeof params, MapReduceLayers>,
    'name' | 'description' | 'params' | 'atLeast' | 'probes' | 'plan'
  >,
): Scenario {
  return defineScenario({
    ...own,
    lab: 1,
    layers: mapReduceLayers,
    checks: [outputsAreWrittenOnce],
    sizes: ['workers', 'files', 'reduces'],
    setup(t) {
      const { files, words, reduces, workers, expiryMs, backups, app } = t.params;
      const cluster = new Cluster(t, {
        ...drawInputs(t.world, { files, words, vocabulary: VOCABULARY }),
        workers,
        reduces,
        makeApplication: taking(apps[app], t.params),
        intermediate,
        expiryMs,
        backups,
        pollMs: POLL_MS,
        lingerMs: POLL_MS,
      });
      clusters.set(t, cluster);
      for (const client of t.clients) addReader(t, cluster, client);
    },
    run: (t) => throughChaos(t, clusters.get(t)!),
  });
}

function addReader(t: Run, cluster: Cluster, client: Plan['clients'][number]): void {
  const intents = t.intentsOf(client, readIntent);
  cluster.addReader(client.id, async (env, files) => {
    for (const { file, thinkMs } of intents) {
      await env.sleep(thinkMs);
      await readOutput(t, env, files, file);
    }
  });
}

async function throughChaos(t: Run, cluster: Cluster): Promise<void> {
  const isDone = await throughPhases(t, () => cluster.over());
  t.expectInTime('the job is done once the world has healed', isDone, () => {
    const missing = cluster.outputs().filter((output) => output === undefined).length;
    return `${t.params.convergeMs} ms after healing ${missing} outputs are missing`;
  });
  tellProbes(t);
  cluster.tally();
  if (t.params.safetyOnly) return;
  await readAll(t, cluster);
  await cluster.judgeOutput(apps[t.params.app]);
}

/** What the run has left is part of its history, too. */
async function readAll(t: Run, cluster: Cluster): Promise<void> {
  cluster.addReader(`${READER} of the end`, async (env, files) => {
    for (let i = 0; i < t.params.reduces; i++) await readOutput(t, env, files, outputName(i));
  });
  await cluster.over();
}

function tellProbes(t: Run): void {
  const { counters } = t.world.network;
  const isReached = t.world.faultsStarted.some(({ id, kind }) => {
    return kind === 'crash-point' && !t.world.unmatchedTargets.includes(id);
  });
  if (t.world.crashes > 0) t.probe('a worker crashed');
  if (counters.late > 0) t.probe('a request arrived late');
  if (counters.lost > 0) t.probe('a message was lost');
  if (isReached) t.probe('a crash point was reached');
}
