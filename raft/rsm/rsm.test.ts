import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type Env } from '../../sim/index.ts';
import { CommandTooLarge } from '../contract.ts';
import { ListMachine } from '../testing/list-machine.ts';
import { MemoryPersister } from '../testing/memory-persister.ts';
import { ScriptedRaft } from '../testing/scripted-raft.ts';
import type { Rsm, SubmitResult } from './contract.ts';
import { makeRsm } from './rsm.ts';

/** One replica on a scripted Raft, in a world that proves that it leaves no promise behind. */
class Bench {
  readonly raft = new ScriptedRaft();
  readonly machine = new ListMachine();
  readonly persister = new MemoryPersister();
  maxRaftState = -1;
  rsm!: Rsm;
  env!: Env;
  /** What requests were answered, and when. */
  readonly answers: (readonly [name: string, result: SubmitResult, atMs: number])[] = [];

  /** Run a script, and see that nothing fails. */
  async run(script: () => void): Promise<this> {
    const world = new World(1, { host: nodeHost(), isStrict: true });
    world.addNode(
      's0',
      (env) => {
        this.env = env;
        const { persister, maxRaftState, raft } = this;
        const host = { peers: [], me: 0, persister, maxRaftState, makeRaft: raft.make };
        this.rsm = makeRsm(env, host, this.machine);
        script();
      },
      { isSynchronous: true },
    );
    await world.run({ untilMs: 10_000 });
    if (world.failure !== undefined) throw new Error(world.failure.message);
    return this;
  }

  at(ms: number, fn: () => void): void {
    this.env.setTimer(ms - this.env.now(), fn);
  }

  propose(name: string): void {
    const done = (result: SubmitResult): void => {
      this.answers.push([name, result, this.env.now()]);
    };
    this.rsm.propose!(name, done);
  }
}

const wrongLeader = (isMaybe: boolean, leader?: number): SubmitResult => ({
  err: 'ErrWrongLeader',
  isMaybe,
  leader,
});

