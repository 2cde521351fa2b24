/**
 * Every kind of fault, by what a node sees of it: the same run without the entry, with it from 25
 * to 65 ms, and with an entry that has no end, but is healed or lifted by hand at 65 ms.
 */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { faultKinds, hardwareByName, World, type Env, type FaultAction } from '../index.ts';

/** Sets up nodes; the result tells in the end what was seen. */
type See = (world: World) => () => string;

/** A message that came on time is told by its name, others with their time. */
const teller = (world: World, seen: string[]) => (what: string, sentMs: number) =>
  void seen.push(world.now() === sentMs + 0.5 ? what : `${what}@${world.now()}`);

/** Node a sends b an odd or an even number every 10 ms. */
const numbers =
  (options = {}): See =>
  (world) => {
    const seen: string[] = [];
    const tell = teller(world, seen);
    const take = (i: number): void => tell(String(i), 10 * i);
    world.addNode('b', (env) => env.receive({ odd: take, even: take }), options);
    world.addNode('a', (env) => {
      for (let i = 0; i < 10; i++) {
        env.setTimer(10 * i, () => env.send('b', i % 2 === 0 ? 'even' : 'odd', i));
      }
    });
    return () => seen.join(' ');
  };

/** The same in both ways, told by the sender's name. */
const bothWays: See = (world) => {
  const seen: string[] = [];
  const tell = teller(world, seen);
  for (const [id, to] of [
    ['a', 'b'],
    ['b', 'a'],
  ] as const) {
    world.addNode(id, (env) => {
      env.receive({ m: (i: number) => tell(`${to}${i}`, 10 * i) });
      for (let i = 2; i < 8; i++) env.setTimer(10 * i, () => env.send(to, 'm', i));
    });
  }
  return () => seen.join(' ');
};

/** Two messages at a time. */
const pairs: See = (world) => {
  const seen: string[] = [];
  const tell = teller(world, seen);
  world.addNode('b', (env) => {
    env.receive({ m: ([name, sentMs]: [string, number]) => tell(name, sentMs) });
  });
  world.addNode('a', (env) => {
    for (const i of [2, 3, 6, 7]) {
      env.setTimer(10 * i, () => {
        for (const name of [`${i}x`, `${i}y`]) env.send('b', 'm', [name, 10 * i]);
      });
    }
  });
  return () => seen.join(' ');
};

/** Whether thirty messages within 30 ms arrive in the order in which they were sent. */
const order: See = (world) => {
  const seen: number[] = [];
  world.addNode('b', (env) => env.receive({ m: (i: number) => void seen.push(i) }));
  world.addNode('a', (env) => {
    for (let i = 0; i < 30; i++) env.setTimer(26 + i, () => env.send('b', 'm', i));
  });
  const isSorted = (): boolean => seen.every((i, at) => i === at);
  return () => `${seen.length} ${isSorted() ? 'in order' : 'mixed up'}`;
};

/** What the clock of b shows each time that b has slept for 10 ms on it, and the true time. */
const clock: See = (world) => {
  const seen: string[] = [];
  world.addNode('b', async (env) => {
    for (let i = 0; i < 9; i++) {
      await env.sleep(10);
      if (world.now() > 20) seen.push(`${env.now()}@${world.now()}`);
    }
  });
  return () => seen.join(' ');
};

/** How long the CPU and the disk of b take for what they get every 20 ms. */
const serviced: See = (world) => {
  const seen: string[] = [];
  const hardware = hardwareByName('server');
  const program = (env: Env): void => {
    for (let at = 10; at < 100; at += 20) {
      env.setTimer(at, () => {
        const fromMs = env.now();
        const tell = (): void =>
          void seen.push(String(Math.round((world.now() - fromMs) * 100) / 100));
        env.disk.move(0, tell);
        env.work(0.5, tell);
      });
    }
  };
  world.addNode('b', program, { hardware });
  return () => seen.join(' ');
};

