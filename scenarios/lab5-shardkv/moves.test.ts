import { expect, test } from 'vitest';
import type { GroupClerk, InstallReply, Tried } from '../../shardkv/index.ts';
import { Moves } from './moves.ts';
import { StepsUnderWay } from './steps.ts';

/** What was counted and hit, in order. */
function counted(): { readonly moves: Moves; readonly seen: string[] } {
  const seen: string[] = [];
  const note = (name: string): void => void seen.push(name);
  return { moves: new Moves({ count: note, probe: note }), seen };
}

/** A user's way to a group, as a class. */
class Ours implements GroupClerk {
  private readonly reply: InstallReply;

  constructor(reply: InstallReply = { err: 'OK' }) {
    this.reply = reply;
  }

  get(): Promise<never> {
    return Promise.reject(new Error('get'));
  }

  put(): Promise<never> {
    return Promise.reject(new Error('put'));
  }

  freezeShard(): Promise<never> {
    return Promise.reject(new Error('freeze'));
  }

  deleteShard(): Promise<never> {
    return Promise.reject(new Error('delete'));
  }

  installShard({ num }: { readonly num: number }): Promise<Tried<InstallReply>> {
    if (num > 100) return Promise.reject(new Error('install'));
    return Promise.resolve({ reply: this.reply, sent: 1, failed: 0 });
  }
}

const MOVE = ['shards moved', 'a shard moved'];

test('a move is counted once, whoever tells of it; the first configuration is none', async () => {
  const { moves, seen } = counted();
  const install = { shard: 3, num: 2, state: '' };
  moves.add(1, 3, 1);
  expect(seen).toEqual([]);
  await moves.heard(2, new Ours()).installShard(install);
  await moves.heard(2, new Ours()).installShard(install);
  moves.add(2, 3, 2);
  expect(seen).toEqual(MOVE);
  moves.add(1, 3, 3);

  expect(seen).toEqual([...MOVE, ...MOVE, 'a shard came back']);
  expect(moves.shards).toBe(1);
});

test('what is refused, and all pieces but the last, are no moves', async () => {
  const { moves, seen } = counted();
  const install = { shard: 3, num: 2, state: '' };
  await moves.heard(2, new Ours({ err: 'ErrOldConfig', num: 3 })).installShard(install);
  await moves.heard(2, new Ours()).installShard({ ...install, part: { index: 0, of: 2 } });
  expect(seen).toEqual([]);
  await moves.heard(2, new Ours()).installShard({ ...install, part: { index: 1, of: 2 } });

  expect(seen).toEqual(MOVE);
});

test('a way to a group may be a class, and its errors are those of whoever asked', async () => {
  const heard = counted().moves.heard(2, new Ours());
  const args = { shard: 0, num: 101, state: '' };
  for (const way of [heard, new StepsUnderWay().watched(heard)]) {
    await expect(way.get('k')).rejects.toThrow('get');
    await expect(way.put({ key: 'k', value: '', version: 0 })).rejects.toThrow('put');
    await expect(way.freezeShard(args)).rejects.toThrow('freeze');
    await expect(way.deleteShard(args)).rejects.toThrow('delete');
    await expect(way.installShard(args)).rejects.toThrow('install');
  }
});
