import { describe, expect, test } from 'vitest';
import { UNKNOWN, type Env, type LaterReply, type Peer } from '../sim/index.ts';
import { type ApplyMessage, CommandTooLarge, type Raft } from './contract.ts';
import { rules } from './core/rules.ts';
import { ports } from './ports.ts';
import { raftOf } from './server.ts';
import { DamagedState } from './storage/record.ts';
import { MemoryPersister } from './testing/memory-persister.ts';

interface Sent {
  readonly at: number;
  readonly to: number;
  readonly method: string;
  readonly args: { readonly term: number };
  readonly done: (reply: unknown) => void;
}

/** One server of three, with a clock and a network that are worked by hand. */
class Bench {
  now = 0;
  /** How far the clock of the server is set off; its timers do not mind. */
  clockOff = 0;
  readonly sent: Sent[] = [];
  readonly applied: ApplyMessage[] = [];
  readonly persister = new MemoryPersister();
  /** Writes that are not yet durable, if the disk is slow. */
  readonly unwritten: (() => void)[] = [];
  private timers: { readonly at: number; readonly fn: () => void }[] = [];
  raft!: Raft;

  boot(isDiskSlow = false): this {
    this.timers = [];
    const persist: typeof ports.persist = (_env, storage, changes, whole, done) => {
      if (isDiskSlow) this.unwritten.push(() => storage.persist(changes, whole, done));
      else storage.persist(changes, whole, done);
    };
    const make = raftOf({ rules, ports: { ...ports, persist } });
    const env = {
      now: () => this.now + this.clockOff,
      random: { between: (from: number) => from },
      setTimer: (ms: number, fn: () => void) => this.timers.push({ at: this.now + ms, fn }),
    };
    const peers = [0, 1, 2].map((to) => ({
      request: (method: string, args: Sent['args'], done: Sent['done']) =>
        this.sent.push({ at: this.now, to, method, args, done }),
    }));
    const apply = (message: ApplyMessage): undefined => void this.applied.push(message);
    const all = peers as unknown as Peer[];
    this.raft = make(env as unknown as Env, all, 0, this.persister, apply);
    return this;
  }

  /** Let time pass. */
  until(at: number): void {
    for (;;) {
      const due = this.timers.filter((timer) => timer.at <= at).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers.splice(this.timers.indexOf(due), 1);
      this.now = due.at;
      due.fn();
    }
    this.now = at;
  }

  /** Time out, and get a vote. */
  elect(): void {
    this.until(400);
    const { args, done } = this.sent.find(({ method }) => method === 'RequestVote')!;
    done({ term: args.term, voteGranted: true });
  }

  handle(method: string, args: unknown): unknown {
    return this.raft.handlers[method]!(args as never);
  }
}

const heartbeat = { leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 };

describe('time', () => {
  test('an election begins when nothing was heard for the time-out', () => {
    const bench = new Bench().boot();
    bench.until(399);
    expect(bench.sent).toEqual([]);
    bench.until(400);
    expect(bench.sent).toMatchObject([{ to: 1, method: 'RequestVote' }, { to: 2 }]);
    bench.until(800);
    expect(bench.sent.map(({ at, args }) => [at, args.term])).toEqual([
      [400, 1],
      [400, 1],
      [800, 2],
      [800, 2],
    ]);
  });

  test('a heartbeat of the leader puts it off', () => {
    const bench = new Bench().boot();
    bench.until(300);
    expect(bench.handle('AppendEntries', { term: 1, ...heartbeat })).toMatchObject({
      success: true,
    });
    bench.until(699);
    expect(bench.sent).toEqual([]);
    bench.until(700);
    expect(bench.sent).toHaveLength(2);
  });

  test.each([60_000, 500])('a clock set back by %d ms puts it off by no more than that', (ms) => {
    const bench = new Bench().boot();
    bench.clockOff = ms;
    bench.until(300);
    bench.handle('AppendEntries', { term: 1, ...heartbeat });
    bench.clockOff = 0;
    bench.until(1100);
    expect(bench.sent[0]).toMatchObject({ method: 'RequestVote' });
    expect(bench.sent[0]!.at).toBeLessThanOrEqual(700 + Math.min(ms, 400));
  });

  test('a leader sends heartbeats every 100 ms, until it is none any more', () => {
    const bench = new Bench().boot();
    bench.elect();
    bench.until(720);
    const beats = bench.sent.filter(({ method, to }) => method === 'AppendEntries' && to === 1);
    expect(beats.map(({ at }) => at)).toEqual([400, 500, 600, 700]);
    bench.handle('AppendEntries', { term: 2, ...heartbeat });
    bench.until(1100);
    expect(bench.sent.filter(({ at }) => at > 720)).toEqual([]);
  });

  test('a leader of a new term does not inherit the heartbeats of the old one', () => {
    const bench = new Bench().boot();
    bench.elect();
    bench.handle('AppendEntries', { term: 2, ...heartbeat });
    bench.sent.length = 0;
    bench.until(800);
    const { args, done } = bench.sent[0]!;
    done({ term: args.term, voteGranted: true });
    bench.until(1050);
    const beats = bench.sent.filter(({ method, to }) => method === 'AppendEntries' && to === 1);
    expect(beats.map(({ at }) => at)).toEqual([800, 900, 1000]);
  });
});

