import { describe, expect, test } from 'vitest';
import type { Core } from '../core/core.ts';
import type { Effects } from '../core/effects.ts';
import {
  answered,
  asked,
  follower,
  installed,
  leader,
  log,
  sent,
  snapshotArgs,
  started,
  termsOf,
} from '../testing/build.ts';

/** A follower that has applied a log. */
function applied(...terms: number[]): Core {
  const core = follower({ entries: log(...terms) });
  const [prevLogIndex, prevLogTerm] = [terms.length, terms.at(-1)!];
  sent(core, { term: prevLogTerm, prevLogIndex, prevLogTerm, leaderCommit: prevLogIndex });
  return core;
}

/** A leader of three whose snapshot covers two of its four entries; all of them are committed. */
function compacted(): Core {
  const core = leader({ currentTerm: 1 });
  for (const command of ['a', 'b', 'c', 'd']) started(core, command);
  answered(core, 1, { entries: log(2, 2, 2, 2) });
  core.step({ type: 'Snapshot', index: 2, snapshot: 'ab' });
  return core;
}

/** Server 2 lacks all. */
function behind(core: Core): Effects {
  Object.assign(core.state.progress[2]!, { nextIndex: 1, sendingTo: undefined });
  return core.step({ type: 'HeartbeatTimeout' });
}

function snapshotAnswered(core: Core, reply: { term: number } | undefined, index = 2, term = 2) {
  const sentArgs = { term, leaderId: 0, lastIncludedIndex: index, lastIncludedTerm: 2 };
  const args = snapshotArgs(sentArgs);
  return core.step({ type: 'Reply', from: 2, method: 'InstallSnapshot', args, reply });
}

describe('§7: a server compacts its log', () => {
  test('up to the index of the snapshot, of which it keeps index and term', () => {
    const core = applied(1, 1, 2, 3);
    const { persist } = core.step({ type: 'Snapshot', index: 3, snapshot: 's' });
    expect(core.state.log).toMatchObject({ snapshotIndex: 3, snapshotTerm: 2, lastIndex: 4 });
    expect(termsOf(core)).toEqual([3]);
    expect(core.state).toMatchObject({ snapshot: 's', commitIndex: 4, lastApplied: 4 });
    expect(persist).toMatchObject({ snapshot: 's', vote: undefined, log: undefined });
    // The check of consistency for the first entry after it still works.
    const next = { term: 3, prevLogIndex: 3, prevLogTerm: 2, entries: log(0, 0, 0, 3).slice(3) };
    expect(sent(core, next).reply).toMatchObject({ success: true });
  });

  test('as a whole', () => {
    const core = applied(1, 2);
    core.step({ type: 'Snapshot', index: 2, snapshot: 's' });
    expect(core.state.log).toMatchObject({ lastIndex: 2, lastTerm: 2 });
    expect(sent(core, { term: 2, prevLogIndex: 2, prevLogTerm: 2 }).reply).toMatchObject({
      success: true,
    });
  });

  test('never past what its service has applied, and never twice', () => {
    const core = follower({ entries: log(1, 1, 1) });
    sent(core, { prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 2 });
    const at = (index: number) => core.step({ type: 'Snapshot', index, snapshot: `${index}` });
    expect(at(3).persist).toBeUndefined();
    expect(at(2).persist).toBeDefined();
    for (const index of [2, 1, 0]) expect(at(index).persist).toBeUndefined();
    expect(core.state).toMatchObject({ snapshot: '2' });
    expect(core.state.log.snapshotIndex).toBe(2);
  });

  test('and finds what the snapshot covers committed and applied in its next life', () => {
    const durable = { snapshotIndex: 2, snapshotTerm: 1, snapshot: 's', entries: log(1, 1, 1) };
    const core = follower({ ...durable, entries: log(1, 1, 1).slice(2) });
    expect(core.state).toMatchObject({ commitIndex: 2, lastApplied: 2 });
    const effects = sent(core, { prevLogIndex: 3, prevLogTerm: 1, leaderCommit: 3 });
    expect(effects.apply.map(({ index }) => index)).toEqual([3]);
  });
});

