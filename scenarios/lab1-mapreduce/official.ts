import { z } from 'zod';
import { invertedIndex, wordCount, type MakeApplication } from '../../mapreduce/index.ts';
import { defineScenario, type Scenario } from '../define/scenario.ts';
import type { Tester } from '../define/tester.ts';
import type { MapReduceLayers } from '../../mapreduce/index.ts';
import { outputsAreWrittenOnce } from './checks.ts';
import { Cluster, mapReduceLayers } from './cluster.ts';
import { drawInputs } from './inputs.ts';
import {
  countedMaps,
  crashing,
  facts,
  parallelMaps,
  parallelReduces,
  SLOW_WORDS,
  slowWords,
} from './official-apps.ts';

/** What all of them have: see labs.md §2. */
const MAPS = 8;
const REDUCES = 10;
const EXPIRY_MS = 10_000;
const POLL_MS = 1000;
const VOCABULARY = 1000;
/** The lab's script starts a worker again a second after it has died. */
const RESPAWN_MS = 1000;

const params = z.object({
  edition: z
    .literal([2025, 2026])
    .default(2026)
    .describe('of which year: they differ in the number of workers'),
  words: z.int().min(1).max(1_000_000).default(400).describe('words of each of the 8 files'),
});
type Params = z.output<typeof params>;
type Run = Tester<Params, MapReduceLayers>;

interface OfficialTest {
  readonly name: string;
  /**
   * Its name as a Go test (2026); the script of 2025 calls it by {@link name}. Absent = it is one
   * that the course does not have.
   */
  readonly test?: string;
  /** Default: 8. */
  readonly maps?: number;
  readonly description: string;
  /** Number of workers in 2025 and in 2026. */
  readonly workers: readonly [number, number];
  /** How long it may take, in ms. */
  readonly limitMs: number;
  /** Its application, and what to judge when all have left. */
  begin(t: Run): {
    makeApplication: MakeApplication;
    judge(cluster: Cluster): void | Promise<void>;
  };
}

function official(test: OfficialTest): Scenario {
  const { name, description, workers, limitMs, maps = MAPS } = test;
  return defineScenario({
    name: `mapreduce/${name}`,
    lab: 1,
    test: test.test,
    description,
    params,
    layers: mapReduceLayers,
    maxSimMs: limitMs + 60_000,
    checks: [outputsAreWrittenOnce],
    setup(t) {
      const { edition, words } = t.params;
      const { makeApplication, judge } = test.begin(t);
      const sized = { files: maps, words, vocabulary: VOCABULARY };
      const cluster = new Cluster(t, {
        ...drawInputs(t.world, sized, `${SLOW_WORDS.join(' ')}\n`),
        workers: workers[edition === 2025 ? 0 : 1],
        reduces: REDUCES,
        makeApplication,
        intermediate: 'shared',
        expiryMs: EXPIRY_MS,
        backups: false,
        pollMs: POLL_MS,
        lingerMs: POLL_MS,
      });
      courses.set(t, { cluster, judge });
    },
    async run(t) {
      const { cluster, judge } = courses.get(t)!;
      const isInTime = await t.inTime(limitMs, t.clientsDone());
      t.expectInTime('the job is done in time', isInTime, () => {
        return `after ${limitMs} ms somebody is still at work`;
      });
      cluster.tally();
      await judge(cluster);
    },
  });
}

/** What set-up has built, for the run. */
const courses = new WeakMap<object, { cluster: Cluster; judge(cluster: Cluster): unknown }>();

const pure = (app: typeof wordCount): ReturnType<OfficialTest['begin']> => ({
  makeApplication: () => app,
  judge: (cluster) => cluster.judgeOutput(app),
});

/** Maps that take their time, and must be run once each. */
function countMaps(t: Run, expected: number): ReturnType<OfficialTest['begin']> {
  let maps = 0;
  return {
    makeApplication: countedMaps(() => maps++),
    judge() {
      t.expectWithin('each map task is run once', maps === expected, () => {
        return `${maps} map tasks were run, not ${expected}`;
      });
    },
  };
}

