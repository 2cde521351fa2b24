import { describe, expect, test } from 'vitest';
import { GroupMachine, type GroupRequest } from './group-machine.ts';
import { groupRules } from './group-rules.ts';

/** With one shard every key is in shard 0. */
function machine(owned: readonly number[]): GroupMachine {
  return new GroupMachine(groupRules, { shards: 1, owned });
}
const put = (version: number, value = 'v'): GroupRequest => ({
  op: 'put',
  key: 'k',
  value,
  version,
});
const get: GroupRequest = { op: 'get', key: 'k' };
const freeze = (num: number): GroupRequest => ({ op: 'freezeShard', shard: 0, num });
const remove = (num: number): GroupRequest => ({ op: 'deleteShard', shard: 0, num });
const install = (num: number, state: string): GroupRequest => ({
  op: 'installShard',
  shard: 0,
  num,
  state,
});

function run(group: GroupMachine, ...requests: GroupRequest[]): unknown[] {
  return requests.map((request) => group.doOp(request));
}

describe('a shard that moves', () => {
  test('is served by the source until it is frozen, and by the destination from then on', () => {
    const [source, target] = [machine([0]), machine([])];

    expect(run(target, get)).toEqual([{ err: 'ErrWrongGroup' }]);
    run(source, put(0));
    const [frozen] = run(source, freeze(2)) as { state: string }[];
    expect(run(source, put(1), get)).toEqual([{ err: 'ErrWrongGroup' }, { err: 'ErrWrongGroup' }]);
    expect(run(target, install(2, frozen!.state), get, remove(2))).toEqual([
      { err: 'OK' },
      { err: 'OK', value: 'v', version: 1 },
      { err: 'ErrWrongGroup' },
    ]);
    expect(run(source, remove(2), get)).toEqual([{ err: 'OK' }, { err: 'ErrWrongGroup' }]);
  });

  test('every step may be repeated, and changes nothing the second time', () => {
    const [source, target] = [machine([0]), machine([])];
    run(source, put(0));
    const [frozen, again] = run(source, freeze(2), freeze(2)) as { state: string }[];
    expect(again).toEqual(frozen);

    run(target, install(2, frozen!.state), put(1, 'newer'));
    expect(run(target, install(2, frozen!.state), get)).toEqual([
      { err: 'OK' },
      { err: 'OK', value: 'newer', version: 2 },
    ]);
    run(source, remove(2));
    expect(run(source, remove(2), freeze(2))).toEqual([{ err: 'OK' }, { err: 'ErrDeleted' }]);
  });

  test('a state that comes in pieces is served when it is whole, also across a snapshot', () => {
    const source = machine([0]);
    run(source, put(0, 'a long value'));
    const [frozen] = run(source, freeze(2)) as { state: string }[];
    const { state } = frozen!;
    const piece = (index: number): GroupRequest => ({
      op: 'installShard',
      shard: 0,
      num: 2,
      state: state.slice(index * 10, index === 2 ? undefined : (index + 1) * 10),
      part: { index, of: 3 },
    });
    const first = machine([]);
    run(first, piece(0), piece(1), piece(0), piece(1));
    expect(run(first, get)).toEqual([{ err: 'ErrWrongGroup' }]);
    expect(() => run(machine([]), piece(1))).toThrow('expected piece 0 of a shard, got 1');
    const second = machine([]);
    second.restore(first.snapshot());

    expect(run(second, piece(2), get, piece(0), get)).toEqual([
      { err: 'OK' },
      { err: 'OK', value: 'a long value', version: 1 },
      { err: 'OK' },
      { err: 'OK', value: 'a long value', version: 1 },
    ]);
    expect(second.shards).toEqual([expect.not.objectContaining({ arriving: expect.anything() })]);
  });

  test('pieces of another configuration begin anew', () => {
    const group = machine([]);
    const piece = (num: number, index: number, state: string): GroupRequest => ({
      op: 'installShard',
      shard: 0,
      num,
      state,
      part: { index, of: 2 },
    });
    run(group, piece(2, 0, 'what was never finished'));

    expect(run(group, piece(3, 0, '[["k",'), piece(3, 1, '"new",1]]'), get)).toEqual([
      { err: 'OK' },
      { err: 'OK' },
      { err: 'OK', value: 'new', version: 1 },
    ]);
    expect(run(group, piece(2, 1, 'late'))).toEqual([{ err: 'ErrOldConfig', num: 3 }]);
  });

  test('pieces stay when the last deletion of the shard is asked for again', () => {
    const group = machine([0]);
    const piece = (index: number, state: string): GroupRequest => ({
      op: 'installShard',
      shard: 0,
      num: 3,
      state,
      part: { index, of: 2 },
    });
    run(group, freeze(2), remove(2), piece(0, '[["k",'));

    expect(run(group, remove(2), piece(1, '"new",1]]'), get)).toEqual([
      { err: 'OK' },
      { err: 'OK' },
      { err: 'OK', value: 'new', version: 1 },
    ]);
  });

  test('requests of an older configuration are refused, with the number they lag behind', () => {
    const group = machine([]);
    run(group, install(5, '[]'));
    const old = { err: 'ErrOldConfig', num: 5 };

    expect(run(group, freeze(4), install(4, '[["k","old",9]]'), remove(4))).toEqual([
      old,
      old,
      old,
    ]);
    expect(run(group, get)).toEqual([{ err: 'ErrNoKey', value: '', version: 0 }]);
    run(group, freeze(6), remove(6));
    expect(run(group, install(5, '[]'))).toEqual([{ err: 'ErrOldConfig', num: 6 }]);
  });

  test('what is frozen for one configuration is not deleted for another', () => {
    const group = machine([0]);
    run(group, put(0));
    const [frozen] = run(group, freeze(2));

    expect(run(group, remove(3), freeze(2))).toEqual([{ err: 'ErrWrongGroup' }, frozen]);
  });

  test('each change of status or number is counted, a snapshot included', () => {
    const group = machine([0]);
    const after = (...requests: GroupRequest[]): number => {
      run(group, ...requests);
      return group.changes;
    };

    expect([after(put(0), get), after(freeze(2)), after(freeze(2)), after(freeze(3))]).toEqual([
      0, 1, 1, 2,
    ]);
    group.restore(group.snapshot());
    expect(group.changes).toBe(3);
  });

  test('what was never here cannot be frozen, and what is served cannot be deleted', () => {
    expect(run(machine([]), freeze(2))).toEqual([{ err: 'ErrWrongGroup' }]);
    expect(run(machine([0]), remove(2), get)).toEqual([
      { err: 'ErrWrongGroup' },
      { err: 'ErrNoKey', value: '', version: 0 },
    ]);
  });
});

