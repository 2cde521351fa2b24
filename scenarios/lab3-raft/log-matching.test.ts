import { expect, test } from 'vitest';
import { raftOf, raftPorts, raftRules } from '../../raft/index.ts';
import { runScenario } from '../testing/run-scenario.ts';
import { raftChaos } from './chaos.ts';

test('a snapshot that is kept with another term than its last entry has is found out', async () => {
  // Who votes by it takes a log for newer than it is.
  const makeRaft = raftOf({
    rules: raftRules,
    ports: {
      ...raftPorts,
      persist(_env, storage, changes, whole, done) {
        const wrong = (): ReturnType<typeof whole> => {
          const durable = whole();
          return { ...durable, snapshotTerm: durable.currentTerm };
        };
        storage.persist(changes, wrong, done);
      },
    },
  });
  let found: string | undefined;
  for (let seed = 1; seed <= 20 && found === undefined; seed++) {
    const { result } = await runScenario(raftChaos(5), seed, { layers: { makeRaft } });
    if (result.check === 'Log Matching') found = result.reason;
  }

  expect(found).toMatch(/^index \d+ is of term \d+, and the snapshot of s\d says \d+$/);
});