/** Workers that ran a task, and how many at a time they were. */
function parallelism(): { workers: Set<string>; seen: number[]; see(w: string, n: number): void } {
  const workers = new Set<string>();
  const seen: number[] = [];
  return {
    workers,
    seen,
    see(worker, parallel) {
      workers.add(worker);
      seen.push(parallel);
    },
  };
}

const tests: readonly OfficialTest[] = [
  {
    name: 'wc',
    test: 'TestWc',
    description: 'word count with three workers: the output is that of a sequential run',
    workers: [3, 3],
    limitMs: 45_000,
    begin: () => pure(wordCount),
  },
  {
    name: 'indexer',
    test: 'TestIndexer',
    description: 'inverted index with two workers: the output is that of a sequential run',
    workers: [2, 2],
    limitMs: 45_000,
    begin: () => pure(invertedIndex),
  },
  {
    name: 'map-parallelism',
    test: 'TestMapParallel',
    description: 'two workers run map tasks at the same time',
    workers: [2, 2],
    limitMs: 45_000,
    begin(t) {
      const { workers, seen, see } = parallelism();
      return {
        makeApplication: parallelMaps(see),
        judge() {
          t.expect('both workers run map tasks', workers.size === 2, () => {
            return `${workers.size} of 2 workers have run a map task`;
          });
          // In 2026 the course asks only whether the application has told anything.
          t.expect('map tasks run in parallel', seen.includes(2), () => {
            return 'no map task has seen another one beside it';
          });
        },
      };
    },
  },
  {
    name: 'reduce-parallelism',
    test: 'TestReduceParallel',
    description: 'two workers run reduce tasks at the same time',
    workers: [2, 2],
    limitMs: 45_000,
    begin(t) {
      const { seen, see } = parallelism();
      return {
        makeApplication: parallelReduces(see),
        judge() {
          const count = seen.filter((parallel) => parallel === 2).length;
          t.expect('reduce tasks run in parallel', count >= 2, () => {
            return `${count} reduces have seen another one beside them, not 2`;
          });
        },
      };
    },
  },
  {
    name: 'job-count',
    test: 'TestJobCount',
    description: 'map tasks of 2 to 5 s: each is run once',
    // In 2025 there are four, but two of them come when the others have left.
    workers: [2, 4],
    limitMs: 45_000,
    begin: (t) => countMaps(t, MAPS),
  },
  {
    name: 'early-exit',
    test: 'TestEarlyExit',
    description: 'some reduces take 3 s: nobody leaves before the last output is there',
    workers: [3, 4],
    limitMs: 45_000,
    begin: (t) => ({
      makeApplication: slowWords,
      async judge(cluster) {
        const final = cluster.outputs();
        const changed = final.filter((text, i) => text !== cluster.atFirstExit?.[i]).length;
        t.expect('outputs are final when the first one leaves', changed === 0, () => {
          return `${changed} outputs have changed since`;
        });
        await cluster.judgeOutput(wordCount);
      },
    }),
  },
  {
    name: 'crash',
    test: 'TestCrashWorker',
    description: 'workers die in a third of all calls, and stand still in another third',
    workers: [4, 4],
    limitMs: 120_000,
    begin(t) {
      let exits = 0;
      return {
        makeApplication: crashing((worker) => {
          t.probe('a worker died in its application');
          const atMs = t.world.now();
          const id = `exit ${exits++}`;
          t.world.inject([{ id, kind: 'crash', atMs, untilMs: atMs + RESPAWN_MS, node: worker }]);
        }),
        judge: (cluster) => cluster.judgeOutput(facts),
      };
    },
  },
];

/** The seven official tests of lab 1. */
export const officialTests: readonly Scenario[] = tests.map(official);

const LONG_MAPS = 30;

/**
 * The job count in a job that goes on for longer than a task may take: the official one is over by
 * the time that the first timer of its coordinator runs out.
 */
export const longJob: Scenario = official({
  name: 'long-job',
  description: 'the job takes longer than a task may, and still each map task is run once',
  workers: [3, 3],
  maps: LONG_MAPS,
  limitMs: 120_000,
  begin: (t) => countMaps(t, LONG_MAPS),
});