describe('a command', () => {
  test('is refused if it is larger than the limit, by a follower, too', () => {
    const bench = new Bench().boot();
    const largest = 'x'.repeat((1 << 20) - 2);
    expect(bench.raft.start(largest)).toMatchObject({ isLeader: false });
    expect(() => bench.raft.start(`${largest}x`)).toThrow(CommandTooLarge);
    bench.elect();
    const stateSize = bench.persister.stateSize();
    expect(() => bench.raft.start(`${largest}x`)).toThrow(
      'the command has 1048577 bytes; at most 1048576 are accepted',
    );
    expect(bench.persister.stateSize()).toBe(stateSize);
    expect(bench.raft.start(largest)).toEqual({ index: 1, term: 1, isLeader: true });
  });

  test('is applied when a majority has it', () => {
    const bench = new Bench().boot();
    bench.elect();
    expect(bench.raft.getState()).toEqual({ term: 1, isLeader: true, leader: 0 });
    bench.raft.start('x');
    expect(bench.applied).toEqual([]);
    bench.sent.at(-1)!.done({ term: 1, success: true });
    expect(bench.applied).toEqual([{ kind: 'command', index: 1, command: 'x' }]);
    expect(bench.raft.view!()).toMatchObject({ commitIndex: 1, lastApplied: 1 });
  });
});

describe('what a step wants done waits for the disk', () => {
  test('requests', () => {
    const bench = new Bench().boot(true);
    bench.until(400);
    expect(bench.sent).toEqual([]);
    bench.unwritten.shift()!();
    expect(bench.sent).toHaveLength(2);
  });

  test('answers, and those that promise the same again', () => {
    const bench = new Bench().boot(true);
    const ask = { term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0 };
    const answers = [bench.handle('RequestVote', ask), bench.handle('RequestVote', ask)];
    const given: unknown[] = [];
    for (const answer of answers) (answer as LaterReply).whenAnswered((reply) => given.push(reply));
    expect(given).toEqual([]);
    bench.unwritten.shift()!();
    const granted = { term: 1, voteGranted: true };
    expect(given).toEqual([granted, granted]);
    // With a disk at rest an answer is there at once.
    expect(bench.handle('RequestVote', ask)).toEqual(granted);
  });

  test('and the leader counts itself only then', () => {
    const bench = new Bench().boot(true);
    bench.until(400);
    bench.unwritten.shift()!();
    const { done } = bench.sent[0]!;
    done({ term: 1, voteGranted: true });
    bench.raft.start('x');
    expect(bench.raft.view!().commitIndex).toBe(0);
    bench.unwritten.shift()!();
    bench.sent.at(-1)!.done({ term: 1, success: true });
    expect(bench.applied).toHaveLength(1);
  });
});

describe('a crash', () => {
  test('leaves the term, the vote, the log and the snapshot', () => {
    const bench = new Bench().boot();
    bench.elect();
    for (const command of ['x', 'y']) {
      bench.raft.start(command);
      const { done } = bench.sent.findLast(({ to }) => to === 1)!;
      done({ term: 1, success: true });
    }
    bench.raft.snapshot(1, 'x');
    bench.boot();
    const view = bench.raft.view!();
    expect(view).toMatchObject({ role: 'follower', currentTerm: 1, votedFor: 0, lastApplied: 1 });
    expect(view.log).toMatchObject({ snapshotIndex: 1, snapshotTerm: 1, lastIndex: 2 });
    expect(view.log.command(2)).toBe('y');
    expect(bench.persister.readSnapshot()).toBe('x');
  });

  test('and damage: the server does not start', () => {
    const bench = new Bench().boot();
    bench.elect();
    bench.persister.state = bench.persister.state.replace('[1,0]', '[0,0]');
    expect(() => bench.boot()).toThrow(DamagedState);
    expect(() => bench.boot()).toThrow('raft state: record 1 does not match its checksum');
  });
});

describe('a request whose arguments are no record', () => {
  const methods = ['RequestVote', 'AppendEntries', 'InstallSnapshot'];
  const nonsense = [undefined, null, 7, 'term 9', true, [{ term: 9 }]];

  test.each(methods)('is none of %s: it is unknown, and changes nothing', (method) => {
    const bench = new Bench().boot();

    expect(nonsense.map((args) => bench.handle(method, args))).toEqual(nonsense.map(() => UNKNOWN));
    expect(bench.raft.getState()).toEqual({ term: 0, isLeader: false });
    expect(bench.persister.state).toBe('');
  });
});
