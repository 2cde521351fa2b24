/** What metrics tell of the queues of machines: how long work waits, and how busy they are. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  RunMetrics,
  World,
  type Env,
  type FaultAction,
  type HardwareProfile,
  type MetricsData,
} from '../index.ts';

/** The disk does 10 bytes a ms and 1 ms an access, the network card 10 bytes. */
const tiny: HardwareProfile = {
  name: 'tiny',
  description: 'small enough to count on fingers',
  cores: 1,
  stepUs: 0,
  diskBytesPerMs: 10,
  diskAccessUs: 1000,
  nicOutBytesPerMs: 10,
  nicInBytesPerMs: 10,
};

interface Setting {
  readonly hardware?: Partial<HardwareProfile>;
  readonly faults?: readonly FaultAction[];
  readonly untilMs?: number;
  readonly disk?: string;
}

type Programs = Readonly<Record<string, (env: Env) => void | Promise<void>>>;

async function measured(programs: Programs, setting: Setting = {}): Promise<MetricsData> {
  const { hardware, faults = [], untilMs = 10_000, disk } = setting;
  const metrics = new RunMetrics();
  const plan = { profile: 'steady', faults };
  const world = new World('usage', { host: nodeHost(), plan, metrics });
  for (const [id, program] of Object.entries(programs)) {
    const shared = disk === undefined ? {} : { disk };
    world.addNode(id, program, { hardware: { ...tiny, ...hardware }, ...shared });
  }
  await world.run({ untilMs });
  expect(world.failure).toBeUndefined();
  return metrics.toData();
}

/** Busy µs and their course; how many waited how long, at most, in all. */
function usageOf({ counters, measures }: MetricsData, node: string, part: string): unknown {
  const isIt = (row: { readonly node: string; readonly type: string }): boolean =>
    row.node === node && row.type === part;
  const busy = counters.find((row) => row.name === 'busy' && isIt(row));
  const wait = measures.find((row) => row.name === 'wait' && isIt(row))?.histogram;
  return {
    busy: busy?.total,
    course: busy?.series.values,
    waits: [wait?.count, wait?.max, wait?.sum],
    servers: counters.find((row) => row.name === 'servers' && isIt(row))?.total,
  };
}

const works =
  (...ms: number[]) =>
  (env: Env): void =>
    ms.forEach((each) => env.work(each, () => {}));

describe('metrics of the CPU', () => {
  test('know how many cores there are, how long they work, and who waits', async () => {
    const one = await measured({ n: works(10, 10, 10, 10) });
    // The step that asks for it counts as well: it takes no time, and has not waited.
    const waits = [5, 30_000, 60_000];
    expect(usageOf(one, 'n', 'cpu')).toEqual({ busy: 40_000, course: [40_000], waits, servers: 1 });
    const two = await measured({ n: works(10, 10, 10, 10) }, { hardware: { cores: 2 } });
    expect(usageOf(two, 'n', 'cpu')).toMatchObject({ waits: [5, 10_000, 20_000], servers: 2 });
  });

  test('are spread over the time in which it works, however late that is', async () => {
    const data = await measured({ n: works(250, 20) });
    const course = [100_000, 100_000, 70_000];
    expect(usageOf(data, 'n', 'cpu')).toMatchObject({ busy: 270_000, course });
  });

  test('count no work that the run does not see, and none that a crash takes away', async () => {
    const cut = await measured({ n: works(250, 20) }, { untilMs: 120 });
    expect(usageOf(cut, 'n', 'cpu')).toMatchObject({ busy: 120_000, course: [100_000, 20_000] });

    const faults: FaultAction[] = [{ id: 'c', kind: 'crash', node: 'n', atMs: 120, untilMs: 300 }];
    const crashed = await measured(
      { n: (env) => (env.incarnation === 1 ? works(250, 20) : works(30))(env) },
      { faults },
    );
    expect(usageOf(crashed, 'n', 'cpu')).toMatchObject({
      busy: 150_000,
      course: [100_000, 20_000, 0, 30_000],
      servers: 1,
    });
  });

  test('know how long a step is due before it begins', async () => {
    const data = await measured({
      n(env) {
        env.receive({ m: () => {} });
        env.work(10, () => {});
      },
      o(env) {
        for (const at of [2, 50]) env.setTimer(at, () => env.send('n', 'm', 1));
      },
    });
    // The message comes in at 2.7 ms: its two bytes take 0.2 ms to leave, and 0.5 ms on the way.
    const { waits } = usageOf(data, 'n', 'cpu') as { waits: number[] };
    // The other one comes when nobody is there.
    expect(waits).toEqual([4, 7300, 7300]);
  });

  test('know how long work waits behind steps that were there', async () => {
    const faults: FaultAction[] = [{ id: 'p', kind: 'pause', node: 'n', atMs: 5, untilMs: 20 }];
    const data = await measured(
      {
        n(env) {
          env.setTimer(7, () => env.work(3, () => {}));
          env.setTimer(8, () => {});
        },
      },
      { faults, hardware: { stepUs: 1000 } },
    );
    // Timers run from the end of the first step: due at 8 and 9, they begin at 20 and 21. The work
    // is asked for at 21, and its turn comes at 22. The run ends as its last step begins.
    const waits = [4, 12_000, 12_000 + 12_000 + 1000];
    expect(usageOf(data, 'n', 'cpu')).toMatchObject({ busy: 3000 + 3000, waits });
  });

  test('count as waiting, too, when a node stands still', async () => {
    const faults: FaultAction[] = [{ id: 'p', kind: 'pause', node: 'n', atMs: 5, untilMs: 50 }];
    const data = await measured({ n: (env) => void env.setTimer(10, () => {}) }, { faults });
    expect(usageOf(data, 'n', 'cpu')).toMatchObject({ waits: [2, 40_000, 40_000] });
  });
});

