import { describe, expect, test } from 'vitest';
import { Cores, type Message } from '../testing/cores.ts';

/** Three servers, of which the first leads and has a command; and what it sends them. */
function led(): { readonly cores: Cores; readonly message: (name: string) => Message } {
  const cores = new Cores({ size: 3 });
  const message = (name: string): Message => cores.messages.get(name)!;
  cores.input(0, { type: 'ElectionTimeout' });
  cores.arrive(message('v1'));
  cores.answer(message('v1'));
  cores.input(0, { type: 'Start', command: 'x' });
  return { cores, message };
}

describe('§5.5: follower and candidate crashes', () => {
  test('a vote that is asked for again after a crash is the same vote', () => {
    const { cores, message } = led();
    cores.crash(1);
    cores.arrive(message('v1'));
    expect(message('v1').replies).toEqual([1, 2].map(() => ({ term: 1, voteGranted: true })));
    const args = { term: 1, candidateId: 2, lastLogIndex: 9, lastLogTerm: 1 };
    expect(cores.input(1, { type: 'RequestVote', args }).reply).toMatchObject({
      voteGranted: false,
    });
  });

  test('entries that come again after a crash are there already, and change nothing', () => {
    const { cores, message } = led();
    // The first two AppendEntries are the heartbeats of the election.
    const entries = message('e3');
    cores.arrive(entries);
    const { persister } = cores.members[1]!;
    const state = persister.readState();
    cores.crash(1);
    for (let time = 0; time < 3; time++) cores.arrive(entries);
    expect(entries.replies).toEqual([1, 2, 3, 4].map(() => ({ term: 1, success: true })));
    expect(persister.readState()).toBe(state);
    expect(cores.members[1]!.core.state.log.lastIndex).toBe(1);
  });

  test('a snapshot that comes again after a crash changes nothing', () => {
    const { cores } = led();
    const args = {
      term: 1,
      leaderId: 0,
      lastIncludedIndex: 3,
      lastIncludedTerm: 1,
      snapshot: '["a","b","c"]',
    };
    const first = cores.input(2, { type: 'InstallSnapshot', args });
    cores.crash(2);
    const second = cores.input(2, { type: 'InstallSnapshot', args });
    expect([first.reply, second.reply]).toEqual([{ term: 1 }, { term: 1 }]);
    expect(second).toMatchObject({ persist: undefined, apply: [] });
    expect(cores.members[2]!.service).toEqual(['a', 'b', 'c']);
  });

  test('requests to a server that is down are repeated until it answers', () => {
    const { cores, message } = led();
    cores.lose(message('e3'));
    for (let beat = 0; beat < 20; beat++) {
      const before = cores.messages.size;
      cores.input(0, { type: 'HeartbeatTimeout' });
      const sent = [...cores.messages.values()].slice(before).find(({ request }) => {
        return request.to === 1;
      })!;
      expect(sent.request).toMatchObject({ args: { entries: [{ command: 'x' }] } });
      cores.lose(sent);
    }
    cores.input(0, { type: 'HeartbeatTimeout' });
    const last = [...cores.messages.values()].findLast(({ request }) => request.to === 1)!;
    cores.arrive(last);
    cores.answer(last);
    expect(cores.members[0]!.service).toEqual(['x']);
    expect(cores.members[0]!.core.state.progress[1]).toMatchObject({ matchIndex: 1 });
  });
});
