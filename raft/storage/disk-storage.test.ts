import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { diskProfiles, World, type Env, type FaultAction } from '../../sim/index.ts';
import type { Changes } from '../core/effects.ts';
import { type Durable, NOTHING } from '../core/state.ts';
import { diskPersister } from './disk-persister.ts';
import { diskStorage, type StateDisk } from './disk-storage.ts';
import { DamagedState } from './record.ts';
import type { Storage } from './storage.ts';

/** A state to which one more thing has happened, and the change as the core tells it. */
function after(before: Durable, kind: 'vote' | 'entry' | 'snapshot'): [Durable, Changes] {
  const { currentTerm: term, snapshotIndex, entries } = before;
  const lastIndex = snapshotIndex + entries.length;
  const none = { vote: undefined, log: undefined, snapshot: undefined, lastIndex, term };
  if (kind === 'vote') {
    const vote = { currentTerm: term + 1, votedFor: term % 3 };
    return [
      { ...before, ...vote },
      { ...none, vote },
    ];
  }
  if (kind === 'entry') {
    // Long enough to be torn.
    const fresh = [{ term, command: `${lastIndex + 1} `.repeat(300) }];
    const log = { from: lastIndex + 1, entries: fresh };
    return [
      { ...before, entries: [...entries, ...fresh] },
      { ...none, log },
    ];
  }
  const snapshot = `snapshot of ${lastIndex} `.repeat(60);
  const whole = { ...before, snapshotIndex: lastIndex, snapshotTerm: term, entries: [], snapshot };
  return [whole, { ...none, snapshot }];
}

/** A storage, the state that it was given last, and what it has promised to be durable. */
class Writer {
  readonly storage: Storage;
  /** The states that the disk may hold: the promised one, and those after it. */
  readonly states: Durable[];
  promised = 0;

  constructor(disk: StateDisk) {
    this.storage = diskStorage(disk);
    this.states = [this.storage.recover()];
  }

  change(kind: 'vote' | 'entry' | 'snapshot'): void {
    const number = this.states.length;
    const [next, changes] = after(this.states.at(-1)!, kind);
    this.states.push(next);
    let isInside = true;
    const done = (): void => {
      expect(isInside).toBe(false);
      // In the order of the calls.
      expect(this.promised).toBe(number - 1);
      this.promised = number;
    };
    this.storage.persist(changes, () => (isInside ? next : expect.unreachable('late')), done);
    isInside = false;
  }
}

type Step = 'vote' | 'entry' | 'snapshot' | number;
const anyScript: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom<Step>('vote', 'entry', 'entry', 'snapshot') },
    // A pause, in tenths of a ms.
    { weight: 1, arbitrary: fc.nat(40) },
  ),
  { minLength: 5, maxLength: 30, size: 'max' },
);

interface Crash {
  readonly call: number;
  readonly when: 'before' | 'after';
}
const anyCrash: fc.Arbitrary<Crash> = fc.record({
  call: fc.integer({ min: 5, max: 40 }),
  when: fc.constantFrom('before', 'after'),
});

/**
 * A node carries out a script, one life after the other, each of which ends at a crash point.
 * @returns how many crashes there were, and how many of them left more than was promised
 */
async function live(disk: string, seed: number, script: Step[], crashes: Crash[]) {
  const faults = crashes.map((crash, place): FaultAction => {
    const life = place + 1;
    const id = `c${life}`;
    return { id, kind: 'crash-point', atMs: 0, node: 'n', life, downMs: 1, ...crash };
  });
  const world = new World(seed, { host: nodeHost(), plan: { disk, faults }, isStrict: true });
  const seen = { crashes: 0, kept: 0, lost: 0 };
  let writer: Writer | undefined;
  let next = 0;
  world.addNode(
    'n',
    (env) => {
      const before = writer;
      const [found, snapshot] = lookAt(env);
      if (before !== undefined) {
        seen.crashes++;
        const possible = before.states.slice(before.promised);
        expect(possible).toContainEqual(found);
        if (possible.length > 1) seen[isEqual(found, possible[0]!) ? 'lost' : 'kept']++;
      }
      // The service comes up from the same files.
      expect(snapshot ?? '').toBe(found.snapshot);
      writer = new Writer(env.disk);
      expect(env.disk.exists('raft/unfinished')).toBe(false);
      const go = (): void => {
        for (let step = script[next++]; step !== undefined; step = script[next++]) {
          if (typeof step === 'number') return void env.setTimer(step / 10, go);
          writer!.change(step);
        }
      };
      go();
    },
    { isSynchronous: true },
  );
  await world.run();
  expect(world.failure).toBeUndefined();
  expect(writer!.promised).toBe(writer!.states.length - 1);
  return seen;
}