describe('metrics of disks and network cards', () => {
  test('know each queue by itself', async () => {
    const data = await measured({
      n(env) {
        env.send('o', 'm', '', { bytes: 98 });
        env.send('o', 'm', '', { bytes: 98 });
        env.disk.move(90, () => {});
        env.disk.move(40, () => {});
      },
      o: (env) => env.receive({ m: () => {} }),
    });
    // A string without letters takes two bytes.
    const sent = { busy: 20_000, course: [20_000], waits: [2, 10_000, 10_000], servers: 1 };
    expect(usageOf(data, 'n', 'nic out')).toEqual(sent);
    // It comes in as it goes out, one byte after the other.
    expect(usageOf(data, 'o', 'nic in')).toEqual({ ...sent, waits: [2, 0, 0] });
    const disk = { busy: 15_000, course: [15_000], waits: [2, 10_000, 10_000], servers: 1 };
    expect(usageOf(data, 'n', 'disk')).toEqual(disk);
    expect(usageOf(data, 'o', 'disk')).toMatchObject({
      busy: undefined,
      waits: [undefined, undefined, undefined],
    });
  });

  test('a message is received when it has got through the card of its receiver', async () => {
    const sends = (env: Env): void => env.send('o', 'm', '', { bytes: 98 });
    const programs = { n: sends, p: sends, o: (env: Env): void => env.receive({ m: () => {} }) };
    const row = ({ measures }: MetricsData): unknown => {
      const found = measures.find(({ name }) => name === 'message')?.histogram;
      return [found?.count, found?.min, found?.max];
    };
    expect(row(await measured(programs))).toEqual([2, 10_500, 20_500]);
    // The first is in, the second at the card.
    const faults: FaultAction[] = [{ id: 'c', kind: 'crash', node: 'o', atMs: 15 }];
    expect(row(await measured(programs, { faults }))).toEqual([1, 10_500, 10_500]);
  });

  test('have a shared disk under its own name; it goes on when a node crashes', async () => {
    const faults: FaultAction[] = [{ id: 'c', kind: 'crash', node: 'n', atMs: 5 }];
    const programs = { n: (env: Env): void => env.disk.move(90, () => {}), o: works(20) };
    const data = await measured(programs, { faults, disk: 'store' });
    expect(usageOf(data, 'store', 'disk')).toMatchObject({ busy: 10_000, servers: 1 });
  });

  test.each([1, 2, 3])(
    'never exceed what there is of them, in any stretch of time',
    async (cores) => {
      const busy = async (env: Env): Promise<void> => {
        env.receive({ m: () => env.work(env.random.between(1, 90), () => {}) });
        for (let i = 0; i < 30; i++) {
          env.send(env.id === 'n' ? 'o' : 'n', 'm', i, { bytes: env.random.between(1, 900) });
          env.disk.write('f', 'x'.repeat(env.random.between(1, 900)));
          env.spawn('sync', () => env.disk.fsync('f'));
          await env.compute(env.random.between(1, 90));
        }
      };
      const faults: FaultAction[] = [
        { id: 'c', kind: 'crash', node: 'n', atMs: 333, untilMs: 444 },
        { id: 'p', kind: 'pause', node: 'o', atMs: 222, untilMs: 555 },
        { id: 'l', kind: 'limp', node: 'o', atMs: 700, untilMs: 900, factor: 5 },
      ];
      const { counters } = await measured({ n: busy, o: busy }, { faults, hardware: { cores } });
      const rows = counters.filter(({ name }) => name === 'busy');
      expect(rows.map(({ node, type }) => `${node} ${type}`)).toHaveLength(8);
      for (const { type, total, series } of rows) {
        expect(series.values.reduce((sum, value) => sum + value, 0)).toBe(total);
        const most = Math.max(...series.values);
        expect(most).toBeLessThanOrEqual((type === 'cpu' ? cores : 1) * series.widthMs * 1000);
        // Nobody has a rest here.
        expect(most).toBeGreaterThan(50_000);
      }
    },
  );

  test('are not there at all for ideal hardware', async () => {
    const metrics = new RunMetrics();
    const world = new World('ideal', { host: nodeHost(), metrics });
    world.addNode('n', async (env) => {
      env.disk.write('f', 'x');
      await env.disk.fsync('f');
      await env.compute(5);
    });
    await world.run();
    const { counters, measures } = metrics.toData();
    const names = [...counters, ...measures].map(({ name }) => name);
    expect(names).toEqual(expect.not.arrayContaining(['busy', 'wait', 'servers']));
    expect(names).toContain('fsync');
  });
});
