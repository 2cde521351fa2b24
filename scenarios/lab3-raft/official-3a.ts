import { ELECTION_MS, type OfficialTest } from './official.ts';

/** Part 3A: leader election. */
export const tests3A: readonly OfficialTest[] = [
  {
    name: 'raft/initial-election',
    test: 'TestInitialElection3A',
    description: 'a leader is elected, and stays as long as nothing fails',
    servers: 3,
    async script(official, _cluster, t) {
      await official.checkOneLeader();
      await t.sleep(50);
      const term = await official.checkTerms();
      t.expect('terms begin at 1', term >= 1, () => `the term is ${term}`);
      await t.sleep(2 * ELECTION_MS);
      const later = await official.checkTerms();
      // The official test only warns. Without failures nothing may unseat a leader.
      official.presume('a leader stays without failures', later === term, () => {
        return `the term changed from ${term} to ${later}`;
      });
      await official.checkOneLeader();
    },
  },
  {
    name: 'raft/re-election',
    test: 'TestReElection3A',
    description: 'a new leader after a failure, none without a quorum, one again after repair',
    servers: 3,
    async script(official, cluster, t) {
      const first = await official.checkOneLeader();
      cluster.disconnect(first);
      await official.checkOneLeader();
      cluster.connect(first);
      const second = await official.checkOneLeader();
      const other = (second + 1) % cluster.size;
      cluster.disconnect(second);
      cluster.disconnect(other);
      await t.sleep(2 * ELECTION_MS);
      await official.checkNoLeader();
      cluster.connect(other);
      await official.checkOneLeader();
      cluster.connect(second);
      await official.checkOneLeader();
    },
  },
  {
    name: 'raft/many-elections',
    test: 'TestManyElections3A',
    description: 'three of seven servers are cut off, nine times',
    servers: 7,
    async script(official, cluster) {
      await official.checkOneLeader();
      for (let round = 0; round < 9; round++) {
        // They may coincide.
        const cut = [0, 1, 2].map(() => official.random.below(cluster.size));
        for (const i of cut) cluster.disconnect(i);
        await official.checkOneLeader();
        for (const i of cut) cluster.connect(i);
      }
      await official.checkOneLeader();
    },
  },
];