function lookAt(env: Env): [Durable, string | undefined] {
  return [diskStorage(env.disk).recover(), diskPersister(env).readSnapshot()];
}

const isEqual = (a: Durable, b: Durable): boolean => JSON.stringify(a) === JSON.stringify(b);

describe.each([...diskProfiles.keys()])('a storage on a disk (%s)', (profile) => {
  test(
    'holds what it has promised, and only states there were, whenever it crashes',
    { timeout: 30_000 },
    async () => {
      const seen = { crashes: 0, kept: 0, lost: 0 };
      const crashes = fc.array(anyCrash, { minLength: 1, maxLength: 3 });
      const property = fc.asyncProperty(fc.nat(), anyScript, crashes, async (seed, script, at) => {
        const found = await live(profile, seed, script, at);
        seen.crashes += found.crashes;
        seen.kept += found.kept;
        seen.lost += found.lost;
      });
      await fc.assert(property, { numRuns: 300 });
      expect(seen.crashes).toBeGreaterThan(150);
      expect(seen.lost).toBeGreaterThan(30);
      expect(seen.kept).toBeGreaterThan(5);
    },
  );
});

/** A disk on which nothing is synced before somebody says so; with a note of each call. */
class HandDisk implements StateDisk {
  readonly files: Map<string, string> = new Map();
  readonly calls: string[] = [];
  readonly flushing: (() => void)[] = [];
  list = (): string[] => [...this.files.keys()].toSorted();
  exists = (file: string): boolean => this.files.has(file);
  read = (file: string): string | undefined => this.files.get(file);

  write(file: string, content: string): void {
    this.calls.push(`write ${file}`);
    this.files.set(file, content);
  }

  rename(from: string, to: string): void {
    this.calls.push(`rename ${from} ${to}`);
    this.files.set(to, this.files.get(from)!);
    this.files.delete(from);
  }

  remove(file: string): void {
    this.calls.push(`remove ${file}`);
    this.files.delete(file);
  }

  flush(file: string, done: (error: undefined) => void): void {
    this.calls.push(`flush ${file}`);
    this.flushing.push(() => done(undefined));
  }

  /** Everything that is being written comes to its end. */
  settle(): string[] {
    for (let next = this.flushing.shift(); next !== undefined; next = this.flushing.shift()) next();
    return this.calls.splice(0);
  }
}

describe('group commit', () => {
  const written = (file: string): string[] => [
    'write raft/unfinished',
    'flush raft/unfinished',
    `rename raft/unfinished ${file}`,
    `flush ${file}`,
  ];

  test('changes that come while an fsync is under way share the next file', () => {
    const disk = new HandDisk();
    const writer = new Writer(disk);
    for (let i = 0; i < 10; i++) writer.change('entry');
    expect(disk.settle()).toEqual([...written('raft/0'), ...written('raft/1')]);
    expect(writer.promised).toBe(10);
    expect(new Writer(disk).states).toEqual(writer.states.slice(-1));
  });

  test('nothing is promised by the end of an fsync that began before it came', () => {
    const disk = new HandDisk();
    const writer = new Writer(disk);
    writer.change('entry');
    writer.change('vote');
    const promised: number[] = [];
    while (disk.flushing.length > 0) {
      disk.flushing.shift()!();
      promised.push(writer.promised);
    }
    expect(promised).toEqual([0, 1, 1, 2]);
  });

  test('a snapshot takes with it what waits, before it and after it', () => {
    const disk = new HandDisk();
    const writer = new Writer(disk);
    for (const kind of ['entry', 'entry', 'snapshot', 'entry', 'vote'] as const) {
      writer.change(kind);
    }
    expect(disk.settle()).toEqual([
      ...written('raft/0'),
      ...written('raft/state'),
      'remove raft/0',
      'flush raft/0',
    ]);
    expect(new Writer(disk).states).toEqual(writer.states.slice(-1));
    expect(disk.list()).toEqual(['raft/state']);
  });

  test('left-overs that a crash has brought back go with the next snapshot', () => {
    const disk = new HandDisk();
    const writer = new Writer(disk);
    writer.change('entry');
    disk.settle();
    const leftOver = disk.files.get('raft/0')!;
    writer.change('snapshot');
    disk.settle();
    disk.files.set('raft/0', leftOver);
    const next = new Writer(disk);
    expect(next.states).toEqual(writer.states.slice(-1));
    next.change('entry');
    next.change('snapshot');
    disk.settle();
    expect(disk.list()).toEqual(['raft/state']);
  });

  test('a change costs what has changed, however long the log', () => {
    const disk = new HandDisk();
    const writer = new Writer(disk);
    for (let i = 0; i < 300; i++) {
      writer.change('vote');
      disk.settle();
    }
    const sizes = [...disk.files.values()].map((content) => content.length);
    expect(sizes).toHaveLength(300);
    expect(Math.max(...sizes)).toBeLessThan(40);
  });
});

