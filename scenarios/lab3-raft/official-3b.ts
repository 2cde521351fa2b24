import type { StartResult } from '../../raft/index.ts';
import type { Official } from './assertions.ts';
import type { Cluster } from './cluster.ts';
import { ELECTION_MS, type OfficialTest } from './official.ts';

/** Size of the commands whose bytes are counted. */
const LARGE_BYTES = 5000;

/** Part 3B: the log. */
export const tests3B: readonly OfficialTest[] = [
  {
    name: 'raft/basic-agree',
    test: 'TestBasicAgree3B',
    description: 'three commands get the indices 1, 2 and 3',
    servers: 3,
    async script(official, { size }) {
      for (let index = 1; index <= 3; index++) {
        const early = official.committed(index);
        official.presume('nothing is committed before it is started', early === 0, () => {
          return `${early} servers applied index ${index} before anything was started there`;
        });
        const got = await official.one(official.command(), size, false);
        official.presume('commands get consecutive indices', got === index, () => {
          return `command ${index} was committed at index ${got}`;
        });
      }
    },
  },
  {
    name: 'raft/rpc-bytes',
    test: 'TestRPCBytes3B',
    description: 'each command is sent to each peer just once',
    servers: 3,
    async script(official, { size }, t) {
      await official.one(official.command(), size, false);
      const { counters } = t.world.network;
      const before = counters.bytes;
      let sent = 0;
      for (let index = 2; index < 12; index++) {
        const command = `${official.command()}`.padEnd(LARGE_BYTES, 'x');
        const got = await official.one(command, size, false);
        official.presume('commands get consecutive indices', got === index, () => {
          return `expected index ${index}, got ${got}`;
        });
        sent += command.length;
      }
      const bytes = counters.bytes - before;
      const most = size * sent + 50_000;
      t.expectWithin(
        'bytes sent',
        bytes <= most,
        () => `${bytes} bytes for ${sent}, at most ${most}`,
      );
    },
  },
  {
    name: 'raft/follower-failure',
    test: 'TestFollowerFailure3B',
    description: 'one follower fails, then the other: the rest goes on, then stands still',
    servers: 3,
    async script(official, cluster, t) {
      const { size } = cluster;
      await official.one(official.command(), size, false);
      const first = await official.checkOneLeader();
      cluster.disconnect((first + 1) % size);
      await official.one(official.command(), size - 1, false);
      await t.sleep(ELECTION_MS);
      await official.one(official.command(), size - 1, false);
      const leader = await official.checkOneLeader();
      cluster.disconnect((leader + 1) % size);
      cluster.disconnect((leader + 2) % size);
      const started = await cluster.start(leader, official.command());
      expectStarted(official, started, 4);
      await t.sleep(2 * ELECTION_MS);
      official.checkNoAgreement(4);
    },
  },
  {
    name: 'raft/leader-failure',
    test: 'TestLeaderFailure3B',
    description: 'one leader fails, then the next: the rest goes on, then stands still',
    servers: 3,
    async script(official, cluster, t) {
      const { size } = cluster;
      await official.one(official.command(), size, false);
      cluster.disconnect(await official.checkOneLeader());
      await official.one(official.command(), size - 1, false);
      await t.sleep(ELECTION_MS);
      await official.one(official.command(), size - 1, false);
      cluster.disconnect(await official.checkOneLeader());
      for (const i of cluster.ids.keys()) await cluster.start(i, official.command());
      await t.sleep(2 * ELECTION_MS);
      official.checkNoAgreement(4);
    },
  },
  {
    name: 'raft/fail-agree',
    test: 'TestFailAgree3B',
    description: 'a follower that was cut off catches up',
    servers: 3,
    async script(official, cluster, t) {
      const { size } = cluster;
      await official.one(official.command(), size, false);
      const follower = ((await official.checkOneLeader()) + 1) % size;
      cluster.disconnect(follower);
      await official.one(official.command(), size - 1, false);
      await official.one(official.command(), size - 1, false);
      await t.sleep(ELECTION_MS);
      await official.one(official.command(), size - 1, false);
      await official.one(official.command(), size - 1, false);
      cluster.connect(follower);
      await official.one(official.command(), size, true);
      await t.sleep(ELECTION_MS);
      await official.one(official.command(), size, true);
    },
  },
  {
    name: 'raft/fail-no-agree',
    test: 'TestFailNoAgree3B',
    description: 'no agreement if too many followers are cut off; agreement after the repair',
    servers: 5,
    async script(official, cluster, t) {
      const { size } = cluster;
      await official.one(official.command(), size, false);
      const leader = await official.checkOneLeader();
      const followers = [1, 2, 3].map((i) => (leader + i) % size);
      for (const i of followers) cluster.disconnect(i);
      expectStarted(official, await cluster.start(leader, official.command()), 2);
      await t.sleep(2 * ELECTION_MS);
      official.checkNoAgreement(2);
      for (const i of followers) cluster.connect(i);
      // The cut majority may have chosen a leader of its own, without the entry.
      const next = await official.checkOneLeader();
      const second = await cluster.start(next, official.command());
      const isLeader = second?.isLeader === true;
      official.presume('a leader accepts commands', isLeader, () => `s${next} rejected start()`);
      const index = second?.index ?? 0;
      official.presume(
        'the new index is 2 or 3',
        index === 2 || index === 3,
        () => `it is ${index}`,
      );
      await official.one(official.command(), size, true);
    },
  },
  {
    name: 'raft/concurrent-starts',
    test: 'TestConcurrentStarts3B',
    description: 'five commands started at once in one term are all committed',
    servers: 3,
    async script(official, cluster, t) {
      for (let attempt = 0; attempt < 5; attempt++) {
        if (attempt > 0) await t.sleep(3000);
        if (await startConcurrently(official, cluster)) return;
      }
      t.expectInTime('a term lasts long enough', false, () => 'the term changed in five attempts');
    },
  },
  {
    name: 'raft/rejoin',
    test: 'TestRejoin3B',
    description: 'a leader that was cut off with commands of its own comes back, and gives them up',
    servers: 3,
    async script(official, cluster) {
      const { size } = cluster;
      await official.one(official.command(), size, true);
      const first = await official.checkOneLeader();
      cluster.disconnect(first);
      for (let i = 0; i < 3; i++) await cluster.start(first, official.command());
      await official.one(official.command(), 2, true);
      const second = await official.checkOneLeader();
      cluster.disconnect(second);
      cluster.connect(first);
      await official.one(official.command(), 2, true);
      cluster.connect(second);
      await official.one(official.command(), size, true);
    },
  },
  {
    name: 'raft/backup',
    test: 'TestBackup3B',
    description: 'leaders back up quickly over long wrong logs',
    servers: 5,
    script: backUp,
  },
  {
    name: 'raft/count',
    test: 'TestCount3B',
    description: 'elections, agreement and idleness take few RPCs',
    servers: 3,
    script: countRpcs,
  },
];

