import { describe, expect, test } from 'vitest';
import type { AppendEntriesArgs } from '../core/messages.ts';
import {
  answered,
  candidate,
  follower,
  leader,
  log,
  persisted,
  sent,
  started,
  termsOf,
  voted,
} from '../testing/build.ts';

describe('§5.3: a leader', () => {
  test('appends a command to its log, and sends it to all others', () => {
    const core = leader({ entries: log(1) });
    const effects = core.step({ type: 'Start', command: 'x' });
    const entries = [{ term: 2, command: 'x' }];
    expect(effects.started).toEqual({ index: 2, term: 2, isLeader: true });
    expect(effects.persist).toMatchObject({ log: { from: 2, entries }, vote: undefined });
    const args = {
      term: 2,
      leaderId: 0,
      prevLogIndex: 1,
      prevLogTerm: 1,
      entries,
      leaderCommit: 0,
    };
    expect(effects.requests).toEqual([1, 2].map((to) => ({ to, method: 'AppendEntries', args })));
  });

  test.each([
    ['follower', follower],
    ['candidate', candidate],
  ])('is the only one to do so: a %s drops the command', (_role, make) => {
    const effects = make().step({ type: 'Start', command: 'x' });
    expect(effects.started).toMatchObject({ isLeader: false });
    expect(effects).toMatchObject({ persist: undefined, requests: [] });
  });

  test('sends what came since when entries are answered, and does not send them twice', () => {
    const core = leader();
    started(core, 'x');
    expect(started(core, 'y').requests).toEqual([]);
    const { requests } = answered(core, 1, { entries: [{ term: 1, command: 'x' }] });
    const entries = [{ term: 1, command: 'y' }];
    expect(requests).toMatchObject([{ to: 1, args: { prevLogIndex: 1, prevLogTerm: 1, entries } }]);
    const rest = answered(core, 1, { prevLogIndex: 1, entries });
    expect(rest.requests).toEqual([]);
  });

  test('retries for ever: the next heartbeat brings what was lost', () => {
    const core = leader();
    started(core, 'x');
    const { term } = core.state.log.from(1)[0]!;
    for (let time = 0; time < 3; time++) {
      core.step({
        type: 'Reply',
        from: 1,
        method: 'AppendEntries',
        args: { term, leaderId: 0, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0 },
        reply: undefined,
      });
      const { requests } = core.step({ type: 'HeartbeatTimeout' });
      expect(requests[0]).toMatchObject({ to: 1, args: { entries: [{ command: 'x' }] } });
    }
  });

  test('sends nothing on account of an answer while more is under way, or none would end', () => {
    const core = leader();
    started(core, 'x');
    started(core, 'y');
    // It carries both, since nothing is acknowledged yet.
    core.step({ type: 'HeartbeatTimeout' });
    started(core, 'z');
    const [x, y, z] = ['x', 'y', 'z'].map((command) => ({ term: 1, command }));
    expect(answered(core, 1, { entries: [x!] }).requests).toEqual([]);
    const { requests } = answered(core, 1, { entries: [x!, y!] });
    expect(requests).toMatchObject([{ to: 1, args: { prevLogIndex: 2, entries: [z] } }]);
    expect(answered(core, 1, { entries: [] }).requests).toEqual([]);
  });

  test('sends at most a hundred entries at a time', () => {
    const core = leader({ entries: log(...Array<number>(250).fill(1)) });
    const refused = { success: false, conflictTerm: 0, conflictIndex: 1 };
    const first = answered(core, 1, { prevLogIndex: 250 }, refused).requests[0]!;
    expect(first).toMatchObject({ args: { prevLogIndex: 0 } });
    const { entries } = first.args as AppendEntriesArgs;
    expect(entries).toHaveLength(100);
    const next = answered(core, 1, { entries }).requests[0]!;
    expect(next).toMatchObject({ args: { prevLogIndex: 100 } });
  });

  test('knows only what a request has brought, whatever its log has become since', () => {
    const core = leader();
    started(core, 'x');
    started(core, 'y');
    answered(core, 1, { entries: [{ term: 1, command: 'x' }] });
    expect(core.state.progress[1]).toMatchObject({ matchIndex: 1, nextIndex: 2 });
    expect(core.state.commitIndex).toBe(1);
    answered(core, 2, {});
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 0 });
  });

  test('does not forget what a follower has for an old reply', () => {
    const core = leader();
    started(core, 'x');
    started(core, 'y');
    answered(core, 1, { entries: log(1, 1) });
    for (const reply of [{}, { success: false, conflictTerm: 0, conflictIndex: 1 }]) {
      expect(answered(core, 1, {}, reply).requests).toEqual([]);
      expect(core.state.progress[1]).toMatchObject({ matchIndex: 2, nextIndex: 3 });
    }
    const refusal = { success: false, conflictTerm: 0, conflictIndex: 1 };
    expect(answered(core, 1, { prevLogIndex: 2 }, refusal).requests).toEqual([]);
  });

  test('minds no reply to what it sent in an earlier term', () => {
    const core = leader({ currentTerm: 3, entries: log(1, 1) });
    const args = { term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: log(1) };
    answered(core, 1, args, { term: 2 });
    answered(core, 2, args, { term: 2, success: false, conflictTerm: 0, conflictIndex: 1 });
    expect(core.state.progress[1]).toMatchObject({ matchIndex: 0, nextIndex: 3 });
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 0, nextIndex: 3 });
  });

  test('minds no reply when it is none any more', () => {
    const core = leader();
    started(core);
    sent(core, { term: 5, entries: [] });
    expect(answered(core, 1, { term: 1, entries: log(1) }, { term: 1 }).requests).toEqual([]);
    expect(core.state).toMatchObject({ commitIndex: 0, role: 'follower' });
  });

  test('Leader Append-Only: never deletes or overwrites an entry of its own log', () => {
    const core = leader({ entries: log(1, 1) });
    const before = core.state.log.from(1);
    started(core);
    answered(core, 1, { prevLogIndex: 2 }, { success: false, conflictTerm: 0, conflictIndex: 1 });
    core.step({ type: 'HeartbeatTimeout' });
    sent(core, { term: 1, entries: log(7, 7, 7) });
    expect(core.state.log.from(1, 2)).toEqual(before);
  });

  const conflicts: [what: string, term: number, index: number, next: number][] = [
    ['whose log is shorter', 0, 3, 3],
    ['with a term that the leader has: after its own last entry of it', 2, 3, 5],
    ['with a term that the leader has not: to its first entry of it', 3, 4, 4],
    ['with a term before all', 0, 1, 1],
  ];
  test.each(conflicts)('backs up over a term for a follower %s', (_what, term, index, next) => {
    const core = leader({ entries: log(1, 2, 2, 2, 4, 4, 4) });
    const reply = { success: false, conflictTerm: term, conflictIndex: index };
    const { requests } = answered(core, 1, { prevLogIndex: 7, prevLogTerm: 4 }, reply);
    expect(core.state.progress[1]).toMatchObject({ nextIndex: next, matchIndex: 0 });
    const prevLogIndex = next - 1;
    const entries = core.state.log.from(next);
    const prevLogTerm = core.state.log.term(prevLogIndex);
    expect(requests).toMatchObject([{ to: 1, args: { prevLogIndex, prevLogTerm, entries } }]);
  });

  test('always backs up by one entry at least, and not below what it knows of', () => {
    const core = leader({ entries: log(1, 2, 2, 2, 2) });
    const own = { success: false, conflictTerm: 2, conflictIndex: 2 };
    answered(core, 1, { prevLogIndex: 4 }, own);
    expect(core.state.progress[1]!.nextIndex).toBe(4);
    answered(core, 2, { prevLogIndex: 0, entries: log(1, 2) });
    answered(core, 2, { prevLogIndex: 5 }, { success: false, conflictTerm: 0, conflictIndex: 1 });
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 2, nextIndex: 3 });
  });
});

