/** What a node sees of each fault of its disk, and that it is gone once the fault is lifted. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  describeFault,
  DiskError,
  PlanError,
  Trace,
  World,
  type Content,
  type Disk,
  type Env,
  type FaultAction,
} from '../index.ts';

// Each member of the union loses the same fields.
type Bare<A> = A extends unknown ? Omit<A, 'id' | 'atMs' | 'untilMs'> : never;

const EVERY = 1_000_000;

interface Setting {
  readonly profile?: string;
  /** Before anything goes wrong, at 0 ms. */
  readonly prepare?: (disk: Disk) => void;
}

/** Look at 50, 150 and 250 ms at a disk that has a fault from 100 to 200 ms. */
async function looks(
  fault: Bare<FaultAction>,
  look: (env: Env, phase: number) => unknown,
  { profile = 'perfect', prepare }: Setting = {},
): Promise<unknown[]> {
  const faults: FaultAction[] = [{ ...fault, id: 'f', atMs: 100, untilMs: 200 }];
  const world = new World(1, { host: nodeHost(), plan: { disk: profile, faults } });
  const seen: unknown[] = [];
  world.addNode('n', async (env) => {
    prepare?.(env.disk);
    for (const phase of [0, 1, 2]) {
      await env.sleep(phase * 100 + 50 - env.now());
      seen.push(await look(env, phase));
    }
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  return seen;
}

/** `ok`, or the code of the error. */
async function outcome(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'ok';
  } catch (error) {
    if (!(error instanceof DiskError)) throw error;
    return error.code;
  }
}

/** An fsync by callback, as a promise. */
function flushed(disk: Disk, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    disk.flush(file, (error) => (error === undefined ? resolve() : reject(error)));
  });
}

describe('disk-slow', () => {
  test('makes every fsync take longer', async () => {
    const took = (await looks(
      { kind: 'disk-slow', node: 'n', extraMs: [1, 3] },
      async (env) => {
        const times: number[] = [];
        for (let i = 0; i < 15; i++) {
          const from = env.now();
          await env.disk.fsync('f');
          times.push(env.now() - from);
        }
        return times;
      },
      { profile: 'lossy' },
    )) as number[][];
    expect(Math.max(...took[0]!, ...took[2]!)).toBeLessThan(2.01);
    expect(Math.min(...took[1]!)).toBeGreaterThan(1.19);
    expect(Math.max(...took[1]!)).toBeGreaterThan(3);
  });

  test('slows a disk down once, however many of its nodes it names', async () => {
    const faults: FaultAction[] = [
      { id: 'f', kind: 'disk-slow', atMs: 0, node: ['a', 'b'], extraMs: [10, 10] },
    ];
    const world = new World(1, { host: nodeHost(), plan: { faults } });
    const seen: number[] = [];
    for (const id of ['a', 'b']) {
      const sync = async (env: Env): Promise<void> => {
        await env.sleep(1);
        await env.disk.fsync('f');
        seen.push(env.now());
      };
      world.addNode(id, sync, { disk: 'shared' });
    }
    await world.run();
    expect(seen).toEqual([11.001, 11.001]);
  });
});

