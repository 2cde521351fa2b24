import { expect, test } from 'vitest';
import {
  coordinatorOf,
  coordinatorRules,
  makeCoordinator,
  makeWorker,
  outputName,
  partitionOf,
  sort,
  workerOf,
  workerPorts,
  type CoordinatorRules,
  type MakeCoordinator,
  type MapReduceLayers,
  type WorkerPorts,
} from '../../mapreduce/index.ts';
import { intermediateName } from '../../mapreduce/names.ts';
import { encode } from '../../mapreduce/pairs.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { firstFailure } from '../testing/first-failure.ts';
import { objections, titled, type Guard } from '../testing/guard.ts';
import { bulkPorts } from './bulk.ts';

const registry = new Registry(packs);

type Layers = Partial<MapReduceLayers>;

const rules = (rule: Partial<CoordinatorRules>): Layers => ({
  makeCoordinator: coordinatorOf({ ...coordinatorRules, ...rule }),
});
const ports = (port: Partial<WorkerPorts>): Layers => ({
  makeWorker: workerOf({ ...workerPorts, ...port }),
});

/** Map tasks have nothing for the first reduce task. */
const forgetful = ports({
  keep: (env, output, buckets) =>
    workerPorts.keep(env, output, new Map([...buckets].filter(([reduce]) => reduce !== 0))),
});
/** The job is done as soon as nothing is left to hand out. */
const early = rules({ isDone: (_maps, { idle }) => idle === 0 });
/** Every output is there from the start, with nothing in it. */
const premature: Layers = {
  ...early,
  async makeWorker(env, host, app) {
    for (let i = 0; i < 10; i++) {
      const name = outputName(i);
      if ((await host.files.read(name)) === undefined) await host.files.write(name, '');
    }
    await workerOf({
      ...workerPorts,
      commit: ({ files }, _temporary, final, content) => files.write(final, content),
    })(env, host, app);
  },
};

/** Whoever asks for a task waits, unless this worker may have one now. */
const only = (
  may: (worker: string, busy: ReadonlySet<string>, last: string) => boolean,
): MakeCoordinator => {
  return (env, job) => {
    const ours = makeCoordinator(env, job);
    const busy = new Set<string>();
    let last = '';
    return {
      ...ours,
      handlers: {
        ...ours.handlers,
        assign(args: { worker: string }) {
          busy.delete(args.worker);
          if (!ours.done() && !may(args.worker, busy, last)) return { kind: 'wait' };
          busy.add(args.worker);
          last = args.worker;
          return ours.handlers['assign']!(args as never, args.worker);
        },
      },
    };
  };
};
const favoured: Layers = { makeCoordinator: only((worker) => worker === 'w0') };
const inTurn: Layers = {
  makeCoordinator: only((worker, busy, last) => busy.size === 0 && worker !== last),
};
const patient = rules({ hasExpired: () => false });
const eager = rules({
  wantsBackup: () => true,
});
/** Whoever has done one task is gone. */
const lazy: Layers = {
  makeWorker: (env, host, app) =>
    makeWorker(
      env,
      {
        ...host,
        coordinator: { ...host.coordinator, call: () => Promise.resolve({ kind: 'exit' }) },
      },
      app,
    ),
};
/** Makes outputs with nothing in them. */
const hollow = ports({ commit: ({ files }, _temporary, final) => files.write(final, '') });
/** Has a line of its own at the end of an output. */
const talkative = ports({
  commit: (host, temporary, final, content) =>
    workerPorts.commit(host, temporary, final, content + (final === outputName(3) ? '~ 1\n' : '')),
});
/** Leaves a piece of the input out. */
const careless: Layers = {
  makeCoordinator: (env, job) => makeCoordinator(env, { ...job, splits: job.splits.slice(1) }),
};
/** Makes outputs bit by bit. */
const inPlace = ports({
  async commit({ files }, _temporary, final, content) {
    await files.write(final, content.slice(0, content.length >> 1));
    await files.write(final, content);
  },
});

const OUTPUT = 'the output is that of the sequential run';
const LEAVES = 'nobody leaves before the job is done';