describe('§7: a leader sends its snapshot', () => {
  test('if it has discarded the next entry that the follower needs', () => {
    const core = compacted();
    const { requests } = behind(core);
    const args = {
      term: 2,
      leaderId: 0,
      lastIncludedIndex: 2,
      lastIncludedTerm: 2,
      snapshot: 'ab',
    };
    expect(requests.filter(({ to }) => to === 2)).toMatchObject([
      { method: 'InstallSnapshot', args },
      // The heartbeat of the same moment.
      { method: 'AppendEntries', args: { prevLogIndex: 2, prevLogTerm: 2, entries: [] } },
    ]);
  });

  test('but not to a follower that needs the first entry after it', () => {
    const core = compacted();
    core.state.progress[2]!.nextIndex = 3;
    const { requests } = core.step({ type: 'HeartbeatTimeout' });
    expect(requests.filter(({ to }) => to === 2)).toMatchObject([
      { method: 'AppendEntries', args: { prevLogIndex: 2, prevLogTerm: 2, entries: [{}, {}] } },
    ]);
  });

  test('once, and again if it is not answered for five heartbeats', () => {
    const core = compacted();
    const sentAt = [behind(core)];
    for (let beat = 0; beat < 12; beat++) sentAt.push(core.step({ type: 'HeartbeatTimeout' }));
    const installs = sentAt.map(({ requests }) => {
      return requests.filter(({ method }) => method === 'InstallSnapshot').length;
    });
    expect(installs).toEqual([1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  });

  test('once, however many commands come meanwhile', () => {
    const core = compacted();
    behind(core);
    for (let time = 0; time < 20; time++) {
      const { requests } = started(core);
      expect(requests.filter(({ to }) => to === 2)).toEqual([]);
    }
  });

  test('again with the next heartbeat if it was lost', () => {
    const core = compacted();
    behind(core);
    expect(snapshotAnswered(core, undefined).requests).toEqual([]);
    const { requests } = core.step({ type: 'HeartbeatTimeout' });
    expect(requests).toContainEqual(expect.objectContaining({ method: 'InstallSnapshot' }));
  });

  test('and nothing on account of answers to heartbeats that come meanwhile', () => {
    const core = compacted();
    behind(core);
    const heartbeat = { term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: [] };
    expect(answered(core, 2, heartbeat).requests).toEqual([]);
    expect(snapshotAnswered(core, { term: 2 }).requests).toHaveLength(1);
  });

  test('and does not answer the refusals of a follower that waits for it', () => {
    const core = compacted();
    behind(core);
    const reply = { success: false, conflictTerm: 0, conflictIndex: 1 };
    expect(answered(core, 2, { prevLogIndex: 2 }, reply).requests).toEqual([]);
  });

  test('and goes on with the entries after it', () => {
    const core = compacted();
    behind(core);
    const { requests } = snapshotAnswered(core, { term: 2 });
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 2, nextIndex: 3 });
    const entries = core.state.log.from(3);
    expect(requests).toMatchObject([{ to: 2, args: { prevLogIndex: 2, entries } }]);
  });

  test('and knows only what that has brought, whatever its snapshot has become since', () => {
    const core = compacted();
    behind(core);
    core.step({ type: 'Snapshot', index: 4, snapshot: 'abcd' });
    const { requests } = snapshotAnswered(core, { term: 2 });
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 2, nextIndex: 3 });
    expect(requests[0]).toMatchObject({ method: 'InstallSnapshot', args: { snapshot: 'abcd' } });
  });

  test('and minds no old reply', () => {
    const core = compacted();
    answered(core, 2, { entries: log(2, 2, 2) });
    snapshotAnswered(core, { term: 2 });
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 3, nextIndex: 4 });
    behind(core);
    snapshotAnswered(core, { term: 1 }, 4, 1);
    expect(core.state.progress[2]).toMatchObject({ matchIndex: 3, nextIndex: 1 });
    sent(core, { term: 7 });
    expect(snapshotAnswered(core, { term: 7 }, 2, 2)).toMatchObject({ requests: [] });
  });
});