describe('§5.3, §5.4.2: a leader commits', () => {
  test('an entry of its term once a majority has it, and all before it', () => {
    const core = leader({ size: 5, entries: log(1, 2) });
    started(core, 'x');
    const args = { prevLogIndex: 2, prevLogTerm: 2, entries: [{ term: 3, command: 'x' }] };
    expect(answered(core, 1, args)).toMatchObject({ apply: [] });
    expect(answered(core, 2, args).apply).toEqual([
      { kind: 'command', index: 1, command: 'a1' },
      { kind: 'command', index: 2, command: 'b2' },
      { kind: 'command', index: 3, command: 'x' },
    ]);
    expect(core.state).toMatchObject({ commitIndex: 3, lastApplied: 3 });
    expect(answered(core, 3, args).apply).toEqual([]);
  });

  test('no entry of an older term by counting replicas', () => {
    const core = leader({ entries: log(1, 2) });
    const both = { entries: log(1, 2) };
    expect([answered(core, 1, both), answered(core, 2, both)]).toMatchObject([
      { apply: [] },
      { apply: [] },
    ]);
    expect(core.state.commitIndex).toBe(0);
  });

  test('by the highest entry that a majority has, not by the highest of all', () => {
    const core = leader({ size: 5 });
    for (const command of ['x', 'y', 'z']) started(core, command);
    answered(core, 1, { entries: log(1, 1, 1) });
    answered(core, 2, { entries: log(1) });
    expect(core.state.commitIndex).toBe(1);
    answered(core, 3, { entries: log(1, 1) });
    expect(core.state.commitIndex).toBe(2);
  });

  test('with its own log only as far as that is durable', () => {
    const core = leader();
    core.step({ type: 'Start', command: 'x' });
    answered(core, 1, { entries: log(1) });
    expect(core.state.commitIndex).toBe(0);
    expect(persisted(core).apply).toHaveLength(1);
    // Of an earlier term, or not a leader's, it says nothing.
    core.step({ type: 'Start', command: 'y' });
    answered(core, 1, { prevLogIndex: 1, entries: log(1) });
    core.step({ type: 'Persisted', lastIndex: 2, term: 0 });
    expect(core.state.commitIndex).toBe(1);
    core.step({ type: 'Persisted', lastIndex: 2, term: 1 });
    core.step({ type: 'Persisted', lastIndex: 1, term: 1 });
    expect(core.state.progress[0]!.matchIndex).toBe(2);
    expect(core.state.commitIndex).toBe(2);
    sent(core, { term: 2, entries: log(1, 1) });
    core.step({ type: 'Persisted', lastIndex: 2, term: 2 });
    expect(core.state.role).toBe('follower');
  });

  test('nothing by what it knew of others when it led before', () => {
    const core = leader();
    started(core, 'x');
    started(core, 'y');
    answered(core, 1, { entries: log(1, 1) });
    const next = { term: 2, prevLogIndex: 2, prevLogTerm: 1, entries: log(1, 1, 2).slice(2) };
    sent(core, next);
    core.state.progress.forEach((each) => (each.matchIndex = 3));
    expect(persisted(core).apply).toEqual([]);
    expect(core.state.commitIndex).toBe(2);
  });

  test('and tells the followers with what it sends next', () => {
    const core = leader();
    started(core);
    answered(core, 1, { entries: log(1) });
    const { requests } = core.step({ type: 'HeartbeatTimeout' });
    expect(requests).toMatchObject([{ args: { leaderCommit: 1 } }, { args: { leaderCommit: 1 } }]);
  });

  test('alone, as soon as its entry is durable', () => {
    const core = leader({ size: 1 });
    core.step({ type: 'Start', command: 'x' });
    expect(core.state.commitIndex).toBe(0);
    expect(persisted(core).apply).toEqual([{ kind: 'command', index: 1, command: 'x' }]);
  });
});