describe('disk-error', () => {
  const calls: Record<string, (disk: Disk) => unknown> = {
    read: (disk) => disk.read('f'),
    save: (disk) => disk.save('f', 'new'),
    write: (disk) => disk.write('f', 'new'),
    append: (disk) => disk.append('f', 'new'),
    rename: (disk) => disk.rename('f', 'f'),
    remove: (disk) => disk.remove('f'),
    fsync: (disk) => disk.fsync('f'),
    flush: (disk) => flushed(disk, 'f'),
  };
  const writes = ['save', 'write', 'append', 'rename', 'remove'];
  const cases: [ops: ('read' | 'write' | 'fsync')[] | undefined, failing: string[]][] = [
    [undefined, Object.keys(calls)],
    [['read'], ['read']],
    [['write'], writes],
    [['fsync'], ['fsync', 'flush']],
    [
      ['read', 'fsync'],
      ['read', 'fsync', 'flush'],
    ],
  ];
  test.each(cases)('makes operations fail with EIO: %j', async (ops, failing) => {
    const seen = await looks(
      { kind: 'disk-error', node: 'n', ops, ppm: EVERY },
      async (env) => {
        const failed: string[] = [];
        for (const [name, call] of Object.entries(calls)) {
          if (!env.disk.exists('f')) env.disk.save('f', 'x');
          if ((await outcome(() => call(env.disk))) === 'EIO') failed.push(name);
        }
        return failed;
      },
      { prepare: (disk) => disk.save('f', 'x') },
    );
    expect(seen).toEqual([[], failing, []]);
  });

  test('leaves a file as it was when a write fails, and says what failed', async () => {
    const seen = await looks(
      { kind: 'disk-error', node: 'n', ops: ['write'], ppm: EVERY },
      (env, phase) => {
        try {
          env.disk.save('f', `${phase}`);
          return env.disk.read('f');
        } catch (error) {
          return [(error as DiskError).message, (error as DiskError).file, env.disk.read('f')];
        }
      },
    );
    expect(seen).toEqual(['0', ['EIO: disk.save of "f" failed', 'f', '0'], '2']);
  });

  test('hits as many as it says', async () => {
    const seen = (await looks({ kind: 'disk-error', node: 'n', ppm: 250_000 }, async (env) => {
      let failed = 0;
      for (let i = 0; i < 2000; i++) {
        if ((await outcome(() => env.disk.save('f', 'x'))) === 'EIO') failed++;
      }
      return failed;
    })) as number[];
    expect([seen[0], seen[2]]).toEqual([0, 0]);
    // Four standard deviations.
    expect(Math.abs(seen[1]! - 500)).toBeLessThan(78);
  });

  test('that node code does not handle ends the run as a crash', async () => {
    const faults: FaultAction[] = [{ id: 'f', kind: 'disk-error', atMs: 1, node: 'n', ppm: EVERY }];
    for (const program of [
      (env: Env) => void env.setTimer(2, () => env.disk.save('f', 'x')),
      (env: Env) => env.sleep(2).then(() => env.disk.fsync('f')),
    ]) {
      const world = new World(1, { host: nodeHost(), plan: { faults } });
      world.addNode('n', program);
      await world.run();
      expect(world.failure).toMatchObject({ kind: 'crash', rule: 'uncaught error', node: 'n' });
      expect(world.failure?.message).toMatch(/^DiskError: EIO: disk\.(save|fsync) of "f" failed$/);
    }
  });

  test('of an fsync is never made good by a later one: nobody knows what is durable', async () => {
    const faults: FaultAction[] = [
      { id: 'f', kind: 'disk-error', atMs: 10, untilMs: 20, node: 'n', ops: ['fsync'], ppm: EVERY },
    ];
    const found: Record<string, Set<unknown>> = { lossy: new Set(), torn: new Set() };
    const later: unknown[] = [];
    for (const profile of Object.keys(found)) {
      for (let seed = 0; seed < 30; seed++) {
        const world = new World(seed, { host: nodeHost(), plan: { disk: profile, faults } });
        world.addNode('n', async (env) => {
          const { disk } = env;
          if (env.incarnation > 1) return void found[profile]!.add(disk.read('log'));
          disk.save('log', 'a');
          await env.sleep(15);
          disk.append('log', 'b');
          expect(await outcome(() => disk.fsync('log'))).toBe('EIO');
          await env.sleep(15);
          later.push(disk.read('log'));
          disk.append('log', 'c');
          expect(await outcome(() => disk.fsync('log'))).toBe('ok');
          later.push(disk.read('log'));
        });
        world.addNode('doctor', async (env) => {
          await env.sleep(100);
          world.crash('n');
          world.restart('n');
        });
        await world.run();
        expect(world.failure).toBeUndefined();
      }
    }
    expect(new Set(later)).toEqual(new Set(['ab', 'abc']));
    expect(found['lossy']).toEqual(new Set(['ac']));
    expect(found['torn']).toEqual(new Set(['ac', 'abc']));
  });
});