describe('a request', () => {
  test('is answered with its result and index when it has been carried out here', async () => {
    const bench = new Bench();
    const { answers, raft } = await bench.run(() => {
      bench.propose('a');
      bench.propose('b');
      expect(bench.answers).toEqual([]);
      bench.at(10, () => bench.raft.commit(1));
      bench.at(20, () => bench.raft.commit(2));
    });
    expect(answers).toEqual([
      ['a', { err: 'OK', result: '1: a', index: 1 }, 10],
      ['b', { err: 'OK', result: '2: a b', index: 2 }, 20],
    ]);
    expect(raft.log).toHaveLength(3);
  });

  test('is refused at once by a server that does not lead, which says who may', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => {
      bench.raft.depose(2);
      bench.propose('a');
      expect(bench.answers).toHaveLength(1);
    });
    expect(answers).toEqual([['a', wrongLeader(false, 2), 0]]);
  });

  test('that Raft does not take is an error, and nobody waits for it', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => {
      bench.raft.error = new CommandTooLarge(2, 1);
      expect(() => bench.propose('a')).toThrow(CommandTooLarge);
      bench.raft.error = undefined;
      bench.propose('b');
      bench.raft.commit(1);
      bench.at(1000, () => bench.raft.depose());
    });
    expect(answers.map(([name, { err }]) => [name, err])).toEqual([['b', 'OK']]);
  });

  test('whose place another one takes is gone for good, though the index is its own', async () => {
    const bench = new Bench();
    const { answers, machine } = await bench.run(() => {
      bench.propose('a');
      bench.at(10, () => bench.raft.depose(1));
      bench.at(20, () => bench.raft.commitOther(1, { id: 's1.1.0', request: 'theirs' }));
    });
    expect(machine.items).toEqual(['theirs']);
    expect(answers).toEqual([['a', wrongLeader(false, 1), 20]]);
  });

  test('of the same words is still another one', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => {
      bench.propose('a');
      bench.at(20, () => bench.raft.commitOther(1, { id: 's1.1.0', request: 'a' }));
    });
    expect(answers).toEqual([['a', wrongLeader(false, 0), 20]]);
  });

  test('is given up within 50 ms of the loss of leadership, and may still happen', async () => {
    const bench = new Bench();
    const { answers, machine } = await bench.run(() => {
      bench.propose('a');
      bench.at(130, () => bench.raft.depose(2));
      // It was replicated, and the next leader commits it: too late for an answer.
      bench.at(400, () => bench.raft.commit(1));
    });
    expect(answers).toEqual([['a', wrongLeader(true, 2), 150]]);
    expect(machine.items).toEqual(['a']);
  });

  test('is given up though the server leads again, since it leads another term', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => {
      bench.propose('a');
      bench.at(10, () => bench.raft.depose(2));
      bench.at(20, () => bench.raft.elect());
    });
    expect(answers).toEqual([['a', wrongLeader(true, 0), 50]]);
  });

  test('waits for as long as the server leads, if nothing is committed', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => bench.propose('a'));
    expect(answers).toEqual([]);
  });

  test('waits beside a later one at its index, and each is answered as it deserves', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => {
      bench.propose('early');
      bench.at(10, () => {
        bench.raft.depose(2);
        bench.raft.elect();
        // The entry of the old term was replaced meanwhile.
        bench.raft.lastIndex = 0;
        bench.propose('late');
        bench.raft.commit(1);
      });
    });
    expect(answers).toEqual([
      ['early', wrongLeader(false, 0), 10],
      ['late', { err: 'OK', result: '1: late', index: 1 }, 10],
    ]);
  });

  test('may be made by whoever is just answered', async () => {
    const bench = new Bench();
    const { answers } = await bench.run(() => {
      bench.rsm.propose!('a', () => {
        bench.propose('b');
        bench.raft.commit(2);
      });
      bench.raft.commit(1);
    });
    expect(answers).toEqual([['b', { err: 'OK', result: '2: a b', index: 2 }, 0]]);
  });

  test('of another life of the server is not taken for one of this life', async () => {
    const ids = [];
    for (const crashes of [0, 1]) {
      const raft = new ScriptedRaft();
      const world = new World(1, { host: nodeHost() });
      world.addNode('s0', (env) => {
        const persister = new MemoryPersister();
        const host = { peers: [], me: 0, persister, maxRaftState: -1, makeRaft: raft.make };
        const rsm = makeRsm(env, host, new ListMachine());
        for (const name of ['a', 'b']) rsm.propose!(name, () => {});
      });
      for (let i = 0; i < crashes; i++) {
        await world.run({ untilMs: 1 });
        world.crash('s0');
        raft.lastIndex = 0;
        world.restart('s0');
      }
      await world.run({ untilMs: 2 });
      ids.push(...raft.log.slice(1).map((entry) => (entry as { id: string }).id));
    }
    expect(new Set(ids).size).toBe(4);
  });
});

describe('a snapshot from the leader', () => {
  test('replaces the state, and leaves open what became of requests it covers', async () => {
    const bench = new Bench();
    const { answers, machine, raft } = await bench.run(() => {
      for (const name of ['a', 'b', 'c']) bench.propose(name);
      bench.raft.install(2, '2 ["x","y"]');
      bench.at(1, () => bench.raft.commit(3));
    });
    expect(machine.items).toEqual(['x', 'y', 'c']);
    expect(answers).toEqual([
      ['a', wrongLeader(true, 0), 0],
      ['b', wrongLeader(true, 0), 0],
      ['c', { err: 'OK', result: '3: x y c', index: 3 }, 1],
    ]);
    expect(raft.snapshots).toEqual([]);
  });

  test('that is no newer than the state is not restored', async () => {
    const bench = new Bench();
    const { machine } = await bench.run(() => {
      for (const name of ['a', 'b']) bench.propose(name);
      bench.raft.commit(1);
      bench.raft.commit(2);
      bench.raft.install(1, '1 ["a"]');
      bench.raft.install(2, '2 ["?","?"]');
    });
    expect(machine.items).toEqual(['a', 'b']);
  });
});