function expectStarted(
  official: Official<unknown>,
  started: StartResult | undefined,
  index: number,
): void {
  official.presume(
    'a leader accepts commands',
    started?.isLeader === true,
    () => 'start() was rejected',
  );
  official.presume('commands get consecutive indices', started?.index === index, () => {
    return `expected index ${index}, got ${started?.index}`;
  });
}

/** Commands of one leader, after the first one that it took. */
interface Batch {
  readonly leader: number;
  readonly first: StartResult;
  readonly commands: readonly number[];
}

/**
 * Start them at once: all are accepted, at the indices that follow, in whatever order.
 * @returns undefined if the term changed
 */
async function startAll(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  { leader, first, commands }: Batch,
): Promise<StartResult[] | undefined> {
  const results = await Promise.all(commands.map((command) => cluster.start(leader, command)));
  const started = results.flatMap((each) => (each?.term === first.term ? [each] : []));
  if (started.length < commands.length) return undefined;
  for (const [i, each] of started.toSorted((x, y) => x.index - y.index).entries()) {
    expectStarted(official, each, first.index + 1 + i);
  }
  return started;
}

/** @returns false if the term changed meanwhile, and nothing can be said */
async function startConcurrently(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
): Promise<boolean> {
  const { size } = cluster;
  const leader = await official.checkOneLeader();
  const first = await cluster.start(leader, official.command());
  if (first?.isLeader !== true) return false;
  const commands = Array.from({ length: 5 }, () => official.command());
  const started = await startAll(official, cluster, { leader, first, commands });
  if (started === undefined) return false;
  for (const [i, each] of started.entries()) {
    const text = await official.wait(each.index, size, first.term);
    if (text === undefined) return false;
    expectText(official, { text, index: each.index, command: commands[i]! });
  }
  return true;
}