const cases: Guard[] = [
  {
    broken: 'pairs that get lost',
    scenario: 'mapreduce/wc',
    layers: forgetful,
    check: OUTPUT,
    says: /\d+ lines instead of \d+; line \d+ is .* instead of /,
  },
  { broken: 'a line too many', scenario: 'mapreduce/wc', layers: talkative, check: OUTPUT },
  {
    broken: 'a piece that is left out',
    scenario: 'mapreduce/job-count',
    layers: careless,
    check: 'each map task is run once',
    class: 'performance',
    says: /7 map tasks were run, not 8/,
  },
  { broken: 'empty outputs', scenario: 'mapreduce/indexer', layers: hollow, check: OUTPUT },
  {
    broken: 'a coordinator that favours one worker',
    scenario: 'mapreduce/map-parallelism',
    layers: favoured,
    check: 'both workers run map tasks',
    says: /1 of 2/,
  },
  {
    broken: 'one task at a time',
    scenario: 'mapreduce/map-parallelism',
    layers: inTurn,
    check: 'map tasks run in parallel',
  },
  {
    broken: 'one task at a time',
    scenario: 'mapreduce/reduce-parallelism',
    layers: inTurn,
    check: 'reduce tasks run in parallel',
    says: /0 reduces/,
  },
  ...['mapreduce/job-count', 'mapreduce/long-job'].map((scenario) => ({
    broken: 'backups of everything',
    scenario,
    layers: eager,
    check: 'each map task is run once',
    class: 'performance' as const,
  })),
  {
    broken: 'a job that is done when its last task is handed out',
    scenario: 'mapreduce/early-exit',
    layers: early,
    check: LEAVES,
    says: /outputs are missing/,
  },
  {
    broken: 'outputs that are there before their content',
    scenario: 'mapreduce/early-exit',
    layers: premature,
    check: 'outputs are final when the first one leaves',
  },
  {
    broken: 'workers that leave at once',
    scenario: 'mapreduce/crash',
    layers: lazy,
    check: LEAVES,
  },
  {
    broken: 'a coordinator that waits for the dead',
    scenario: 'mapreduce/crash',
    layers: patient,
    check: 'the job is done in time',
    class: 'liveness',
  },
  ...['chaos-shared', 'chaos-local'].map((name) => ({
    broken: 'a coordinator that waits for the dead',
    scenario: `mapreduce/${name}`,
    layers: patient,
    check: 'the job is done once the world has healed',
    class: 'liveness' as const,
    seeds: 10,
  })),
  ...['chaos-shared', 'chaos-local', 'power-cuts'].flatMap((name): Guard[] => {
    const scenario = `mapreduce/${name}`;
    return [
      {
        broken: 'outputs that change',
        scenario,
        layers: inPlace,
        check: 'outputs are written once',
      },
      { broken: 'pairs that get lost', scenario, layers: forgetful, check: OUTPUT },
      { broken: 'workers that leave at once', scenario, layers: lazy, check: LEAVES },
    ];
  }),
  ...['word-count', 'inverted-index', 'grep', 'sort'].flatMap((name): Guard[] => {
    const scenario = `mapreduce/${name}`;
    return [
      { broken: 'pairs that get lost', scenario, layers: forgetful, check: OUTPUT },
      { broken: 'workers that leave at once', scenario, layers: lazy, check: LEAVES },
    ];
  }),
];

/** A map task leaves nothing. */
const emptied: Layers = {
  makeWorker: workerOf({
    ...workerPorts,
    ...bulkPorts,
    keep: (env, output, buckets) =>
      bulkPorts.keep(env, output, output.task === 3 ? new Map() : buckets),
  }),
};
/** A sort whose lines go anywhere. */
const scattered: object = {
  application: { ...sort([]), partition: partitionOf },
};
cases.push(
  {
    broken: 'lines that go to any reduce task',
    scenario: 'mapreduce/sort',
    layers: scattered,
    check: 'the outputs one after the other are in order',
    says: /line \d+ of \d+ belongs before/,
  },
  {
    broken: 'a map task without output',
    scenario: 'mapreduce/cluster-sort',
    layers: emptied,
    check: 'every output has the records of each map task once',
    says: /100 of 100 outputs/,
  },
  {
    broken: 'a coordinator that waits for the dead',
    scenario: 'mapreduce/cluster-sort',
    layers: rules({ hasExpired: () => false, wantsBackup: () => false }),
    check: 'the job is done in time',
    class: 'liveness',
  },
);

test.each(titled(cases))('%s', async (_title, guard) => {
  expect(await objections(registry.scenario(guard.scenario), guard)).toEqual([]);
});

test('a worker does not go on with map output that a crash has torn', async () => {
  const layers = ports({
    // Without any fsync.
    keep: ({ disk }, { task, attempt, reduces }, buckets) => {
      for (let reduce = 0; reduce < reduces; reduce++) {
        const name = intermediateName(task, attempt, reduce);
        disk.write(name, encode(buckets.get(reduce) ?? []));
      }
      return Promise.resolve();
    },
  });
  const scenario = registry.scenario('mapreduce/chaos-shared');
  const { broken, ours } = await firstFailure(scenario, { layers, seeds: 20 });

  expect(broken).toMatchObject({ verdict: 'crash', check: 'uncaught error' });
  expect(broken?.reason).toContain('a file of intermediate pairs is not whole');
  expect(ours).toMatchObject({ verdict: 'pass' });
});

test('every scenario of lab 1 has such a case', () => {
  const guarded = new Set(cases.map(({ scenario }) => scenario));
  const lab1 = registry.scenarios.filter(({ lab }) => lab === 1).map(({ name }) => name);

  expect(lab1.filter((name) => !guarded.has(name))).toEqual([]);
});