describe('a damaged file', () => {
  function written(): HandDisk {
    const disk = new HandDisk();
    const writer = new Writer(disk);
    for (const kind of ['entry', 'snapshot', 'entry', 'vote'] as const) {
      writer.change(kind);
      disk.settle();
    }
    expect(disk.list()).toEqual(['raft/1', 'raft/2', 'raft/state']);
    return disk;
  }

  test.each(['raft/state', 'raft/1', 'raft/2'])('%s is named, and never believed', (file) => {
    const content = written().files.get(file)!;
    for (let at = 0; at < content.length; at += 7) {
      for (const damaged of [
        content.slice(0, at),
        `${content.slice(0, at)}~${content.slice(at + 1)}`,
      ]) {
        const disk = written();
        disk.files.set(file, damaged);
        const open = () => diskStorage(disk).recover();
        expect(open).toThrow(DamagedState);
        expect(open).toThrow(`${file}: it does not match its checksum`);
        // It stays as it was found.
        expect(disk.files.get(file)).toBe(damaged);
      }
    }
  });

  test('that was not finished is none: it was never promised, and it goes', () => {
    const disk = written();
    const state = diskStorage(disk).recover();
    disk.files.set('raft/unfinished', disk.files.get('raft/state')!.slice(0, 20));
    expect(diskStorage(disk).recover()).toEqual(state);
    expect(disk.exists('raft/unfinished')).toBe(false);
  });

  test('a server that never ran has nothing to recover', () => {
    expect(diskStorage(new HandDisk()).recover()).toEqual(NOTHING);
  });
});

describe('a disk that fails', () => {
  /** Two changes, of which the disk fails one; then a third. */
  async function fail(ops: ('write' | 'fsync')[]) {
    const faults: FaultAction[] = [
      { id: 'f', kind: 'disk-error', atMs: 10, untilMs: 20, node: 'n', ops, ppm: 1_000_000 },
    ];
    const world = new World(1, { host: nodeHost(), plan: { disk: 'lossy', faults } });
    let writer!: Writer;
    const errors: unknown[] = [];
    world.addNode('n', (env) => {
      writer = new Writer(env.disk);
      writer.change('vote');
      const change = (): void => {
        try {
          writer.change('vote');
        } catch (error) {
          errors.push(error);
        }
      };
      env.setTimer(15, change);
      env.setTimer(30, change);
    });
    await world.run();
    return { world, promised: writer.promised, errors, disk: world.machine('n').disk };
  }

  test('ends the run with the error of an fsync, and node and file', async () => {
    const { world, promised } = await fail(['fsync']);
    expect(world.failure).toMatchObject({ kind: 'crash', rule: 'uncaught error', node: 'n' });
    expect(world.failure?.message).toBe('DiskError: EIO: disk.fsync of "raft/unfinished" failed');
    expect(promised).toBe(1);
  });

  test('a write that failed is thrown, and nothing is written or promised ever after', async () => {
    const { errors, promised, disk } = await fail(['write']);
    expect(errors.map(String)).toEqual(['DiskError: EIO: disk.write of "raft/unfinished" failed']);
    expect(promised).toBe(1);
    expect([...disk.durable.keys()]).toEqual(['raft/0']);
  });
});