describe('snapshots of its own', () => {
  test.each([
    { maxRaftState: 100, sizes: [50, 99, 100, 40, 150], at: [3, 5] },
    { maxRaftState: 0, sizes: [0, 1, 2], at: [1, 2, 3] },
    { maxRaftState: -1, sizes: [0, 1_000_000], at: [] },
  ])(
    'are taken when the state is $maxRaftState bytes long',
    async ({ maxRaftState, sizes, at }) => {
      const bench = new Bench();
      bench.maxRaftState = maxRaftState;
      const { raft } = await bench.run(() => {
        for (const [i, size] of sizes.entries()) {
          bench.propose(`r${i}`);
          bench.at(i + 1, () => {
            bench.persister.state = 'x'.repeat(size);
            bench.raft.commit(i + 1);
          });
        }
      });
      expect(raft.snapshots.map(({ index }) => index)).toEqual(at);
      for (const { index, snapshot } of raft.snapshots) {
        const items = sizes.slice(0, index).map((_size, i) => `r${i}`);
        expect(snapshot).toBe(`${index} ${JSON.stringify(items)}`);
      }
    },
  );

  test('are there before anything else when the server starts again', async () => {
    const bench = new Bench();
    bench.persister.snapshot = '12 ["a","b"]';
    const read: unknown[] = [];
    const { answers, machine } = await bench.run(() => {
      expect(bench.machine.items).toEqual(['a', 'b']);
      bench.rsm.readAt!(12, 'how many', (count) => read.push(count));
      bench.raft.lastIndex = 12;
      bench.propose('c');
      bench.raft.install(12, '12 []');
      bench.raft.commit(13);
    });
    expect(read).toEqual([2]);
    expect(machine.items).toEqual(['a', 'b', 'c']);
    expect(answers[0]?.[1]).toMatchObject({ err: 'OK', index: 13 });
  });
});

test('a state machine that fails ends the run, with server, index and command', async () => {
  const raft = new ScriptedRaft();
  const world = new World(1, { host: nodeHost() });
  const machine = new ListMachine();
  machine.doOp = () => {
    throw new Error('out of order');
  };
  world.addNode('s0', (env) => {
    const persister = new MemoryPersister();
    const host = { peers: [], me: 0, persister, maxRaftState: -1, makeRaft: raft.make };
    makeRsm(env, host, machine).propose!({ op: 'frob' }, () => {});
    raft.commit(1);
  });
  await world.run();
  expect(world.failure).toMatchObject({ kind: 'crash', node: 's0' });
  expect(world.failure?.message).toBe(
    'StateMachineError: the state machine of s0 fails at index 1 on {"op":"frob"}: out of order',
  );
});

test('handlers and state are those of its Raft', async () => {
  const bench = new Bench();
  await bench.run(() => {
    expect(bench.rsm.getState()).toEqual({ term: 1, isLeader: true, leader: 0 });
    expect(bench.rsm.handlers['RequestVote']!({} as never)).toBe('a vote');
  });
});

test('on a Raft that has promises each message is waited for, and submit promises', async () => {
  const raft = new ScriptedRaft(false);
  const world = new World(1, { host: nodeHost() });
  let result: unknown;
  let wasRejected = false;
  world.addNode('s0', async (env) => {
    const persister = new MemoryPersister();
    const host = { peers: [], me: 0, persister, maxRaftState: -1, makeRaft: raft.make };
    const machine = new ListMachine();
    const rsm = makeRsm(env, host, machine);
    const submitted = rsm.submit('a');
    await raft.apply({ kind: 'command', index: 1, command: raft.log[1] });
    expect(machine.items).toEqual(['a']);
    result = await submitted;
    raft.error = new CommandTooLarge(2, 1);
    await rsm.submit('b').catch(() => (wasRejected = true));
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  expect(result).toEqual({ err: 'OK', result: '1: a', index: 1 });
  expect(wasRejected).toBe(true);
});