/** A program that counts on its disk, and in its memory, in a step every 10 ms. */
const counting: See = (world) => {
  const seen: string[] = [];
  world.addNode('b', (env) => {
    let steps = 0;
    const step = (): void => {
      const saved = Number(env.disk.read('steps') ?? 0) + 1;
      seen.push(`${++steps}/${saved}`);
      env.disk.write('steps', String(saved));
      env.point('saved');
      if (world.now() < 90) env.setTimer(10, step);
    };
    step();
  });
  return () => seen.join(' ');
};

/** How many of a hundred points fire at least once in ten times, and when. */
const buggified: See = (world) => {
  const fired = new Set<string>();
  const times = new Set<number>();
  const look = (env: Env): void => {
    for (let i = 0; i < 100; i++) {
      if (!env.buggify(`p${i}`)) continue;
      fired.add(`p${i}`);
      times.add(world.now());
    }
  };
  world.addNode('b', (env) => {
    for (let ms = 0; ms < 100; ms += 4) env.setTimer(ms, () => look(env));
  });
  const isWithin = (): boolean => [...times].every((ms) => ms > 25 && ms < 65);
  return () => `${fired.size > 10 && fired.size < 40 ? 'some' : fired.size} ${isWithin()}`;
};

interface Row {
  readonly entry: FaultAction;
  readonly see: See;
  readonly without: string;
  readonly with: string;
  /** Under `labrpc`, where that is different. */
  readonly withLabrpc?: string;
  readonly note?: string;
}

const at = { id: 'f', atMs: 25, untilMs: 65 };
const [all, half] = [1_000_000, 500_000];
const ON_TIME = '0 1 2 3 4 5 6 7 8 9';
const LOST = '0 1 2 7 8 9';
const PAIRS = '2x 2y 3x 3y 6x 6y 7x 7y';
const TICKS = '30@30 40@40 50@50 60@60 70@70 80@80 90@90';
const STEPS = '1/1 2/2 3/3 4/4 5/5 6/6 7/7 8/8 9/9 10/10';
const SERVED = '0.1 0.5 0.1 0.5 0.1 0.5 0.1 0.5 0.1 0.5';
const ORDER = '30 in order';
const BOTH = 'a2 b2 a3 b3 a4 b4 a5 b5 a6 b6 a7 b7';
const ms = { kind: 'clock', node: 'b' } as const;

