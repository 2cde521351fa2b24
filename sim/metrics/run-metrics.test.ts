import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  RunMetrics,
  Trace,
  World,
  type FaultAction,
  type MeasureRow,
  type Program,
} from '../index.ts';

interface Seen {
  readonly world: World;
  readonly metrics: RunMetrics;
  /** Sum of a counter over all its rows, or those of one node. */
  readonly total: (name: string, node?: string) => number;
  readonly measure: (name: string, node?: string, type?: string) => MeasureRow | undefined;
}

const server: Program = (env) => {
  env.serve({ double: (x: number) => 2 * x });
  env.receive({ hello: () => env.count('greeted') });
};

function caller(times: number): Program {
  return async (env) => {
    for (let i = 0; i < times; i++) {
      env.send('s', 'hello', { i });
      await env.call('s', 'double', i);
      env.disk.write('log', String(i));
      await env.disk.fsync('log');
      env.measure('rounds', i + 0.4);
    }
  };
}

async function seen(
  plan: { profile?: string; faults?: readonly FaultAction[]; disk?: string },
  times = 30,
  metrics = new RunMetrics(),
): Promise<Seen> {
  const world = new World('metrics', { host: nodeHost(), plan, metrics });
  world.addNode('s', server);
  world.addNode('c', caller(times));
  await world.run();
  expect(world.failure).toBeUndefined();
  const { counters, measures } = metrics.toData();
  return {
    world,
    metrics,
    total: (name, node) =>
      counters
        .filter((row) => row.name === name && (node === undefined || row.node === node))
        .reduce((sum, row) => sum + row.total, 0),
    measure: (name, node, type) =>
      measures.find(
        (row) =>
          row.name === name &&
          (node === undefined || row.node === node) &&
          (type === undefined || row.type === type),
      ),
  };
}

const lossy: readonly FaultAction[] = [
  { id: 'f', kind: 'crash', node: 's', atMs: 20, untilMs: 60 },
  { id: 'g', kind: 'loss', ppm: 300_000, atMs: 40, untilMs: 400 },
];

