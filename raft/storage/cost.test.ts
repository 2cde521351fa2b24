import { describe, expect, test } from 'vitest';
import type { Env } from '../../sim/index.ts';
import { Core } from '../core/core.ts';
import type { Input } from '../core/input.ts';
import { rules } from '../core/rules.ts';
import { NOTHING } from '../core/state.ts';
import { diskPersister } from './disk-persister.ts';
import { diskStorage } from './disk-storage.ts';
import { persisterStorage } from './persister-storage.ts';
import type { Storage } from './storage.ts';

/** A disk that counts what is written to it. */
class CountingDisk {
  readonly files: Map<string, string> = new Map();
  bytes = 0;
  calls = 0;

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
    this.calls++;
    this.bytes += content.length;
    this.files.set(file, content);
  }

  write(file: string, content: string): void {
    this.save(file, content);
  }

  rename(from: string, to: string): void {
    this.calls++;
    this.files.set(to, this.files.get(from)!);
    this.files.delete(from);
  }

  remove(file: string): void {
    this.calls++;
    this.files.delete(file);
  }

  flush(_file: string, done: (error: undefined) => void): void {
    done(undefined);
  }
}

const storages: [string, (disk: CountingDisk) => Storage][] = [
  ['a persister', (disk) => persisterStorage(diskPersister({ disk } as unknown as Env))],
  ['a disk of its own', (disk) => diskStorage(disk)],
];

const roles = ['leader', 'follower'] as const;
type Role = (typeof roles)[number];

/** What is written while a log grows by 1000 entries each time, up to 10,000. */
function costs(
  make: (disk: CountingDisk) => Storage,
  role: Role,
  snapshotEvery: number,
): { readonly bytes: number; readonly calls: number }[] {
  const disk = new CountingDisk();
  const storage = make(disk);
  storage.recover();
  const core = new Core(rules, 0, role === 'leader' ? 1 : 3, NOTHING);
  const take = (input: Input): void => {
    const { persist } = core.step(input);
    if (persist === undefined) return;
    const { lastIndex, term } = persist;
    const whole = (): ReturnType<typeof core.state.durable> => core.state.durable();
    storage.persist(persist, whole, () => take({ type: 'Persisted', lastIndex, term }));
  };
  const grow = (index: number): void => {
    if (role === 'leader') return take({ type: 'Start', command: 'x' });
    const args = {
      term: 1,
      leaderId: 1,
      prevLogIndex: index - 1,
      prevLogTerm: index === 1 ? 0 : 1,
      entries: [{ term: 1, command: 'x' }],
      leaderCommit: index,
    };
    take({ type: 'AppendEntries', args });
  };
  if (role === 'leader') take({ type: 'ElectionTimeout' });
  const found: { bytes: number; calls: number }[] = [];
  for (let index = 1; index < 10_000; index++) {
    // Numbers from here on have four digits.
    if (index % 1000 === 0) found.push({ bytes: -disk.bytes, calls: -disk.calls });
    grow(index);
    if (index % snapshotEvery === 0) take({ type: 'Snapshot', index, snapshot: 'snapshot' });
    const part = found.at(-1);
    if (index % 1000 !== 999 || part === undefined) continue;
    part.bytes += disk.bytes;
    part.calls += disk.calls;
  }
  expect(core.state.log.lastIndex).toBe(9999);
  return found;
}

describe.each(storages)('on %s', (_where, make) => {
  describe.each(roles)('a %s', (role) => {
    test('writes the same for an entry, however long its log is', () => {
      const all = costs(make, role, Infinity);

      expect(all).toHaveLength(9);
      expect(all.filter(({ bytes, calls }) => bytes !== all[0]!.bytes || calls !== all[0]!.calls))
        // A record of an entry and its two checksums.
        .toEqual([]);
      expect(all[0]!.bytes).toBeLessThan(60 * 1000);
    });

    test('writes the same between two snapshots, however many there were', () => {
      const all = costs(make, role, 100);

      expect(new Set(all.map(({ bytes }) => bytes)).size).toBe(1);
      expect(new Set(all.map(({ calls }) => calls)).size).toBe(1);
      // Ten snapshots with no entry after them.
      expect(all[0]!.bytes).toBeLessThan(70 * 1000);
    });
  });
});