const rows: readonly Row[] = [
  { entry: { ...at, kind: 'loss', ppm: all }, see: numbers(), without: ON_TIME, with: LOST },
  {
    note: 'of odd numbers',
    entry: { ...at, kind: 'loss', ppm: all, types: ['odd'], from: 'a' },
    see: numbers(),
    without: ON_TIME,
    with: '0 1 2 4 6 7 8 9',
  },
  {
    entry: { ...at, kind: 'duplicate', ppm: all, laterMs: [2, 2], to: ['b'] },
    see: numbers(),
    without: ON_TIME,
    with: '0 1 2 3 3@32.5 4 4@42.5 5 5@52.5 6 6@62.5 7 8 9',
  },
  {
    entry: { ...at, kind: 'delay', extraMs: [6, 6], between: ['b', 'a'] },
    see: numbers(),
    without: ON_TIME,
    with: '0 1 2 3@36.5 4@46.5 5@56.5 6@66.5 7 8 9',
  },
  {
    entry: { ...at, kind: 'reorder', windowMs: 20, ppm: half },
    see: order,
    without: ORDER,
    with: '30 mixed up',
  },
  {
    entry: { ...at, kind: 'priorities', windowMs: 9 },
    see: bothWays,
    without: BOTH,
    with:
      'a2 b2 a3@31.429 b3@35.719 a4@41.429 b4@45.719 ' +
      'a5@51.429 b5@55.719 a6@61.429 b6@65.719 a7 b7',
  },
  { entry: { ...at, kind: 'corrupt', ppm: all }, see: numbers(), without: ON_TIME, with: LOST },
  {
    note: 'of a node that takes damaged messages',
    entry: { ...at, kind: 'corrupt', ppm: all },
    see: numbers({ takesDamaged: true }),
    without: ON_TIME,
    with: '0 1 2 2@30.5 5@40.5 4@50.5 7@60.5 7 8 9',
  },
  {
    entry: { ...at, kind: 'partition', groups: [['a'], ['b']] },
    see: bothWays,
    without: BOTH,
    with: 'a2 b2 a7 b7',
  },
  {
    note: 'that flaps',
    entry: { ...at, kind: 'partition', groups: [['a'], ['b']], flapMs: [10, 10] },
    see: bothWays,
    without: BOTH,
    with: 'a2 b2 a4 b4 a6 b6 a7 b7',
  },
  {
    note: 'one way',
    entry: { ...at, kind: 'cut', from: 'a', to: 'b' },
    see: bothWays,
    without: BOTH,
    with: 'a2 b2 b3 b4 b5 b6 a7 b7',
  },
  {
    note: 'by type',
    entry: { ...at, kind: 'cut', types: ['even'] },
    see: numbers(),
    without: ON_TIME,
    with: '0 1 2 3 5 7 8 9',
  },
  {
    note: 'that flaps',
    entry: { ...at, kind: 'cut', from: 'b', flapMs: [20, 10] },
    see: bothWays,
    without: BOTH,
    with: 'a2 b2 a3 a4 a5 b5 a6 a7 b7',
  },
  {
    note: 'hit in flight, or not under labrpc',
    entry: { ...at, atMs: 30.2, kind: 'cut', from: 'a' },
    see: numbers(),
    without: ON_TIME,
    with: LOST,
    withLabrpc: '0 1 2 3 7 8 9',
  },
  {
    entry: { ...at, kind: 'clog', from: 'a' },
    see: numbers(),
    without: ON_TIME,
    with: '0 1 2 3@65.001 4@65.001 5@65.001 6@65.001 7 8 9',
  },
  {
    entry: { ...at, kind: 'capacity', messages: 1 },
    see: pairs,
    without: PAIRS,
    with: '2x 2y 3y 6y 7x 7y',
  },
  {
    entry: { ...at, kind: 'bandwidth', bytesPerMs: 2 },
    see: pairs,
    without: PAIRS,
    // Seven bytes each: a list, a text and a number.
    with: '2x 2y 3x@34 3y@37.5 6x@64 6y@67.5 7x 7y',
  },
  { entry: { ...at, kind: 'crash', node: 'b' }, see: numbers(), without: ON_TIME, with: LOST },
  {
    note: 'keeps the disk',
    entry: { ...at, kind: 'crash', node: 'b' },
    see: counting,
    without: STEPS,
    with: '1/1 2/2 3/3 1/4 2/5 3/6 4/7',
  },
  {
    note: 'with its disk',
    entry: { ...at, kind: 'crash', node: 'b', wipe: true },
    see: counting,
    without: STEPS,
    with: '1/1 2/2 3/3 1/1 2/2 3/3 4/4',
  },
  {
    note: 'before a write',
    entry: { ...at, kind: 'crash-point', node: 'b', call: 14, when: 'before', downMs: 15 },
    see: counting,
    without: STEPS,
    with: '1/1 2/2 3/3 4/4 1/4 2/5 3/6 4/7 5/8 6/9',
  },
  {
    note: 'after a write',
    entry: { ...at, kind: 'crash-point', node: 'b', call: 14, when: 'after', downMs: 15 },
    see: counting,
    without: STEPS,
    with: '1/1 2/2 3/3 4/4 1/5 2/6 3/7 4/8 5/9 6/10',
  },
  {
    note: 'by name, the third time',
    entry: { ...at, kind: 'crash-point', node: 'b', point: 'saved', nth: 3, downMs: 15 },
    see: counting,
    without: STEPS,
    with: '1/1 2/2 3/3 4/4 5/5 6/6 1/7 2/8 3/9 4/10',
  },
  {
    entry: { ...at, kind: 'pause', node: 'b' },
    see: numbers(),
    without: ON_TIME,
    with: '0 1 2 3@65 4@65 5@65 6@65 7 8 9',
  },
  {
    entry: { ...at, kind: 'slow', node: 'b', stepMs: [4, 4] },
    see: pairs,
    without: PAIRS,
    with: '2x 2y 3x 3y@34.5 6x 6y@64.5 7x 7y',
  },
  {
    entry: { ...at, kind: 'limp', node: 'b', factor: 30 },
    see: serviced,
    without: SERVED,
    with: '0.1 0.5 3 15 3 15 0.1 0.5 0.1 0.5',
  },
  {
    note: 'of its disk only',
    entry: { ...at, kind: 'limp', node: 'b', factor: 30, of: ['disk'] },
    see: serviced,
    without: SERVED,
    with: '0.1 0.5 0.5 3 0.5 3 0.1 0.5 0.1 0.5',
  },
  {
    note: 'set forward',
    entry: { ...at, ...ms, offsetMs: 1000 },
    see: clock,
    without: TICKS,
    with: '1030@30 1040@40 1050@50 1060@60 70@70 80@80 90@90',
  },
  {
    note: 'running at half its speed, also for the timer that runs when it begins and ends',
    entry: { ...at, ...ms, driftPpm: -500_000 },
    see: clock,
    without: TICKS,
    with: '30@35 40@55 50@70 60@80 70@90 80@100 90@110',
  },
  {
    note: 'that strobes',
    entry: { ...at, ...ms, offsetMs: -500, flapMs: [10, 10] },
    see: clock,
    without: TICKS,
    with: '-470@30 40@40 -450@50 60@60 70@70 80@80 90@90',
  },
  { entry: { ...at, kind: 'buggify' }, see: buggified, without: '0 true', with: 'some true' },
];