describe('the metrics of a run', () => {
  test('count what the world itself counts', async () => {
    const { world, total } = await seen({ profile: 'lab-unreliable', faults: lossy });
    const { counters } = world.network;

    expect(total('events')).toBe(world.events);
    expect(total('lost')).toBe(counters.lost);
    expect(total('missed')).toBe(counters.lost);
    expect(total('crash')).toBe(1);
    expect(total('sent', 'c')).toBe(counters.messages);
  });

  test('know the end of every message: received, lost, or under way', async () => {
    const { metrics, total } = await seen({ profile: 'lab-unreliable', faults: lossy });

    expect(total('lost')).toBeGreaterThan(3);
    expect(total('duplicated')).toBe(0);
    expect(total('received') + total('lost') + metrics.underWay).toBe(total('sent'));
  });

  test('count each copy of a message that comes twice, and no message that is held', async () => {
    const faults: readonly FaultAction[] = [
      { id: 'd', kind: 'duplicate', ppm: 1_000_000, atMs: 0, untilMs: 5000 },
    ];
    const { total } = await seen({ profile: 'lab-steady', faults });
    expect(total('duplicated')).toBe(total('sent'));
    expect(total('received', 's')).toBe(2 * total('sent', 'c'));

    const clog: FaultAction = { id: 'c', kind: 'clog', from: 'c', to: 's', atMs: 0, untilMs: 50 };
    const held = await seen({ profile: 'lab-steady', faults: [clog] }, 1);
    expect(held.total('held')).toBe(2);
    expect(held.total('received', 's')).toBe(2);
    // It was held until 50 ms, and counts from its sending.
    expect(held.measure('message', 's', 'hello')?.histogram.min).toBeGreaterThanOrEqual(50_000);
  });

  test('know the end of both copies, if the node was down for one of them', async () => {
    const faults: readonly FaultAction[] = [
      { id: 'd', kind: 'duplicate', ppm: 1_000_000, laterMs: [20, 20], atMs: 0, to: 's' },
      { id: 'c', kind: 'crash', node: 's', atMs: 10, untilMs: 25 },
      { id: 'e', kind: 'crash', node: 's', atMs: 40, untilMs: 50 },
    ];
    const metrics = new RunMetrics();
    const world = new World('copies', {
      host: nodeHost(),
      plan: { profile: 'steady', faults },
      metrics,
    });
    world.addNode('s', (env) => env.receive({ m: () => {} }));
    world.addNode('c', (env) => {
      for (const at of [0, 1, 21, 22, 45]) env.setTimer(at, () => env.send('s', 'm', at));
    });
    await world.run();
    const rows = metrics.toData().counters;
    const total = (name: string): number | undefined =>
      rows.find((row) => row.name === name)?.total;
    // Lost: the second copies of the first two, both of the next two, and the first of the last.
    expect([total('sent'), total('received'), total('lost')]).toEqual([5, 3, 7]);
    expect(metrics.underWay).toBe(0);
  });

  test('weigh messages as the network does: requests, one-way messages, replies', async () => {
    const { world, total } = await seen({ profile: 'lab-steady' });
    expect(total('sent bytes')).toBe(world.network.counters.bytes);
    expect(total('received bytes')).toBe(total('sent bytes'));
  });

  test('time messages, round trips and fsyncs', async () => {
    const { measure } = await seen({ profile: 'lab-steady', disk: 'lossy' });
    const of = (row: MeasureRow | undefined): number[] => {
      const { count = 0, min = 0, max = 0 } = row?.histogram ?? {};
      return [count, min, max];
    };

    // Under this profile every message takes 0.5 ms.
    expect(of(measure('message', 's', 'double'))).toEqual([30, 500, 500]);
    expect(of(measure('message', 'c', 'double.reply'))).toEqual([30, 500, 500]);
    expect(of(measure('rpc', 'c', 'double'))).toEqual([30, 1000, 1000]);
    expect(measure('fsync', 'c')?.histogram.count).toBe(30);
  });

  test('take in what programs count and measure, over time', async () => {
    const { metrics, total } = await seen({ profile: 'lab-steady' });
    const { measures, counters } = metrics.toData();

    expect(total('greeted', 's')).toBe(30);
    const greeted = counters.find(({ name }) => name === 'greeted');
    expect(greeted?.source).toBe('program');
    expect(greeted?.series.values.reduce((sum, value) => sum + value, 0)).toBe(30);
    const rounds = measures.find(({ name }) => name === 'rounds');
    expect(rounds?.histogram).toMatchObject({ count: 30, min: 0, max: 29 });
    expect(Math.max(...(rounds?.series.values ?? []))).toBe(29);
  });

  test('know when faults were in force', async () => {
    const { metrics } = await seen({ profile: 'lab-unreliable', faults: lossy }, 60);
    expect(metrics.faultTimes).toEqual([{ fromUs: 20_000, untilUs: 400_000 }]);
  });

  test('know that a fault lasts though another has ended, and a new network is none', async () => {
    const metrics = new RunMetrics();
    const plan = { profile: 'lan', faults: [lossy[0]!, { ...lossy[1]!, untilMs: undefined }] };
    const world = new World('last', { host: nodeHost(), plan, metrics });
    world.addNode('s', server);
    world.addNode('d', (env) => void env.setTimer(5, () => world.network.setProfile('wan')));
    await world.run({ untilMs: 200 });
    expect(metrics.faultTimes).toEqual([{ fromUs: 20_000, untilUs: Infinity }]);

    // What lasts at the end of a run says nothing of the next one.
    metrics.restart();
    const again = new World('again', {
      host: nodeHost(),
      plan: { ...plan, faults: lossy },
      metrics,
    });
    again.addNode('s', server);
    await again.run();
    expect(metrics.faultTimes).toEqual([{ fromUs: 20_000, untilUs: 400_000 }]);
  });

  test('begin again when the run does', async () => {
    const { metrics } = await seen({ profile: 'lab-unreliable', faults: lossy });
    metrics.restart();
    expect(metrics.toData()).toEqual({ counters: [], measures: [] });
    expect([metrics.underWay, metrics.faultTimes]).toEqual([0, []]);

    const device = { node: 'n', part: 'cpu', servers: 2 } as const;
    const told = (): unknown => {
      metrics.served(device, 0, 0, 0);
      return metrics.toData().counters.map(({ name, total }) => [name, total]);
    };
    const first = told();
    metrics.restart();
    expect(told()).toEqual(first);
    expect(first).toEqual([['servers', 2]]);
  });
});

test('metrics change neither the run nor its trace', async () => {
  const run = async (metrics?: RunMetrics): Promise<{ digest: string; trace: Trace }> => {
    const trace = new Trace();
    const plan = { profile: 'lab-unreliable', faults: lossy };
    const world = new World('same', { host: nodeHost(), plan, trace, metrics });
    world.addNode('s', server);
    world.addNode('c', caller(40));
    await world.run();
    return { digest: world.digest(), trace };
  };
  const [without, withThem] = [await run(), await run(new RunMetrics())];

  expect(withThem.digest).toBe(without.digest);
  expect(withThem.trace.records).toEqual(without.trace.records);
});

test.each([
  ['count', -1],
  ['count', 0.5],
  ['measure', -1],
  ['measure', NaN],
] as const)(
  'a program that tells %s %d is refused, with metrics and without',
  async (call, odd) => {
    for (const metrics of [undefined, new RunMetrics()]) {
      const world = new World('odd', { host: nodeHost(), metrics });
      world.addNode('n', (env) => env[call]('x', odd));
      await world.run();
      expect(world.failure?.message).toMatch(new RegExp(`^RangeError: ${call} "x": expected a`));
    }
  },
);