describe('Figure 13: a receiver of InstallSnapshot', () => {
  test('takes the snapshot, and gives it to its service', () => {
    const core = follower({ currentTerm: 2 });
    const args = { term: 2, lastIncludedIndex: 5, lastIncludedTerm: 2, snapshot: 's' };
    const effects = installed(core, args);
    expect(effects.reply).toEqual({ term: 2 });
    expect(effects.persist).toMatchObject({ snapshot: 's', lastIndex: 5 });
    expect(effects.apply).toEqual([{ kind: 'snapshot', index: 5, term: 2, snapshot: 's' }]);
    expect(core.state).toMatchObject({ commitIndex: 5, lastApplied: 5, snapshot: 's' });
    expect(core.state.log).toMatchObject({ snapshotIndex: 5, snapshotTerm: 2, lastIndex: 5 });
  });

  const logs: [what: string, terms: number[], after: number[]][] = [
    ['retains what follows the last entry of the snapshot', [1, 2, 3, 3], [3, 3]],
    ['discards its log if that entry conflicts', [1, 1, 1, 1], []],
    ['discards its log if it is shorter', [1], []],
  ];
  test.each(logs)('%s', (_what, terms, after) => {
    const core = follower({ currentTerm: 4, entries: log(...terms) });
    installed(core, { term: 4, lastIncludedIndex: 2, lastIncludedTerm: 2 });
    expect(termsOf(core)).toEqual(after);
    expect(core.state.log).toMatchObject({ snapshotIndex: 2, lastIndex: 2 + after.length });
    expect(core.state.durable()).toMatchObject({ snapshotIndex: 2, snapshotTerm: 2 });
  });

  test('takes none of what it has committed: the service is never taken back', () => {
    for (const lastIncludedIndex of [1, 2]) {
      const core = applied(1, 1);
      const effects = installed(core, { lastIncludedIndex });
      expect(effects).toMatchObject({ reply: { term: 1 }, persist: undefined, apply: [] });
      expect(core.state.log).toMatchObject({ snapshotIndex: 0, lastIndex: 2 });
    }
    expect(installed(applied(1, 1), { lastIncludedIndex: 3 }).apply).toHaveLength(1);
  });

  test('answers AppendEntries that reach back behind its snapshot', () => {
    const core = follower({ snapshotIndex: 3, snapshotTerm: 2, snapshot: 's' });
    const entries = log(1, 1, 2, 3, 3).slice(1);
    const args = { term: 3, prevLogIndex: 1, prevLogTerm: 1, entries, leaderCommit: 2 };
    expect(sent(core, args).reply).toEqual({ term: 3, success: true });
    expect(termsOf(core)).toEqual([3, 3]);
    expect(core.state.commitIndex).toBe(3);
    const old = { ...args, entries: entries.slice(0, 1) };
    expect(sent(core, old)).toMatchObject({ reply: { success: true }, persist: undefined });
    expect(termsOf(core)).toEqual([3, 3]);
  });

  test('checks the last entry that its snapshot covers like any other', () => {
    const core = follower({ snapshotIndex: 3, snapshotTerm: 2, snapshot: 's' });
    const { reply } = sent(core, { term: 3, prevLogIndex: 3, prevLogTerm: 1 });
    expect(reply).toMatchObject({ success: false });
  });

  test('says of a conflict where the term begins after its snapshot', () => {
    const entries = log(1, 2, 2, 2).slice(2);
    const core = follower({ snapshotIndex: 2, snapshotTerm: 2, snapshot: 's', entries });
    const { reply } = sent(core, { term: 4, prevLogIndex: 4, prevLogTerm: 3 });
    expect(reply).toMatchObject({ success: false, conflictTerm: 2, conflictIndex: 3 });
  });

  test('votes by what the snapshot covers', () => {
    const core = follower();
    installed(core, { lastIncludedIndex: 5, lastIncludedTerm: 1 });
    const args = { term: 2, lastLogTerm: 1 };
    expect(asked(core, { ...args, lastLogIndex: 4 }).reply).toMatchObject({ voteGranted: false });
    expect(asked(core, { ...args, lastLogIndex: 5 }).reply).toMatchObject({ voteGranted: true });
  });

  test('as a leader it follows, and writes term and snapshot together', () => {
    const core = leader();
    const { persist } = installed(core, { term: 3, lastIncludedIndex: 2, snapshot: 's' });
    expect(persist).toMatchObject({ vote: { currentTerm: 3, votedFor: undefined }, snapshot: 's' });
  });
});
