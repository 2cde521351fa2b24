import { describe, expect, test } from 'vitest';
import {
  answered,
  asked,
  candidate,
  follower,
  installed,
  leader,
  log,
  persisted,
  sent,
  started,
  voted,
} from '../testing/build.ts';

describe('§5.1: terms', () => {
  test('a server takes a larger term over that it sees in any request, and follows', () => {
    for (const make of [follower, candidate, leader]) {
      for (const tell of [asked, sent, installed]) {
        const core = make({ currentTerm: 4 });
        const { persist, reply } = tell(core, { term: 9 });
        expect(core.state).toMatchObject({ currentTerm: 9, role: 'follower' });
        expect(persist).toMatchObject(tell === installed ? {} : { vote: { currentTerm: 9 } });
        expect(reply).toMatchObject({ term: 9 });
      }
    }
  });

  test('a leader or candidate follows when it sees a larger term in a reply', () => {
    const asking = candidate({ currentTerm: 4 });
    const effects = voted(asking, 1, { term: 9, voteGranted: false });
    expect(asking.state).toMatchObject({ currentTerm: 9, role: 'follower', votedFor: undefined });
    expect(effects.persist).toMatchObject({ vote: { currentTerm: 9, votedFor: undefined } });

    const leading = leader({ currentTerm: 4 });
    expect(answered(leading, 1, {}, { term: 9, success: false }).requests).toEqual([]);
    expect(leading.state).toMatchObject({ currentTerm: 9, role: 'follower' });

    const sending = leader({ currentTerm: 4 });
    const args = { term: 5, leaderId: 0, lastIncludedIndex: 1, lastIncludedTerm: 1, snapshot: '' };
    sending.step({ type: 'Reply', from: 1, method: 'InstallSnapshot', args, reply: { term: 9 } });
    expect(sending.state).toMatchObject({ currentTerm: 9, role: 'follower' });
  });

  test('a server rejects a request of a stale term, and tells its own', () => {
    for (const make of [follower, candidate, leader]) {
      const core = make({ currentTerm: 4, entries: log(1) });
      const { currentTerm: term, role } = core.state;
      const vote = asked(core, { term: term - 1, lastLogIndex: 9, lastLogTerm: 9 });
      expect(vote).toMatchObject({ reply: { term, voteGranted: false }, persist: undefined });
      const entries = { prevLogIndex: 1, prevLogTerm: 1, entries: log(1), leaderCommit: 2 };
      const append = sent(core, { term: term - 1, ...entries });
      expect(append).toMatchObject({ reply: { term, success: false }, persist: undefined });
      const install = installed(core, { term: term - 1, lastIncludedIndex: 5 });
      expect(install).toMatchObject({ reply: { term }, persist: undefined, apply: [] });
      for (const { resetElectionTimer } of [vote, append, install]) {
        expect(resetElectionTimer).toBe(false);
      }
      expect(core.state).toMatchObject({ currentTerm: term, role, commitIndex: 0 });
      expect(core.state.log.lastIndex).toBe(1);
    }
  });

  test('a request that fails is sent again, as long as it concerns anybody', () => {
    const core = candidate();
    const { currentTerm: term } = core.state;
    const args = { term, candidateId: 0, lastLogIndex: 0, lastLogTerm: 0 };
    const failed = { type: 'Reply', from: 2, method: 'RequestVote', reply: undefined } as const;
    expect(core.step({ ...failed, args }).requests).toMatchObject([{ to: 2, args }]);
    expect(core.step({ ...failed, args: { ...args, term: 0 } }).requests).toEqual([]);
    voted(core, 1);
    expect(core.step({ ...failed, args }).requests).toEqual([]);
  });
});

