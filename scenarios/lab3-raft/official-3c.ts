import type { Tester } from '../define/tester.ts';
import type { Official } from './assertions.ts';
import { churn } from './churn.ts';
import type { Cluster } from './cluster.ts';
import { figure8, figure8Unreliable } from './figure-8.ts';
import { ELECTION_MS, type OfficialTest } from './official.ts';

/** Part 3C: persistence. */
export const tests3C: readonly OfficialTest[] = [
  {
    name: 'raft/persist-1',
    test: 'TestPersist13C',
    description: 'all servers crash; then a leader, a leader with progress meanwhile, a follower',
    servers: 3,
    async script(official, cluster) {
      const { size } = cluster;
      await official.one(official.command(), size, true);
      for (let i = 0; i < size; i++) cluster.crash(i);
      for (let i = 0; i < size; i++) cluster.restart(i);
      await official.one(official.command(), size, true);
      const first = await official.checkOneLeader();
      cluster.crash(first);
      cluster.restart(first);
      await official.one(official.command(), size, true);
      const second = await official.checkOneLeader();
      cluster.crash(second);
      await official.one(official.command(), size - 1, true);
      cluster.restart(second);
      await official.wait(4, size, Infinity);
      const follower = ((await official.checkOneLeader()) + 1) % size;
      cluster.crash(follower);
      await official.one(official.command(), size - 1, true);
      cluster.restart(follower);
      await official.one(official.command(), size, true);
    },
  },
  {
    name: 'raft/persist-2',
    test: 'TestPersist23C',
    description: 'two servers crash, then the other three while those return, five times',
    servers: 5,
    async script(official, cluster, t) {
      const { size } = cluster;
      for (let round = 0; round < 5; round++) {
        await official.one(official.command(), size, true);
        const leader = await official.checkOneLeader();
        const place = (offset: number): number => (leader + offset) % size;
        for (const offset of [1, 2]) cluster.crash(place(offset));
        await official.one(official.command(), size - 2, true);
        for (const offset of [0, 3, 4]) cluster.crash(place(offset));
        for (const offset of [1, 2]) cluster.restart(place(offset));
        await t.sleep(ELECTION_MS);
        cluster.restart(place(3));
        await official.one(official.command(), size - 2, true);
        for (const offset of [4, 0]) cluster.restart(place(offset));
      }
      await official.one(official.command(), size, true);
    },
  },
  {
    name: 'raft/persist-3',
    test: 'TestPersist33C',
    description: 'a leader and one follower crash while the other is cut off; the leader returns',
    servers: 3,
    async script(official, cluster) {
      const { size } = cluster;
      await official.one(official.command(), size, true);
      const leader = await official.checkOneLeader();
      const place = (offset: number): number => (leader + offset) % size;
      cluster.disconnect(place(2));
      await official.one(official.command(), 2, true);
      cluster.crash(place(0));
      cluster.crash(place(1));
      cluster.connect(place(2));
      cluster.restart(place(0));
      await official.one(official.command(), 2, true);
      cluster.restart(place(1));
      await official.one(official.command(), size, true);
    },
  },
  {
    name: 'raft/figure-8',
    test: 'TestFigure83C',
    description: 'leaders crash right after they took a command, a thousand times',
    servers: 5,
    script: figure8,
  },
  {
    name: 'raft/unreliable-agree',
    test: 'TestUnreliableAgree3C',
    description: 'many agreements at once over an unreliable network',
    servers: 5,
    isUnreliable: true,
    script: agreeUnreliably,
  },
  {
    name: 'raft/figure-8-unreliable',
    test: 'TestFigure8Unreliable3C',
    description:
      'leaders are cut off right after they took a command; replies are late and mixed up',
    servers: 5,
    isUnreliable: true,
    script: figure8Unreliable,
  },
  {
    name: 'raft/reliable-churn',
    test: 'TestReliableChurn3C',
    description: 'servers come and go; whatever a client saw committed stays',
    servers: 5,
    script: churn,
  },
  {
    name: 'raft/unreliable-churn',
    test: 'TestUnreliableChurn3C',
    description: 'the same over an unreliable network',
    servers: 5,
    isUnreliable: true,
    script: churn,
  },
];

async function agreeUnreliably(
  official: Official<unknown>,
  { size }: Cluster<unknown>,
  t: Pick<Tester<unknown, unknown>, 'world'>,
): Promise<void> {
  const beside: Promise<unknown>[] = [];
  for (let round = 1; round < 50; round++) {
    for (let i = 0; i < 4; i++) beside.push(official.one(official.command(), 1, true));
    await official.one(official.command(), 1, true);
  }
  t.world.network.setProfile('lab-reliable-long-delays');
  await Promise.all(beside);
  await official.one(official.command(), size, true);
}
