import { expect, test } from 'vitest';
import { makeRaft, type Command, type MakeRaft, type Raft } from '../../raft/index.ts';
import { packs } from '../catalogue.ts';
import { Registry } from '../define/registry.ts';
import { runScenario } from '../testing/run-scenario.ts';

const registry = new Registry(packs);

/** Ours, but with something else in place of a server's n-th start that is accepted. */
function atStart(n: number, start: (raft: Raft, command: Command) => ReturnType<Raft['start']>) {
  const make: MakeRaft = (...args) => {
    const raft = makeRaft(...args);
    let accepted = 0;
    return {
      ...raft,
      start(command) {
        if (!raft.getState().isLeader) return raft.start(command);
        return ++accepted === n ? start(raft, command) : raft.start(command);
      },
    };
  };
  return { makeRaft: Object.assign(make, { isSynchronous: true }) };
}

const rejecting = atStart(4, (raft) => ({ ...raft.getState(), index: -1, isLeader: false }));
const skipping = atStart(4, (raft, command) => {
  raft.start('somebody else');
  return raft.start(command);
});
const swapping = atStart(4, (raft) => raft.start('another command'));

// The course's tests end with an error there, and do not try again.
test.each(['raft/count', 'raft/concurrent-starts'])('%s demands of one term', async (name) => {
  const checks: (string | undefined)[] = [];
  for (const layers of [rejecting, skipping, swapping]) {
    const { result } = await runScenario(registry.scenario(name), 1, { layers });
    expect(result).toMatchObject({ verdict: 'violation', class: 'safety' });
    checks.push(result.check);
  }

  expect(checks).toEqual([
    'a leader accepts commands',
    'commands get consecutive indices',
    'every command that was started appears',
  ]);
});
