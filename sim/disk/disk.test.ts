import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  diskProfiles,
  PlanError,
  Trace,
  World,
  type Content,
  type DiskProfile,
  type Env,
  type FaultAction,
} from '../index.ts';

type Life = (env: Env) => void | Promise<void>;

interface Lived {
  readonly world: World;
  /** What the second life found on the disk. */
  readonly found: Record<string, Content>;
  readonly trace: Trace;
}

/** A node lives `first`, crashes, and looks at its disk in its second life. */
async function crashAfter(disk: string, first: Life, seed = 1, crashMs = 100): Promise<Lived> {
  const trace = new Trace();
  const world = new World(seed, { host: nodeHost(), plan: { disk }, trace });
  let found: Record<string, Content> = {};
  world.addNode('n', (env) => {
    if (env.incarnation === 1) return first(env);
    found = filesOf(env);
    return undefined;
  });
  world.addNode('doctor', async (env) => {
    await env.sleep(crashMs);
    world.crash('n');
    world.restart('n');
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  return { world, found, trace };
}

function filesOf({ disk }: Env): Record<string, Content> {
  return Object.fromEntries(disk.list().map((file) => [file, disk.read(file)!]));
}

/** Run one node to its end. */
async function inNode(disk: string, program: Life): Promise<World> {
  const world = new World(1, { host: nodeHost(), plan: { disk } });
  world.addNode('n', program);
  await world.run();
  expect(world.failure).toBeUndefined();
  return world;
}

const seeds = Array.from({ length: 60 }, (_, seed) => seed);
const all = [...diskProfiles.keys()];

describe.each(all)('a disk (%s), as its node sees it,', (profile) => {
  test('holds text and bytes, each copied on the way in and out', async () => {
    expect.assertions(4);
    await inNode(profile, ({ disk }) => {
      const bytes = new Uint8Array([1, 2]);
      disk.write('bytes', bytes);
      disk.write('text', 'abc');
      bytes[0] = 9;
      (disk.read('bytes') as Uint8Array)[1] = 9;
      expect(disk.read('bytes')).toEqual(new Uint8Array([1, 2]));
      disk.append('bytes', new Uint8Array([3]));
      disk.append('text', 'd');
      expect([disk.read('bytes'), disk.read('text')]).toEqual([new Uint8Array([1, 2, 3]), 'abcd']);
      expect(disk.read('other')).toBeUndefined();
    });
  });

  test('begins a file with an append, and never mixes text and bytes in one', async () => {
    expect.assertions(6);
    await inNode(profile, ({ disk }) => {
      disk.append('f', 'a');
      expect(() => disk.append('f', new Uint8Array([1]))).toThrow(
        new TypeError('disk.append: "f" holds text, not bytes'),
      );
      disk.save('f', new Uint8Array([1]));
      expect(() => disk.append('f', 'b')).toThrow('"f" holds bytes, not text');
      expect(disk.read('f')).toEqual(new Uint8Array([1]));
      expect(() => disk.save('f', { a: 1 } as unknown as string)).toThrow(TypeError);
      expect(() => disk.append('g', 7 as unknown as string)).toThrow(TypeError);
    });
  });

  test('lists what is there, by name', async () => {
    expect.assertions(3);
    await inNode(profile, ({ disk }) => {
      for (const file of ['b', 'a', 'c', 'B']) disk.write(file, '');
      disk.remove('c');
      disk.remove('never there');
      expect(disk.list()).toEqual(['B', 'a', 'b']);
      expect([disk.exists('a'), disk.exists('c')]).toEqual([true, false]);
    });
  });

  test('moves a file by renaming it, over one that has the name already', async () => {
    expect.assertions(4);
    await inNode(profile, (env) => {
      const { disk } = env;
      disk.write('a', 'new');
      disk.write('b', 'old');
      disk.rename('a', 'b');
      expect(filesOf(env)).toEqual({ b: 'new' });
      disk.rename('b', 'b');
      expect(filesOf(env)).toEqual({ b: 'new' });
      expect(() => disk.rename('a', 'c')).toThrow('disk.rename: no file "a"');
    });
  });

  test('syncs in an event of its own, in the time that the profile says', async () => {
    const [lo, hi] = diskProfiles.get(profile)!.fsyncUs;
    const times: number[] = [];
    const world = await inNode(profile, async (env) => {
      for (let i = 0; i < 300; i++) {
        const from = env.now();
        env.disk.append('f', 'x');
        await env.disk.fsync('f');
        times.push(Math.round((env.now() - from) * 1000));
      }
    });
    expect(world.events).toBe(301);
    expect([Math.min(...times) >= lo, Math.max(...times) <= hi]).toEqual([true, true]);
    expect(Math.max(...times) - Math.min(...times)).toBeGreaterThanOrEqual(((hi - lo) * 9) / 10);
  });

  test('keeps over a crash what was saved or synced', async () => {
    const { found } = await crashAfter(profile, async ({ disk }) => {
      disk.save('saved', 'x');
      disk.write('written', '1');
      disk.append('written', '2');
      disk.write('gone', 'x');
      disk.write('tmp', 'new');
      await disk.fsync('gone');
      disk.remove('gone');
      disk.rename('tmp', 'named');
      await Promise.all(['written', 'gone', 'named'].map((file) => disk.fsync(file)));
    });
    expect(found).toEqual({ saved: 'x', written: '12', named: 'new' });
  });

  test('replaces a file by way of another, never by half, whenever it crashes', async () => {
    const seen = new Set<string>();
    for (const seed of seeds) {
      let isNamed = false;
      const replace: Life = async ({ disk }) => {
        disk.save('f', 'old '.repeat(400));
        disk.write('tmp', 'new '.repeat(400));
        await disk.fsync('tmp');
        disk.rename('tmp', 'f');
        await disk.fsync('f');
        isNamed = true;
      };
      // Between 0.05 and 4 ms; two syncs take 0.4-4 ms.
      const { found } = await crashAfter(profile, replace, seed, (seed + 1) / 15);
      expect(String(found['f'])).toMatch(isNamed ? /^(new ){400}$/ : /^(old ){400}$|^(new ){400}$/);
      seen.add(`${String(found['f']).slice(0, 3)} ${isNamed ? 'synced' : 'on its way'}`);
    }
    if (profile === 'perfect') expect([...seen]).toEqual(['new synced']);
    else expect([...seen]).toEqual(expect.arrayContaining(['old on its way', 'new synced']));
  });
});

describe('what a crash leaves of unsynced changes', () => {
  const busy: Life = ({ disk }) => {
    disk.save('log', '0');
    for (const entry of '123') disk.append('log', entry.repeat(600));
  };

  async function outcomes(profile: string, life: Life): Promise<Set<string>> {
    const seen = new Set<string>();
    for (const seed of seeds) {
      const { found } = await crashAfter(profile, life, seed);
      seen.add(JSON.stringify(found).replace(/(\d)\1+/g, (run) => `${run[0]}×${run.length}`));
    }
    return seen;
  }

  test('lossy: nothing', async () => {
    expect(await outcomes('lossy', busy)).toEqual(new Set(['{"log":"0"}']));
  });

  test('perfect: everything', async () => {
    expect([...(await outcomes('perfect', busy))]).toEqual(['{"log":"01×6002×6003×600"}']);
  });

  test('torn: a beginning, the last of it cut at a block of its file', async () => {
    const seen = await outcomes('torn', busy);
    const whole = ['0', '01×600', '01×6002×600', '01×6002×6003×600'];
    // After 512, 1024 and 1536 characters.
    const cut = ['01×511', '01×6002×423', '01×6002×6003×335'];
    const allowed = new Set([...whole, ...cut].map((log) => `{"log":"${log}"}`));
    expect(seen).toEqual(allowed);
  });

  test('torn: of a record shorter than a block a part, if it lies across two', async () => {
    const seen = await outcomes('torn', ({ disk }) => {
      disk.save('tmp', '0'.repeat(500));
      disk.rename('tmp', 'log');
      disk.append('log', '1'.repeat(100));
      disk.append('log', '2'.repeat(100));
    });
    const log = ['0×500', '0×5001×12', '0×5001×100', '0×5001×1002×100'];
    const allowed = log.map((kept) => `{"log":"${kept}"}`);
    expect(seen).toEqual(new Set(['{"tmp":"0×500"}', ...allowed]));
  });

  test('torn: a write that is cut has emptied the file before', async () => {
    const seen = await outcomes('torn', ({ disk }) => {
      disk.save('f', '0'.repeat(300));
      disk.write('f', '1'.repeat(1000));
    });
    const kept = ['0×300', '', '1×512', '1×1000'];
    expect(seen).toEqual(new Set(kept.map((content) => `{"f":"${content}"}`)));
  });

  test('torn-4096: the same, with larger blocks', async () => {
    const seen = await outcomes('torn-4096', ({ disk }) => {
      disk.save('log', '0');
      disk.append('log', '1'.repeat(9000));
    });
    const kept = ['0', '01×4095', '01×8191', '01×9000'];
    const allowed = new Set(kept.map((log) => `{"log":"${log}"}`));
    expect(seen).toEqual(allowed);
  });

  test('reordered: any of them', async () => {
    const seen = await outcomes('reordered', busy);
    expect(seen.size).toBe(8);
    expect(seen).toContain('{"log":"02×600"}');
  });

  test('reordered: a file that was named before it was synced may be empty', async () => {
    const unsafe: Life = async ({ disk }) => {
      disk.save('f', '11');
      disk.write('tmp', '22');
      disk.rename('tmp', 'f');
    };
    expect(await outcomes('reordered', unsafe)).toEqual(
      new Set(['{"f":"1×2"}', '{"f":"1×2","tmp":"2×2"}', '{"f":"2×2"}', '{"f":""}']),
    );
    expect(await outcomes('torn', unsafe)).not.toContain('{"f":""}');
  });

  test('reordered: what went to a new name never shows up in the file of before', async () => {
    const seen = await outcomes('reordered', async ({ disk }) => {
      disk.save('log', 'old');
      disk.rename('log', 'log.1');
      disk.append('log', 'new');
    });
    expect(seen).toEqual(
      new Set(['{"log":"old"}', '{"log.1":"old"}', '{"log":"new","log.1":"old"}']),
    );
  });

  test('a removed file comes back', async () => {
    const { found } = await crashAfter('lossy', ({ disk }) => {
      disk.save('f', 'x');
      disk.remove('f');
    });
    expect(found).toEqual({ f: 'x' });
  });

  test('what followed the call of an fsync is not covered by it', async () => {
    const { found } = await crashAfter('lossy', async ({ disk }) => {
      disk.write('f', 'a');
      const synced = disk.fsync('f');
      disk.append('f', 'b');
      await synced;
    });
    expect(found).toEqual({ f: 'a' });
  });

  test('an fsync that the crash interrupts never settles, and may have done nothing', async () => {
    const world = new World(1, { host: nodeHost(), plan: { disk: 'lossy' } });
    const seen: unknown[] = [];
    world.addNode('n', async (env) => {
      seen.push(filesOf(env));
      if (env.incarnation > 1) return;
      env.disk.write('f', 'x');
      env.setTimer(0.1, () => world.crash('n'));
      await env.disk.fsync('f').finally(() => seen.push('settled'));
    });
    world.addNode('doctor', async (env) => {
      await env.sleep(50);
      world.restart('n');
    });
    await world.run();
    expect(seen).toEqual([{}, {}]);
  });

  test('is told in the trace and in the digest, if there was anything', async () => {
    const { trace } = await crashAfter('torn', busy);
    const told = trace.records.filter(({ label }) => label === 'settle');
    expect(told).toMatchObject([
      { kind: 'save', node: 'n', payload: { unsynced: 3, survived: expect.any(Number) } },
    ]);
    const quiet = await crashAfter('torn', ({ disk }) => disk.save('f', 'x'));
    expect(quiet.trace.records.filter(({ label }) => label === 'settle')).toEqual([]);

    const append = (text: string) => crashAfter('reordered', ({ disk }) => disk.append('f', text));
    const digests = await Promise.all(['x', 'y'].map(async (text) => (await append(text)).world));
    expect(digests[0]!.digest()).not.toBe(digests[1]!.digest());
  });
});

describe('an fsync by callback', () => {
  test('is the one by promise: it makes the same durable, at the same time', async () => {
    for (const profile of all) {
      const lives: Life[] = [
        async ({ disk }) => {
          disk.write('f', 'a');
          const synced = disk.fsync('f');
          disk.append('f', 'b');
          await synced;
          disk.save('g', 'done');
        },
        ({ disk }) => {
          disk.write('f', 'a');
          disk.flush('f', () => disk.save('g', 'done'));
          disk.append('f', 'b');
        },
      ];
      for (const seed of seeds.slice(0, 10)) {
        const [a, b] = await Promise.all(lives.map((life) => crashAfter(profile, life, seed)));
        expect(a!.found).toHaveProperty('g', 'done');
        expect(b!.found).toEqual(a!.found);
        expect(b!.world.digest()).toBe(a!.world.digest());
      }
    }
  });

  test('calls back later, and never in a life that is over', async () => {
    const seen: string[] = [];
    await crashAfter(
      'lossy',
      (env) => {
        env.disk.flush('f', (error) => void seen.push(`first ${error}`));
        seen.push('called');
        env.setTimer(99.9, () => env.disk.flush('f', () => void seen.push('second')));
      },
      1,
    );
    expect(seen).toEqual(['called', 'first undefined']);
  });

  test('leaves no promise behind in a synchronous node', async () => {
    const world = new World(1, { host: nodeHost(), isStrict: true, plan: { disk: 'torn' } });
    let times = 0;
    world.addNode(
      'n',
      ({ disk }) => {
        const again = (): void => {
          disk.append('f', 'x');
          if (++times < 20) disk.flush('f', again);
        };
        again();
      },
      { isSynchronous: true },
    );
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(times).toBe(20);
  });
});

describe('a crash point', () => {
  /** What the disk holds after a crash before or after the n-th env call. */
  async function crashAt(disk: string, program: Life, call: number, when: 'before' | 'after') {
    const faults: FaultAction[] = [
      { id: 'x', kind: 'crash-point', atMs: 0, node: 'n', life: 1, call, when, downMs: 10 },
    ];
    const world = new World(1, { host: nodeHost(), plan: { disk, faults } });
    let found: Record<string, Content> | undefined;
    world.addNode('n', async (env) => {
      if (env.incarnation > 1) found = filesOf(env);
      else await env.sleep(1).then(() => program(env));
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    return found;
  }

  test('lies before and after the effect of every call', async () => {
    const program: Life = async ({ disk }) => {
      disk.save('f', 'a');
      disk.append('f', 'b');
      disk.rename('f', 'g');
      await disk.fsync('g');
      disk.remove('g');
    };
    const [none, f, fb, g] = [{}, { f: 'a' }, { f: 'ab' }, { g: 'ab' }];
    // The first call is the sleep.
    for (const [disk, expected] of [
      ['perfect', [none, f, f, fb, fb, g, g, g, g, none]],
      ['lossy', [none, f, f, f, f, f, f, f, g, g]],
    ] as const) {
      const found: unknown[] = [];
      for (const call of [2, 3, 4, 5, 6]) {
        for (const when of ['before', 'after'] as const) {
          found.push(await crashAt(disk, program, call, when));
        }
      }
      expect(found).toEqual(expected);
    }
  });
});

describe('a disk that two nodes share', () => {
  test('shows each what the other wrote, and loses what the crashed one wrote', async () => {
    const world = new World(1, { host: nodeHost(), plan: { disk: 'lossy' } });
    const seen: unknown[] = [];
    world.addNode('a', (env) => env.disk.write('a', 'of a'), { disk: 'shared' });
    world.addNode(
      'b',
      async (env) => {
        env.disk.write('b', 'of b');
        await env.sleep(1);
        seen.push(filesOf(env));
        world.crash('a');
        seen.push(filesOf(env));
        await env.disk.fsync('b');
        world.crash('b');
      },
      { disk: 'shared' },
    );
    await world.run();
    expect(seen).toEqual([{ a: 'of a', b: 'of b' }, { b: 'of b' }]);
    expect([...world.machine('a').disk.durable.keys()]).toEqual(['b']);
  });

  test('keeps the order of changes: what survives comes after what was there', async () => {
    const found = new Set<string>();
    for (const seed of seeds) {
      const world = new World(seed, { host: nodeHost(), plan: { disk: 'reordered' } });
      const node = (id: string, program: Life) => world.addNode(id, program, { disk: 'shared' });
      node('b', ({ disk }) => disk.append('f', 'b'));
      node('a', ({ disk }) => disk.append('f', 'a'));
      node('doctor', async (env) => {
        await env.sleep(1);
        world.crash('a');
        found.add(String(env.disk.read('f')));
      });
      await world.run();
    }
    expect(found).toEqual(new Set(['b', 'ba']));
  });
});

test('a disk that is wiped keeps nothing that others have not synced', async () => {
  const faults: FaultAction[] = [
    { id: 'c', kind: 'crash', atMs: 5, untilMs: 6, node: 'a', wipe: true },
  ];
  const world = new World(1, { host: nodeHost(), plan: { disk: 'lossy', faults } });
  const seen: string[][] = [];
  const look = async (env: Env): Promise<void> => {
    env.disk.write('unsynced', 'x');
    env.disk.save('saved', 'x');
    await env.sleep(10);
    seen.push(env.disk.list());
  };
  world.addNode('b', look, { disk: 'shared' });
  world.addNode('a', () => {}, { disk: 'shared' });
  await world.run();
  expect(seen).toEqual([[]]);
});

describe('a disk profile', () => {
  test('that does not exist is refused, with those that do', () => {
    const make = () => new World(1, { host: nodeHost(), plan: { disk: 'floppy' } });
    expect(make).toThrow(PlanError);
    expect(make).toThrow(
      'no disk profile "floppy"; there are perfect, lossy, torn, torn-4096, reordered',
    );
  });
});

describe("a disk profile of one's own", () => {
  const lossy = diskProfiles.get('lossy')!;

  test('holds for the disk of that node', async () => {
    const world = new World(1, { host: nodeHost() });
    const seen: unknown[] = [];
    const program = (env: Env): void => {
      seen.push(env.disk.read('f'));
      env.disk.write('f', env.id);
    };
    world.addNode('a', program);
    world.addNode('b', program, { diskProfile: lossy });
    world.addNode('doctor', async (env) => {
      await env.sleep(1);
      for (const id of ['a', 'b']) {
        world.crash(id);
        world.restart(id);
      }
    });
    await world.run();
    expect(seen).toEqual([undefined, undefined, 'a', undefined]);
  });

  test.each([
    ['blockBytes', { blockBytes: 0 }],
    ['blockBytes', { blockBytes: 1.5 }],
    ['fsyncUs', { fsyncUs: [0, 5] as const }],
    ['fsyncUs', { fsyncUs: [5, 4] as const }],
    ['fsyncUs', { fsyncUs: [1, 3_600_000_001] as const }],
    ['unsynced', { unsynced: 'half' as DiskProfile['unsynced'] }],
  ])('with an impossible %s is refused by that name: %o', (field, wrong) => {
    const world = new World(1, { host: nodeHost() });
    const add = () => world.addNode('n', () => {}, { diskProfile: { ...lossy, ...wrong } });
    expect(add).toThrow(PlanError);
    expect(add).toThrow(new RegExp(`^disk profile: ${field}: expected`));
  });
});

describe('memory', () => {
  interface Inside {
    readonly unsynced: Set<unknown>;
    readonly streams: { readonly cache: Map<string, unknown> };
  }
  const insideOf = (world: World): Inside => world.machine('n').disk as unknown as Inside;

  test('stays flat over many synced writes and crashes', async () => {
    const world = new World(1, { host: nodeHost(), plan: { disk: 'torn' } });
    world.addNode('n', async ({ disk }) => {
      for (;;) {
        disk.write('tmp', 'x'.repeat(100));
        await disk.fsync('tmp');
        disk.rename('tmp', 'f');
        disk.append('log', 'x');
        if (String(disk.read('log')).length > 100) disk.remove('log');
      }
    });
    let most = 0;
    world.addNode('doctor', async (env) => {
      for (let i = 0; i < 500; i++) {
        await env.sleep(20);
        most = Math.max(most, insideOf(world).unsynced.size);
        world.crash('n');
        world.restart('n');
      }
      world.stop();
    });
    await world.run();
    expect(world.failure).toBeUndefined();
    expect(most).toBeLessThan(200);
    expect(insideOf(world).unsynced.size).toBe(0);
    expect(insideOf(world).streams.cache.size).toBeLessThan(600);
  });

  test('is bounded for a node that never syncs: the disk writes back by itself', async () => {
    const world = await inNode('lossy', ({ disk }) => {
      for (let i = 0; i < 10_000; i++) disk.write(`f${i % 7}`, `${i}`);
      expect(disk.read('f3')).toBe('9999');
    });
    expect(insideOf(world).unsynced.size).toBeLessThanOrEqual(4096);
    expect(world.machine('n').disk.durable.size).toBe(7);
  });
});