describe('§5.2: leader election', () => {
  test('servers start as followers, with the term, vote and log that they find', () => {
    const { state } = follower({ currentTerm: 3, votedFor: 2, entries: log(1, 2) });
    expect(state).toMatchObject({ role: 'follower', currentTerm: 3, votedFor: 2, commitIndex: 0 });
    expect(state.log).toMatchObject({ lastIndex: 2, lastTerm: 2 });
  });

  test('a follower or candidate begins an election: new term, own vote, requests to all', () => {
    for (const make of [follower, candidate]) {
      const core = make({ me: 1, size: 5, currentTerm: 3, entries: log(1, 2) });
      const term = core.state.currentTerm + 1;
      const effects = core.step({ type: 'ElectionTimeout' });
      expect(core.state).toMatchObject({ role: 'candidate', currentTerm: term, votedFor: 1 });
      expect(effects.persist).toMatchObject({ vote: { currentTerm: term, votedFor: 1 } });
      expect(effects.persist?.log).toBeUndefined();
      expect(effects.resetElectionTimer).toBe(true);
      const args = { term, candidateId: 1, lastLogIndex: 2, lastLogTerm: 2 };
      const request = { method: 'RequestVote', args };
      expect(effects.requests).toEqual([0, 2, 3, 4].map((to) => ({ to, ...request })));
    }
  });

  test('a leader begins no election', () => {
    const core = leader();
    expect(core.step({ type: 'ElectionTimeout' })).toMatchObject({
      persist: undefined,
      requests: [],
    });
    expect(core.state).toMatchObject({ role: 'leader', currentTerm: 1 });
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
    [5, 3],
    [7, 4],
  ])('a candidate wins among %i servers with %i votes, and not before', (size, votes) => {
    const core = follower({ size });
    expect(core.step({ type: 'ElectionTimeout' }).becameLeader).toBe(false);
    expect(persisted(core).becameLeader).toBe(votes === 1);
    for (let from = 1; from < votes; from++) {
      expect(core.state.role).toBe('candidate');
      expect(voted(core, from).becameLeader).toBe(from === votes - 1);
    }
    expect(core.state.role).toBe('leader');
  });

  test('a candidate counts its own vote when it is durable, in the election it was for', () => {
    const core = follower({ size: 1 });
    core.step({ type: 'ElectionTimeout' });
    core.step({ type: 'ElectionTimeout' });
    expect(core.step({ type: 'Persisted', lastIndex: 0, term: 1 }).becameLeader).toBe(false);
    expect(core.state.role).toBe('candidate');
    expect(core.step({ type: 'Persisted', lastIndex: 0, term: 2 }).becameLeader).toBe(true);
    // What a leader writes later does not elect it again.
    expect(started(core).becameLeader).toBe(false);
  });

  test('a vote counts once, and a refusal not at all', () => {
    const core = candidate({ size: 5 });
    for (const reply of [{}, {}, { voteGranted: false }]) voted(core, 1, reply);
    voted(core, 2, { voteGranted: false });
    expect(core.state.role).toBe('candidate');
  });

  test('a vote for an earlier election does not count', () => {
    const core = candidate({ currentTerm: 3 });
    core.step({ type: 'ElectionTimeout' });
    persisted(core);
    voted(core, 1, {}, 4);
    expect(core.state).toMatchObject({ role: 'candidate', currentTerm: 5 });
    expect(core.state.votes).toEqual(new Set([0]));
  });

  test('a vote that comes after the election is over changes nothing', () => {
    const leading = leader({ size: 5 });
    started(leading);
    expect(voted(leading, 4)).toMatchObject({ becameLeader: false, requests: [] });
    const following = candidate({ size: 3 });
    sent(following, { term: 1 });
    expect(voted(following, 1)).toMatchObject({ becameLeader: false });
    expect(following.state.role).toBe('follower');
  });

  test('each server votes for at most one candidate in a term, first come, first served', () => {
    const core = follower();
    const first = asked(core, { term: 1, candidateId: 2 });
    expect(first).toMatchObject({
      reply: { term: 1, voteGranted: true },
      resetElectionTimer: true,
    });
    expect(first.persist).toMatchObject({ vote: { currentTerm: 1, votedFor: 2 } });
    const second = asked(core, { term: 1, candidateId: 1 });
    expect(second).toMatchObject({ reply: { voteGranted: false }, resetElectionTimer: false });
    expect(second.persist).toBeUndefined();
    // The same candidate may ask again; nothing new has to be written.
    const again = asked(core, { term: 1, candidateId: 2 });
    expect(again).toMatchObject({ reply: { voteGranted: true }, persist: undefined });
    expect(asked(core, { term: 2, candidateId: 1 }).reply).toMatchObject({ voteGranted: true });
  });

  test('a vote is written down, also in a term that is known already', () => {
    const { persist } = asked(follower({ currentTerm: 3 }), { term: 3, candidateId: 2 });
    expect(persist).toMatchObject({ vote: { currentTerm: 3, votedFor: 2 } });
  });

  test('a vote that was given in an earlier life counts in this one', () => {
    const core = follower({ currentTerm: 3, votedFor: 2 });
    expect(asked(core, { term: 3, candidateId: 1 }).reply).toMatchObject({ voteGranted: false });
    expect(asked(core, { term: 3, candidateId: 2 }).reply).toMatchObject({ voteGranted: true });
  });

  test('a candidate or leader has voted for itself', () => {
    for (const make of [candidate, leader]) {
      const reply = { term: 1, voteGranted: false };
      expect(asked(make(), { term: 1, candidateId: 2 }).reply).toEqual(reply);
    }
  });

  test('a candidate that meets the leader of its term follows it, and keeps its vote', () => {
    for (const tell of [sent, installed]) {
      const core = candidate({ currentTerm: 3 });
      const effects = tell(core, { term: 4 });
      expect(core.state).toMatchObject({ role: 'follower', currentTerm: 4, votedFor: 0 });
      expect(effects.resetElectionTimer).toBe(true);
      expect(effects.persist?.vote).toBeUndefined();
    }
  });

  test('the election timer begins anew with the leader or a granted vote, and only then', () => {
    expect(sent(follower(), { term: 1 }).resetElectionTimer).toBe(true);
    // Even if the check of consistency fails.
    expect(sent(follower(), { term: 1, prevLogIndex: 5 }).resetElectionTimer).toBe(true);
    expect(installed(follower(), { term: 1 }).resetElectionTimer).toBe(true);
    const ahead = follower({ entries: log(1, 1) });
    expect(asked(ahead, { term: 5 })).toMatchObject({ resetElectionTimer: false });
    expect(voted(candidate({ size: 5 }), 1).resetElectionTimer).toBe(false);
  });

  test('a new leader sends heartbeats to all others at once, and whenever it is time', () => {
    const core = candidate({ size: 4, currentTerm: 1, entries: log(1, 1) });
    voted(core, 1);
    const { requests, becameLeader } = voted(core, 2);
    const args = { term: 2, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 0 };
    const heartbeats = [1, 2, 3].map((to) => {
      return { to, method: 'AppendEntries', args: { ...args, leaderId: 0 } };
    });
    expect(becameLeader).toBe(true);
    expect(requests).toEqual(heartbeats);
    expect(core.step({ type: 'HeartbeatTimeout' }).requests).toEqual(heartbeats);
    for (const make of [follower, candidate]) {
      expect(make().step({ type: 'HeartbeatTimeout' }).requests).toEqual([]);
    }
  });

  test('Figure 2: with an election nextIndex is one past the log, and matchIndex 0', () => {
    const { state } = leader({ entries: log(1, 1, 2) });
    const fresh = { nextIndex: 4, matchIndex: 0, sendingTo: undefined, snapshotBeats: undefined };
    expect(state.progress.slice(1)).toEqual([fresh, fresh]);
  });
});