test('a snapshot holds keys, versions, ownership and numbers', () => {
  const source = new GroupMachine(groupRules, { shards: 3, owned: [0, 1, 2] });
  for (const key of 'abcdefghi') source.doOp({ op: 'put', key, value: `v${key}`, version: 0 });
  for (const shard of [0, 1]) source.doOp({ op: 'freezeShard', shard, num: 7 });
  source.doOp({ op: 'deleteShard', shard: 1, num: 7 });
  const other = new GroupMachine(groupRules, { shards: 3, owned: [0, 1, 2] });
  other.restore(source.snapshot());

  expect(other.shards).toEqual(source.shards);
  expect(other.shards.map(({ status, num }) => [status, num])).toEqual([
    ['frozen', 7],
    ['absent', 7],
    ['serving', 1],
  ]);
  expect(other.snapshot()).toBe(source.snapshot());
});

test('a put of a version that a key does not have writes nothing', () => {
  expect(run(machine([0]), put(3), get)).toEqual([
    { err: 'ErrNoKey' },
    { err: 'ErrNoKey', value: '', version: 0 },
  ]);
});

test('an unknown request, or one of a shard that there is not, is a bug of who sent it', () => {
  const group = machine([0]);

  expect(() => group.doOp({ op: 'joinGroup' })).toThrow('expected get, put, freezeShard');
  expect(() => group.doOp({ op: 'freezeShard', shard: 1, num: 2 })).toThrow(
    'expected a shard from 0 to 0, got 1',
  );
});