describe('disk-full', () => {
  test('refuses whatever would grow, and nothing else', async () => {
    const attempts: [string, (disk: Disk, phase: number) => unknown][] = [
      ['save more', (disk, n) => disk.save(`a${n}`, 'yyyy')],
      ['write more', (disk, n) => disk.write(`b${n}`, 'yyyy')],
      ['append something', (disk, n) => disk.append(`b${n}`, 'y')],
      ['begin a file', (disk, n) => disk.write(`new${n}`, 'y')],
      ['save as much', (disk, n) => disk.save(`a${n}`, 'yyy')],
      ['write less', (disk, n) => disk.write(`b${n}`, 'y')],
      ['append nothing', (disk, n) => disk.append(`b${n}`, '')],
      ['read', (disk, n) => disk.read(`a${n}`)],
      ['rename', (disk, n) => disk.rename(`c${n}`, `d${n}`)],
      ['remove', (disk, n) => disk.remove(`d${n}`)],
      ['fsync', (disk, n) => disk.fsync(`a${n}`)],
    ];
    const seen = await looks(
      { kind: 'disk-full', node: 'n' },
      async ({ disk }, phase) => {
        const refused: string[] = [];
        for (const [name, attempt] of attempts) {
          if ((await outcome(() => attempt(disk, phase))) === 'ENOSPC') refused.push(name);
        }
        return refused;
      },
      {
        prepare(disk) {
          for (const name of 'abc') for (const n of [0, 1, 2]) disk.save(`${name}${n}`, 'xxx');
        },
      },
    );
    const growing = ['save more', 'write more', 'append something', 'begin a file'];
    expect(seen).toEqual([[], growing, []]);
  });
});

test('which writes fail does not depend on what is read meanwhile', async () => {
  const failed = (reads: number): Promise<unknown[]> =>
    looks({ kind: 'disk-error', node: 'n', ppm: 500_000 }, async ({ disk }) => {
      const seen: string[] = [];
      for (let i = 0; i < 20; i++) {
        for (let j = 0; j < reads; j++) await outcome(() => disk.read('f'));
        seen.push(await outcome(() => disk.append('f', 'x')));
      }
      return seen;
    });
  expect(await failed(3)).toEqual(await failed(0));
});

test('a write that found its place is damaged by other faults all the same', async () => {
  const faults: FaultAction[] = [
    { id: 'r', kind: 'bit-rot', atMs: 1, node: 'n', ppm: EVERY },
    { id: 'm', kind: 'misdirected-write', atMs: 1, node: 'n', ppm: 0 },
  ];
  const world = new World(1, { host: nodeHost(), plan: { faults } });
  const seen: unknown[] = [];
  world.addNode('n', async (env) => {
    await env.sleep(5);
    env.disk.save('f', 'text');
    seen.push(env.disk.read('f'));
  });
  await world.run();
  expect(seen).toEqual([expect.not.stringMatching(/^text$/)]);
});