describe('§5.4.1: election restriction', () => {
  const cases: [what: string, lastLogIndex: number, lastLogTerm: number, voteGranted: boolean][] = [
    ['the same', 3, 4, true],
    ['longer', 4, 4, true],
    ['shorter', 2, 4, false],
    ['of a later term, though shorter', 1, 5, true],
    ['of an earlier term, though longer', 9, 3, false],
    ['empty', 0, 0, false],
  ];
  test.each(cases)('whose log is %s', (_what, lastLogIndex, lastLogTerm, voteGranted) => {
    const core = follower({ entries: log(1, 1, 4) });
    expect(asked(core, { term: 9, lastLogIndex, lastLogTerm }).reply).toEqual({
      term: 9,
      voteGranted,
    });
    expect(core.state.votedFor).toBe(voteGranted ? 1 : undefined);
  });

  test('§7: what the snapshot covers counts as the log', () => {
    const core = follower({ snapshotIndex: 5, snapshotTerm: 2, snapshot: '[]' });
    const reply = (lastLogIndex: number, term: number) =>
      asked(core, { term, lastLogIndex, lastLogTerm: 2 }).reply;
    expect(reply(4, 8)).toMatchObject({ voteGranted: false });
    expect(reply(5, 9)).toMatchObject({ voteGranted: true });
  });
});
