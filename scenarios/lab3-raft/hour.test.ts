import { describe, expect, test } from 'vitest';
import {
  persisterStorage,
  raftOf,
  raftPorts,
  raftRules,
  type RaftPorts,
  type RaftRules,
} from '../../raft/index.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { hour } from './hour.ts';

const params = { minutes: 1 };

// On a disk that is perfect, and on one that tears what is not synced.
test.each(['1', '5'])(
  'in a minute of seed %s everything stays within its bounds, and much has happened',
  { timeout: 30_000 },
  async (seed) => {
    const { result } = await runScenario(hour, seed, { params });
    const { operations, activity } = result;

    expect(result.reason).toBeUndefined();
    expect(operations).toBeGreaterThan(5000);
    expect(activity['under faults']).toBeGreaterThan(200);
    expect(activity['most log entries']).toBeGreaterThan(50);
    expect(activity['most persisted bytes']).toBeGreaterThan(1500);
    expect(activity['most files on a disk']).toBeGreaterThan(50);
  },
);

/** Our Raft with one thing done otherwise. */
const withPort = (port: Partial<RaftPorts>): object => ({
  makeRaft: raftOf({ rules: raftRules, ports: { ...raftPorts, ...port } }),
});
const withRule = (rule: Partial<RaftRules>): object => ({
  makeRaft: raftOf({ rules: { ...raftRules, ...rule }, ports: raftPorts }),
});

describe('a Raft is found out that lets grow', () => {
  test.each([
    ['log entries', 'its log, whatever snapshots there are', withRule({ mayCompact: () => false })],
    [
      'persisted bytes',
      'its persisted state, by adding to it where it should replace it',
      withPort({
        storage(persister) {
          const save = (state: string, snapshot: string | undefined): void => {
            persister.save(persister.readState() + state, snapshot);
          };
          return persisterStorage({ ...persister, save });
        },
      }),
    ],
    [
      'files on a disk',
      'the number of its files',
      withPort({
        apply(env, apply, message) {
          env.disk.save(`applied/${message.index}`, '');
          raftPorts.apply(env, apply, message);
        },
      }),
    ],
    [
      'bytes on a disk',
      'a file of its own',
      withPort({
        apply(env, apply, message) {
          env.disk.append('applied', `${JSON.stringify(message).padEnd(100)}\n`);
          raftPorts.apply(env, apply, message);
        },
      }),
    ],
    [
      'events in the queue',
      'the number of its timers',
      withPort({
        call(env, peer, method, args, done) {
          env.setTimer(10_000_000, () => {});
          raftPorts.call(env, peer, method, args, done);
        },
      }),
    ],
  ])('the %s: %s', { timeout: 30_000 }, async (what, _how, layers) => {
    const { result } = await runScenario(hour, '1', {
      params,
      layers,
      disk: 'perfect',
      faults: [],
    });

    expect(result.class).toBe('performance');
    expect(result.check).toBe(`bound on ${what}`);
  });
});