type End = 'untilMs' | 'heal' | 'lift';

async function seen(
  { entry, see }: Row,
  profile: string,
  end: End | 'no fault at all',
): Promise<string> {
  const { untilMs: _, ...endless } = entry;
  const faults = end === 'no fault at all' ? [] : [end === 'untilMs' ? entry : endless];
  const plan = { profile, faults: faults as FaultAction[] };
  const world = new World('kinds', { host: nodeHost(), plan });
  const result = see(world);
  const heal = (): void => (end === 'heal' ? world.heal() : world.lift('f'));
  const doctor = (env: Env): void =>
    void env.setTimer(65, () => {
      if (end === 'heal' || end === 'lift') heal();
    });
  world.addNode('doctor', doctor, { isImmune: true });
  await world.run({ untilMs: 200 });
  expect(world.failure).toBeUndefined();
  expect(world.unmatchedTargets).toEqual([]);
  return result();
}

describe.each(['steady', 'lab-steady'])('under %s', (profile) => {
  const titled = rows.map((row) => [`${row.entry.kind} ${row.note ?? ''}`, row] as const);
  test.each(titled)('%s', async (_, row) => {
    const hit = profile === 'lab-steady' ? (row.withLabrpc ?? row.with) : row.with;
    expect(await seen(row, profile, 'no fault at all')).toBe(row.without);
    for (const end of ['untilMs', 'heal', 'lift'] as const) {
      expect([end, await seen(row, profile, end)]).toEqual([end, hit]);
    }
  });
});

test('every kind is shown here, or with the disks', () => {
  const shown = new Set(rows.map(({ entry }) => entry.kind as string));
  const disks = ['disk-', 'bit-rot', 'misdirected-write', 'stale-read'];
  const missing = faultKinds.filter((kind) => !shown.has(kind));
  expect(missing.filter((kind) => !disks.some((name) => kind.startsWith(name)))).toEqual([]);
});