function expectText(
  official: Official<unknown>,
  { text, index, command }: { text: string; index: number; command: number },
): void {
  official.presume('every command that was started appears', text === String(command), () => {
    return `index ${index} holds ${text}, not ${command}`;
  });
}

/** Commands that pile up where nobody can commit them. */
const PILE = 50;

async function backUp(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  t: Cluster<unknown>['t'],
): Promise<void> {
  const { size } = cluster;
  const pile = async (leader: number): Promise<void> => {
    for (let i = 0; i < PILE; i++) await cluster.start(leader, official.command());
  };
  await official.one(official.command(), size, true);
  // A leader and one follower, with many commands that will not be committed.
  const first = await official.checkOneLeader();
  const place = (offset: number): number => (first + offset) % size;
  for (const offset of [2, 3, 4]) cluster.disconnect(place(offset));
  await pile(first);
  await t.sleep(500);
  for (const offset of [0, 1]) cluster.disconnect(place(offset));
  for (const offset of [2, 3, 4]) cluster.connect(place(offset));
  for (let i = 0; i < PILE; i++) await official.one(official.command(), 3, true);
  // Now another leader with one follower, and many more that will not be committed.
  const second = await official.checkOneLeader();
  const spare = second === place(2) ? place(3) : place(2);
  cluster.disconnect(spare);
  await pile(second);
  await t.sleep(500);
  // The first leader with its follower and the spare one, who knows only half of the truth.
  for (let i = 0; i < size; i++) cluster.disconnect(i);
  for (const i of [place(0), place(1), spare]) cluster.connect(i);
  for (let i = 0; i < PILE; i++) await official.one(official.command(), 3, true);
  for (let i = 0; i < size; i++) cluster.connect(i);
  await official.one(official.command(), size, true);
}

async function countRpcs(
  official: Official<unknown>,
  cluster: Cluster<unknown>,
  t: Cluster<unknown>['t'],
): Promise<void> {
  const { counters } = t.world.network;
  await official.checkOneLeader();
  const forElection = counters.calls;
  t.expectWithin('RPCs of an election', forElection >= 1 && forElection <= 30, () => {
    return `${forElection} RPCs to elect the first leader, expected 1 to 30`;
  });
  const iterations = 10;
  for (let attempt = 0; attempt < 5; attempt++) {
    if (attempt > 0) await t.sleep(3000);
    const leader = await official.checkOneLeader();
    const before = counters.calls;
    const first = await cluster.start(leader, official.command());
    if (first?.isLeader !== true) continue;
    const commands = Array.from({ length: iterations + 1 }, () => official.command());
    const started = await startAll(official, cluster, { leader, first, commands });
    if (started === undefined) continue;
    let isDone = true;
    for (const [i, each] of started.entries()) {
      const text = await official.wait(each.index, cluster.size, first.term);
      if (text === undefined) isDone = false;
      else expectText(official, { text, index: each.index, command: commands[i]! });
    }
    if (!isDone) continue;
    const used = counters.calls - before;
    const most = (iterations + 1 + 3) * 3;
    t.expectWithin(
      'RPCs of agreement',
      used <= most,
      () => `${used} RPCs for 11 commands, at most ${most}`,
    );
    const idleFrom = counters.calls;
    await t.sleep(ELECTION_MS);
    const idle = counters.calls - idleFrom;
    t.expectWithin(
      'RPCs of idleness',
      idle <= 60,
      () => `${idle} RPCs in an idle second, at most 60`,
    );
    return;
  }
  t.expectInTime('a term lasts long enough', false, () => 'the term changed in five attempts');
}