describe('bit-rot', () => {
  /** Bits in which two contents of one length differ. */
  function wrongBits(a: Content, b: Content): number {
    expect(a.length).toBe(b.length);
    const bits = (content: Content, i: number): string => {
      const code = typeof content === 'string' ? content.charCodeAt(i) : content[i]!;
      return code.toString(2).padStart(16, '0');
    };
    let wrong = 0;
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [bits(a, i), bits(b, i)];
      for (let bit = 0; bit < 16; bit++) if (x[bit] !== y[bit]) wrong++;
    }
    return wrong;
  }
  const text = 'to be or not to be';
  const bytes = new Uint8Array(40).fill(7);

  test('flips one bit of a file, the same at every read', async () => {
    const seen = await looks(
      { kind: 'bit-rot', node: 'n', ppm: EVERY },
      ({ disk }) => {
        const [one, two] = [disk.read('text')!, disk.read('bytes')!];
        expect([disk.read('text'), disk.read('bytes')]).toEqual([one, two]);
        return [wrongBits(one, text), wrongBits(two, bytes), disk.read('empty')];
      },
      {
        prepare(disk) {
          disk.save('text', text);
          disk.save('bytes', bytes);
          disk.save('empty', '');
        },
      },
    );
    expect(seen).toEqual([
      [0, 0, ''],
      [1, 1, ''],
      [0, 0, ''],
    ]);
  });

  test('hits as many files as it says, and others when they are written again', async () => {
    const files = Array.from({ length: 1000 }, (_, i) => `f${i}`);
    const seen = (await looks({ kind: 'bit-rot', node: 'n', ppm: 250_000 }, ({ disk }) => {
      const rotten = (): string[] => files.filter((file) => disk.read(file) !== text);
      for (const file of files) disk.save(file, text);
      const first = rotten();
      for (const file of files) disk.save(file, text);
      const second = rotten();
      return [first.length, second.length, first.filter((file) => second.includes(file)).length];
    })) as [number, number, number][];
    expect([seen[0], seen[2]]).toEqual([
      [0, 0, 0],
      [0, 0, 0],
    ]);
    const [first, second, twice] = seen[1]!;
    expect(Math.abs(first - 250)).toBeLessThan(56);
    expect(Math.abs(second - 250)).toBeLessThan(56);
    expect(Math.abs(twice - 62)).toBeLessThan(32);
  });

  test('reaches every bit of bytes', async () => {
    const bits = new Set<number>();
    const seen = await looks({ kind: 'bit-rot', node: 'n', ppm: EVERY }, ({ disk }) => {
      for (let i = 0; i < 200; i++) {
        disk.save('f', new Uint8Array(1));
        bits.add((disk.read('f') as Uint8Array)[0]!);
      }
    });
    expect(seen).toHaveLength(3);
    expect([...bits].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 4, 8, 16, 32, 64, 128]);
  });

  test('hits the same files whether or not others are read before', async () => {
    const rotten = (reads: number): Promise<unknown[]> =>
      looks({ kind: 'bit-rot', node: 'n', ppm: 500_000 }, ({ disk }) => {
        for (let i = 0; i < reads; i++) disk.read('another');
        for (let i = 0; i < 50; i++) disk.save(`f${i}`, text);
        return disk.list().filter((file) => disk.read(file) !== text);
      });
    expect(await rotten(7)).toEqual(await rotten(0));
  });

  test('hits the same files whether or not another fault refused writes before', async () => {
    const rotten = async (refused: FaultAction[]): Promise<string[]> => {
      const rot: FaultAction = { id: 'rot', kind: 'bit-rot', atMs: 1, node: 'n', ppm: 500_000 };
      const world = new World(1, { host: nodeHost(), plan: { faults: [rot, ...refused] } });
      const seen: string[] = [];
      world.addNode('n', async (env) => {
        for (let i = 0; i < 100; i++) {
          await env.sleep(1);
          await outcome(() => env.disk.save(`f${i}`, text));
          if (i >= 50 && env.disk.read(`f${i}`) !== text) seen.push(`f${i}`);
        }
      });
      await world.run();
      expect(world.failure).toBeUndefined();
      return seen;
    };
    const errors = { kind: 'disk-error' as const, ops: ['write' as const], ppm: 500_000 };
    const refused: FaultAction = { ...errors, id: 'errors', atMs: 5, untilMs: 45, node: 'n' };
    expect(await rotten([refused])).toEqual(await rotten([]));
    expect((await rotten([])).length).toBeGreaterThan(10);
  });

  test('spares what is not durable yet: that is read from memory', async () => {
    const seen = await looks(
      { kind: 'bit-rot', node: 'n', ppm: EVERY },
      async ({ disk }, phase) => {
        disk.write(`f${phase}`, text);
        const before = disk.read(`f${phase}`) === text;
        await disk.fsync(`f${phase}`);
        return [before, disk.read(`f${phase}`) === text];
      },
      { profile: 'lossy' },
    );
    expect(seen).toEqual([
      [true, true],
      [true, false],
      [true, true],
    ]);
  });
});

