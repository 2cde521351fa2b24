/** Our Raft on a disk of its own, in a small world. */
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import { World, type FaultAction } from '../sim/index.ts';
import type { ApplyMessage, Raft } from './contract.ts';
import type { Durable } from './core/state.ts';
import { makeRaft } from './server.ts';
import { diskPersister } from './storage/disk-persister.ts';
import { diskStorage, type StateDisk } from './storage/disk-storage.ts';

interface Seen {
  /** Commands that `start` has taken, and what was applied, as `index/term`. */
  readonly started: Map<string, Set<unknown>>;
  readonly applied: Map<string, Set<unknown>>;
  /** The lives in which a term was led. */
  readonly led: Map<number, Set<number>>;
}

function add<K, V>(sets: Map<K, Set<V>>, key: K, value: V): void {
  sets.set(key, (sets.get(key) ?? new Set<V>()).add(value));
}

/** What a server would find if a crash took away whatever it can. */
function durableOf(world: World, id: string): Durable {
  const { durable } = world.machine(id).disk;
  const disk = {
    list: () => [...durable.keys()],
    exists: () => false,
    read: (file: string) => durable.get(file)?.content,
  };
  return diskStorage(disk as unknown as StateDisk).recover();
}

/** A cluster of one on a slow disk, which is given commands all the time, and crashes. */
async function alone(seed: number, disk: string): Promise<Seen> {
  const faults: FaultAction[] = [
    { id: 'slow', kind: 'disk-slow', atMs: 0, node: 's0', extraMs: [1, 20] },
    // Some of them before its vote is durable, which takes 400-800 ms and two fsyncs.
    ...Array.from({ length: 6 }, (_, i): FaultAction => {
      const atMs = 1000 * i + 400 + ((seed * 37 + i * 101) % 500);
      return { id: `c${i}`, kind: 'crash', atMs, untilMs: atMs + 1, node: 's0' };
    }),
  ];
  const world = new World(seed, { host: nodeHost(), plan: { disk, faults }, isStrict: true });
  const seen: Seen = { started: new Map(), applied: new Map(), led: new Map() };
  let raft: Raft;
  world.addNode(
    's0',
    (env) => {
      const apply = (message: ApplyMessage): undefined => {
        const { index } = message;
        if (message.kind === 'command') {
          add(seen.applied, `${index}/${raft.view!().log.term(index)}`, message.command);
        }
        return undefined;
      };
      raft = makeRaft.onDisk!(env, [env.peer('s0')], 0, diskPersister(env), apply);
      const work = (n: number): void => {
        const { index, term, isLeader } = raft.start(`${env.incarnation}.${n}`);
        if (isLeader) {
          add(seen.started, `${index}/${term}`, `${env.incarnation}.${n}`);
          // What it leads it has voted for, and will find again.
          if (!seen.led.has(term)) expect(durableOf(world, 's0').currentTerm).toBe(term);
          add(seen.led, term, env.incarnation);
        }
        env.setTimer(5, () => work(n + 1));
      };
      work(0);
    },
    { isSynchronous: true },
  );
  await world.run({ untilMs: 7000 });
  expect(world.failure).toBeUndefined();
  return seen;
}

describe.each(['lossy', 'torn', 'reordered'])('a cluster of one (%s)', (disk) => {
  test(
    'leads no term before its vote is durable, so none in two lives',
    { timeout: 30_000 },
    async () => {
      let again = 0;
      let applied = 0;
      for (let seed = 1; seed <= 10; seed++) {
        const seen = await alone(seed, disk);
        for (const lives of seen.led.values()) expect(lives.size).toBe(1);
        // So no index and term come twice from start, applied or not.
        for (const commands of seen.started.values()) expect(commands.size).toBe(1);
        for (const [place, commands] of seen.applied) {
          expect([...commands]).toEqual([...(seen.started.get(place) ?? [])]);
        }
        again += new Set([...seen.led.values()].flatMap((lives) => [...lives])).size - 1;
        applied += seen.applied.size;
      }
      expect(again).toBeGreaterThan(20);
      expect(applied).toBeGreaterThan(1000);
    },
  );
});

test('what two of three have committed is durable on both, however slow their disks', async () => {
  const faults: FaultAction[] = ['s0', 's1'].map((node) => {
    return { id: `slow ${node}`, kind: 'disk-slow', atMs: 0, node, extraMs: [0, 30] };
  });
  const plan = { profile: 'steady', disk: 'lossy', faults };
  const world = new World(1, { host: nodeHost(), plan });
  const rafts = new Map<string, Raft>();
  const ids = ['s0', 's1', 's2'];
  // The third one is never there.
  for (const id of ['s0', 's1']) {
    world.addNode(
      id,
      (env) => {
        const peers = ids.map((peer) => env.peer(peer));
        const me = ids.indexOf(id);
        const raft = makeRaft.onDisk!(env, peers, me, diskPersister(env), () => undefined);
        rafts.set(id, raft);
        env.serve(raft.handlers);
        const work = (n: number): void => {
          raft.start(`${id}.${n}`);
          env.setTimer(7, () => work(n + 1));
        };
        work(0);
      },
      { isSynchronous: true },
    );
  }
  let committed = 0;
  let behind = 0;
  for (const id of ['s0', 's1']) {
    world.observe(id, () => {
      const { commitIndex, log } = rafts.get(id)!.view!();
      const durable = ['s0', 's1'].map((each) => durableOf(world, each).entries.length);
      expect(Math.min(...durable)).toBeGreaterThanOrEqual(commitIndex);
      committed = Math.max(committed, commitIndex);
      if (log.lastIndex > durable[ids.indexOf(id)]!) behind++;
    });
  }
  await world.run({ untilMs: 4000 });

  expect(world.failure).toBeUndefined();
  expect(committed).toBeGreaterThan(100);
  // There were entries to be counted too early.
  expect(behind).toBeGreaterThan(100);
});