describe('§5.3, Figure 2: a receiver of AppendEntries', () => {
  test('refuses if it has no entry at prevLogIndex, and says where its log ends', () => {
    const core = follower({ entries: log(1, 1) });
    const { reply, persist } = sent(core, { prevLogIndex: 3, prevLogTerm: 1, entries: log(1) });
    expect(reply).toEqual({ term: 1, success: false, conflictTerm: 0, conflictIndex: 3 });
    expect(persist).toBeUndefined();
    expect(termsOf(core)).toEqual([1, 1]);
  });

  test('refuses if that entry has another term, and says which, and where it begins', () => {
    const core = follower({ entries: log(1, 2, 2, 2) });
    const { reply } = sent(core, { term: 5, prevLogIndex: 4, prevLogTerm: 4, entries: log(5) });
    expect(reply).toEqual({ term: 5, success: false, conflictTerm: 2, conflictIndex: 2 });
    expect(termsOf(core)).toEqual([1, 2, 2, 2]);
    expect(core.state.commitIndex).toBe(0);
  });

  test('refuses a heartbeat like any other request', () => {
    const core = follower({ entries: log(1, 1) });
    const { reply } = sent(core, { term: 5, prevLogIndex: 2, prevLogTerm: 4, leaderCommit: 2 });
    expect(reply).toMatchObject({ success: false });
    expect(core.state.commitIndex).toBe(0);
  });

  const merges: [what: string, prev: number, terms: number[], after: number[], from?: number][] = [
    ['appends what is new', 3, [4, 4], [1, 1, 2, 4, 4], 4],
    ['appends only what is new', 1, [1, 2, 4], [1, 1, 2, 4], 4],
    ['deletes an entry that conflicts, and all that follow it', 1, [3], [1, 3], 2],
    ['deletes from the conflict on, not before', 1, [1, 3, 3], [1, 1, 3, 3], 3],
    ['deletes nothing without a conflict, however old the request', 0, [1, 1], [1, 1, 2]],
    ['does nothing for a heartbeat', 2, [], [1, 1, 2]],
  ];
  test.each(merges)('%s', (_what, prevLogIndex, terms, after, from) => {
    const core = follower({ currentTerm: 5, entries: log(1, 1, 2) });
    const prevLogTerm = core.state.log.term(prevLogIndex)!;
    const entries = log(...Array<number>(prevLogIndex).fill(9), ...terms).slice(prevLogIndex);
    const { reply, persist } = sent(core, { term: 5, prevLogIndex, prevLogTerm, entries });
    expect(reply).toEqual({ term: 5, success: true });
    expect(termsOf(core)).toEqual(after);
    const written = from === undefined ? undefined : { from, entries: core.state.log.from(from) };
    expect(persist?.log).toEqual(written);
    const isCut = from !== undefined && from <= 3;
    expect(core.state.log.truncations).toBe(isCut ? 1 : 0);
  });

  test('commits up to leaderCommit, but not past the last new entry', () => {
    const commitWith = (leaderCommit: number, prevLogIndex: number, terms: number[]): number => {
      const core = follower({ entries: log(1, 1, 1, 1) });
      const entries = log(...terms);
      sent(core, { prevLogIndex, prevLogTerm: prevLogIndex === 0 ? 0 : 1, entries, leaderCommit });
      return core.state.commitIndex;
    };
    expect(commitWith(1, 0, [1, 1])).toBe(1);
    expect(commitWith(9, 0, [1, 1])).toBe(2);
    expect(commitWith(9, 3, [])).toBe(3);
    expect(commitWith(0, 4, [])).toBe(0);
  });

  test('never takes a commit back', () => {
    const core = follower({ entries: log(1, 1, 1) });
    sent(core, { prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 });
    for (const old of [{ leaderCommit: 1 }, { leaderCommit: 3, prevLogIndex: 1, prevLogTerm: 1 }]) {
      expect(sent(core, old).apply).toEqual([]);
      expect(core.state.commitIndex).toBe(3);
    }
  });

  test('applies each committed entry once, in the order of the log', () => {
    const core = follower({ entries: log(1, 1, 1) });
    const prev = { prevLogIndex: 3, prevLogTerm: 1 };
    const indices = [1, 1, 3].map((leaderCommit) =>
      sent(core, { ...prev, leaderCommit }).apply.map(({ index }) => index),
    );
    expect(indices).toEqual([[1], [], [2, 3]]);
    expect(core.state.lastApplied).toBe(3);
  });
});

test('§5.3: a leader that is elected twice begins anew with each', () => {
  const core = leader({ size: 3 });
  started(core);
  answered(core, 1, { entries: log(1) });
  sent(core, { term: 2, prevLogIndex: 1, prevLogTerm: 1 });
  core.step({ type: 'ElectionTimeout' });
  persisted(core);
  voted(core, 2);
  expect(core.state.progress[1]).toMatchObject({ matchIndex: 0, nextIndex: 2 });
});