describe('misdirected-write', () => {
  const everything = ({ disk }: Env): Record<string, Content | undefined> =>
    Object.fromEntries(disk.list().map((file) => [file, disk.read(file)]));

  test('lets a write land in another file, until it is lifted', async () => {
    const seen = await looks(
      { kind: 'misdirected-write', node: 'n', ppm: EVERY },
      (env, phase) => {
        if (phase < 2) env.disk.save('a', `a${phase}`);
        return everything(env);
      },
      {
        prepare(disk) {
          disk.save('a', 'old a');
          disk.save('b', 'old b');
        },
      },
    );
    expect(seen).toEqual([
      { a: 'a0', b: 'old b' },
      { a: 'a0', b: 'a1' },
      { a: 'a1', b: 'old b' },
    ]);
  });

  test('adds to another file what was to be appended; a new file stays empty', async () => {
    const seen = await looks(
      { kind: 'misdirected-write', node: 'n', ppm: EVERY },
      (env, phase) => {
        if (phase === 1) {
          env.disk.append('a', '+');
          env.disk.remove('a');
          env.disk.append('new', '!');
        }
        return everything(env);
      },
      {
        prepare(disk) {
          disk.save('a', 'a');
          disk.save('b', 'b');
        },
      },
    );
    expect(seen).toEqual([
      { a: 'a', b: 'b' },
      { b: 'b+!', new: '' },
      { b: 'b', new: '!' },
    ]);
  });

  test('finds its place where there is no other file', async () => {
    const seen = await looks({ kind: 'misdirected-write', node: 'n', ppm: EVERY }, (env, phase) => {
      env.disk.save('a', `${phase}`);
      return everything(env);
    });
    expect(seen).toEqual([{ a: '0' }, { a: '1' }, { a: '2' }]);
  });

  test('lets a node read what it wrote until it is synced', async () => {
    const seen = await looks(
      { kind: 'misdirected-write', node: 'n', ppm: EVERY },
      async (env, phase) => {
        if (phase === 1) env.disk.write('a', 'new a');
        const unsynced = everything(env);
        await env.disk.fsync('a');
        return [unsynced, everything(env)];
      },
      {
        profile: 'lossy',
        prepare(disk) {
          disk.save('a', 'a');
          disk.save('b', 'b');
        },
      },
    );
    const before = { a: 'a', b: 'b' };
    const after = { a: 'new a', b: 'b' };
    expect(seen).toEqual([
      [before, before],
      [after, { a: 'a', b: 'new a' }],
      [after, after],
    ]);
  });
});

describe('stale-read', () => {
  test('gives what a file held before it was changed last, until it is lifted', async () => {
    const seen = await looks(
      { kind: 'stale-read', node: 'n', ppm: EVERY },
      ({ disk }, phase) => {
        if (phase === 1) {
          for (const content of ['one', 'two', 'three']) disk.save('f', content);
          disk.save('new', 'x');
          disk.save('tmp', 'z');
          disk.rename('tmp', 'g');
          disk.remove('h');
          disk.save('h', 'again');
        }
        return ['f', 'new', 'g', 'tmp', 'h', 'still'].map((file) => disk.read(file));
      },
      {
        prepare(disk) {
          for (const file of ['f', 'g', 'h', 'still']) disk.save(file, `old ${file}`);
        },
      },
    );
    const [none, still] = [undefined, 'old still'];
    expect(seen).toEqual([
      ['old f', none, 'old g', none, 'old h', still],
      ['two', 'x', 'old g', none, 'again', still],
      ['three', 'x', 'z', none, 'again', still],
    ]);
  });

  test('goes back to what was durable, not to what was on its way', async () => {
    const seen = await looks(
      { kind: 'stale-read', node: 'n', ppm: EVERY },
      async ({ disk }, phase) => {
        if (phase === 1) for (const part of '123') disk.append('f', part);
        const unsynced = disk.read('f');
        await disk.fsync('f');
        return [unsynced, disk.read('f')];
      },
      { profile: 'lossy', prepare: (disk) => disk.save('f', '0') },
    );
    expect(seen).toEqual([
      ['0', '0'],
      ['0123', '0'],
      ['0123', '0123'],
    ]);
  });
});

