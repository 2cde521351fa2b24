import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Env } from '../../sim/index.ts';
import { diskPersister } from './disk-persister.ts';
import { DamagedState } from './record.ts';

class Crash extends Error {}

/** A disk that crashes its node before the change of a number, from 0. */
class FakeDisk {
  readonly files: Map<string, string>;
  left: number;

  constructor(files: Iterable<readonly [string, string]> = [], left = Infinity) {
    this.files = new Map(files);
    this.left = left;
  }

  list(): string[] {
    return [...this.files.keys()].toSorted();
  }

  exists(file: string): boolean {
    return this.files.has(file);
  }

  read(file: string): string | undefined {
    return this.files.get(file);
  }

  save(file: string, content: string): void {
    this.change();
    this.files.set(file, content);
  }

  remove(file: string): void {
    this.change();
    this.files.delete(file);
  }

  private change(): void {
    if (this.left-- === 0) throw new Crash();
  }
}

function open(disk: FakeDisk): ReturnType<typeof diskPersister> {
  return diskPersister({ disk } as unknown as Env);
}

type Change = { readonly append: string } | { readonly save: string; readonly snapshot?: string };
const text = fc.string({ minLength: 1, maxLength: 4 });
const changes: fc.Arbitrary<Change[]> = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.record({ append: text }) },
    { weight: 1, arbitrary: fc.record({ save: text, snapshot: text }, { requiredKeys: ['save'] }) },
  ),
  { maxLength: 12 },
);

interface Held {
  readonly state: string;
  readonly snapshot: string | undefined;
}

function after(held: Held, change: Change): Held {
  if ('append' in change) return { ...held, state: held.state + change.append };
  return { state: change.save, snapshot: change.snapshot };
}

function carryOut(disk: FakeDisk, change: Change): void {
  const persister = open(disk);
  if ('append' in change) persister.append(change.append);
  else persister.save(change.save, change.snapshot);
}

function heldBy(disk: FakeDisk): Held {
  const persister = open(disk);
  expect(persister.stateSize()).toBe(persister.readState().length);
  return { state: persister.readState(), snapshot: persister.readSnapshot() };
}

const NOTHING: Held = { state: '', snapshot: undefined };

describe('a persister on a disk', () => {
  test('holds what it was given, in the life that gave it and in the next', () => {
    const property = fc.property(changes, (script) => {
      const disk = new FakeDisk();
      const persister = open(disk);
      let held = NOTHING;
      for (const change of script) {
        if ('append' in change) persister.append(change.append);
        else persister.save(change.save, change.snapshot);
        held = after(held, change);
        expect(persister.readState()).toBe(held.state);
        expect(persister.readSnapshot()).toBe(held.snapshot);
        expect(persister.stateSize()).toBe(held.state.length);
        expect(heldBy(disk)).toEqual(held);
      }
    });
    fc.assert(property);
  });

  test('holds all of a change or nothing after a crash between any two calls of the disk', () => {
    const property = fc.property(changes, fc.array(fc.nat(3)), (script, crashes) => {
      const disk = new FakeDisk();
      let held = NOTHING;
      script.forEach((change, number) => {
        disk.left = crashes[number] ?? Infinity;
        let hasCrashed = false;
        try {
          carryOut(disk, change);
        } catch (error) {
          if (!(error instanceof Crash)) throw error;
          hasCrashed = true;
        }
        disk.left = Infinity;
        const found = heldBy(disk);
        if (hasCrashed) expect([held, after(held, change)]).toContainEqual(found);
        else expect(found).toEqual(after(held, change));
        held = found;
      });
    });
    fc.assert(property, { numRuns: 300 });
  });

  test('leaves no old additions behind once it has saved, crash or not', () => {
    const disk = new FakeDisk();
    const persister = open(disk);
    for (const addition of ['a', 'b', 'c']) persister.append(addition);
    disk.left = 2;
    expect(() => persister.save('whole', 'snapshot')).toThrow(Crash);
    expect(disk.files.size).toBeGreaterThan(1);
    disk.left = Infinity;
    open(disk).save('again', 'snapshot');
    expect([...disk.files.keys()]).toEqual(['raft/state']);
  });

  test('minds no files that are not its own', () => {
    const disk = new FakeDisk([
      ['kv', 'x'],
      ['raft/notes', 'y'],
    ]);
    expect(heldBy(disk)).toEqual(NOTHING);
  });

  test('keeps a snapshot that is empty', () => {
    const disk = new FakeDisk();
    open(disk).save('state', '');
    expect(heldBy(disk)).toEqual({ state: 'state', snapshot: '' });
  });
});

describe('a damaged file is named, and never believed', () => {
  function written(): FakeDisk {
    const disk = new FakeDisk();
    const persister = open(disk);
    persister.append('old');
    persister.save('whole', 'snapshot');
    persister.append('one');
    persister.append('two');
    return disk;
  }

  test.each(['raft/state', 'raft/1', 'raft/2'])('any character of %s', (file) => {
    const content = written().files.get(file)!;
    for (let at = 0; at < content.length; at++) {
      for (const unit of ['\0', '0', ' ', '\n', 'é', '漢']) {
        if (unit === content[at]) continue;
        const disk = written();
        disk.files.set(file, content.slice(0, at) + unit + content.slice(at + 1));
        expect(() => open(disk)).toThrow(DamagedState);
        expect(() => open(disk)).toThrow(`${file}: it does not match its checksum`);
      }
    }
  });

  test.each(['raft/state', 'raft/1', 'raft/2'])('a file %s that was written by halves', (file) => {
    const content = written().files.get(file)!;
    for (let length = 0; length < content.length; length++) {
      const disk = written();
      disk.files.set(file, content.slice(0, length));
      expect(() => open(disk)).toThrow(`${file}: it does not match its checksum`);
    }
  });

  test('a file that holds, whole, what was meant for another one', () => {
    const files = [...written().files.keys()];
    for (const file of files) {
      for (const other of files.filter((name) => name !== file)) {
        const disk = written();
        disk.files.set(file, disk.files.get(other)!);
        expect(() => open(disk)).toThrow(`${file}: it does not match its checksum`);
      }
    }
  });

  test('an addition that is missing before another one', () => {
    const disk = written();
    disk.files.delete('raft/1');
    expect(() => open(disk)).toThrow('raft/2: the one before it is missing');
  });

  test('a whole state that is missing', () => {
    const disk = written();
    disk.files.delete('raft/state');
    expect(() => open(disk)).toThrow('raft/1: the one before it is missing');
  });
});