describe('a fault of a disk', () => {
  const fault: FaultAction = { id: 'f', kind: 'bit-rot', atMs: 1, node: 'n', ppm: EVERY };
  const wrong: [FaultAction, string][] = [
    [{ ...fault, ppm: 1.5 }, 'faults[0].ppm (f): expected parts per million'],
    [{ ...fault, kind: 'disk-error', ppm: -1 }, 'faults[0].ppm (f)'],
    [{ ...fault, kind: 'stale-read', ppm: 2_000_000 }, 'faults[0].ppm (f)'],
    [{ ...fault, kind: 'misdirected-write', ppm: Number.NaN }, 'faults[0].ppm (f)'],
    [
      { id: 'f', kind: 'disk-slow', atMs: 1, node: 'n', extraMs: [5, 1] },
      'faults[0].extraMs (f): expected least and most in whole ms, up to 3600000, got [5, 1]',
    ],
    [{ id: 'f', kind: 'disk-full', atMs: 1, node: 'm' }, 'faults[0].node (f): no node "m"'],
  ];
  test.each(wrong)('that makes no sense is refused: %j', async (action, message) => {
    const world = new World(1, { host: nodeHost(), plan: { faults: [action] } });
    world.addNode('n', () => {});
    const refusal = world.run();
    await expect(refusal).rejects.toThrow(PlanError);
    await expect(refusal).rejects.toThrow(message);
  });

  const described: [Bare<FaultAction>, string][] = [
    [{ kind: 'disk-slow', node: 'n', extraMs: [1, 5] }, 'disk-slow n by 1-5 ms'],
    [{ kind: 'disk-error', node: ['n', 'm'], ppm: 7 }, 'disk-error n m, 7 ppm of all operations'],
    [
      { kind: 'disk-error', node: 'n', ops: ['read', 'fsync'], ppm: 7 },
      'disk-error n, 7 ppm of read fsync',
    ],
    [{ kind: 'disk-full', node: { label: 'zone', is: 'a' } }, 'disk-full zone=a'],
    [{ kind: 'bit-rot', node: 'n', ppm: 9 }, 'bit-rot n, 9 ppm of files'],
    [{ kind: 'misdirected-write', node: 'n', ppm: 9 }, 'misdirected-write n, 9 ppm of writes'],
    [{ kind: 'stale-read', node: 'n', ppm: 9 }, 'stale-read n, 9 ppm of files'],
  ];
  test.each(described)('is described: %j', (action, words) => {
    expect(describeFault({ ...action, id: 'f', atMs: 0 })).toBe(words);
  });

  test('is told where it strikes, in the trace and in the digest', async () => {
    const digests = new Set<string>();
    for (const faults of [[], [fault], [{ ...fault, kind: 'disk-error' as const }]]) {
      const trace = new Trace();
      const world = new World(1, { host: nodeHost(), plan: { faults }, trace });
      world.addNode('n', async (env) => {
        env.disk.save('f', 'x');
        await env.sleep(2);
        await outcome(() => env.disk.read('f'));
      });
      await world.run();
      digests.add(world.digest());
      const told = trace.records
        .filter(({ kind, timeUs }) => kind === 'save' && timeUs > 0)
        .map(({ label, payload }) => [label, payload]);
      const expected = [[], [['damaged', 'f']], [['EIO', { call: 'read', file: 'f' }]]];
      expect(told).toEqual(expected[digests.size - 1]);
    }
    expect(digests.size).toBe(3);
  });

  test('survives a crash of the node, and a wipe leaves nothing of it', async () => {
    const faults: FaultAction[] = [
      { id: 'm', kind: 'misdirected-write', atMs: 1, node: 'n', ppm: EVERY },
      { id: 'x', kind: 'crash', atMs: 10, untilMs: 20, node: 'n' },
      { id: 'y', kind: 'crash', atMs: 30, untilMs: 40, node: 'n', wipe: true },
    ];
    const world = new World(1, { host: nodeHost(), plan: { faults } });
    const lives: unknown[] = [];
    world.addNode('n', async (env) => {
      const { disk } = env;
      lives.push(disk.list().map((file) => [file, disk.read(file)]));
      if (env.incarnation > 1) return;
      for (const file of ['a', 'b']) disk.save(file, `old ${file}`);
      await env.sleep(5);
      disk.save('a', 'new');
    });
    await world.run();
    expect(lives).toEqual([
      [],
      [
        ['a', 'old a'],
        ['b', 'new'],
      ],
      [],
    ]);
  });
});
