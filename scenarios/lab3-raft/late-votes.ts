import type { Cluster } from './cluster.ts';
import type { ScriptedTest } from './scripted.ts';

/** Clocks go wrong so that one server asks for votes before all others. */
const DRIFT_PPM = 500_000;

const POLL_MS = 5;
const PATIENCE_MS = 5000;

/**
 * A candidate gets the votes of one election in the next one, which somebody else has won. They do
 * not count: it takes "votes from a majority ... for the same term" (§5.2).
 */
export const lateVotes: ScriptedTest = {
  name: 'raft/late-votes',
  description: 'votes that arrive when their candidate is in its next election do not count there',
  servers: 5,
  atLeast: { 'elections at once': 1 },
  async script(official, cluster, t) {
    const { size, ids } = cluster;
    await official.one(official.command(), size, true);
    const gone = await official.checkOneLeader();
    const candidate = (gone + 1) % size;
    const voters = [...ids.keys()].filter((i) => i !== gone && i !== candidate);
    const [from, to] = [voters.map((i) => ids[i]!), ids[candidate]!];
    const { term: before } = (await cluster.state(gone))!;
    const begin = (fault: object): void => {
      t.world.begin({ atMs: t.world.now(), ...fault } as Parameters<typeof t.world.begin>[0]);
    };
    begin({ id: 'votes', kind: 'clog', from, to });
    begin({ id: 'ahead', kind: 'clock', node: to, driftPpm: DRIFT_PPM });
    begin({ id: 'behind', kind: 'clock', node: from, driftPpm: -DRIFT_PPM });
    cluster.crash(gone);
    await until(cluster, async () => (await highestTerm(cluster, voters)) > before);
    // They have voted, and the votes are on the way. From now on each side is for itself.
    for (const id of ['ahead', 'behind']) t.world.lift(id);
    begin({ id: 'requests', kind: 'clog', from: to, to: from });
    begin({ id: 'deaf', kind: 'cut', from, to });
    let leader: number | undefined;
    await until(cluster, async () => (leader = await leaderAmong(cluster, voters)) !== undefined);
    const term = leader === undefined ? 0 : (await cluster.state(leader))!.term;
    await until(cluster, async () => (await cluster.state(candidate))!.term >= term);
    t.world.lift('votes');
    await t.sleep(POLL_MS);
    const state = (await cluster.state(candidate))!;
    if (state.term === term) t.count('elections at once');
    t.expect('one leader a term', !state.isLeader || state.term !== term, () => {
      return `s${leader} and ${to} both lead term ${term}`;
    });
    for (const id of ['requests', 'deaf']) t.world.lift(id);
    await official.one(official.command(), size - 1, true);
  },
};

async function until({ t }: Cluster<unknown>, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = t.world.now() + PATIENCE_MS;
  while (t.world.now() < deadline && !(await isSo())) await t.sleep(POLL_MS);
}

async function highestTerm(cluster: Cluster<unknown>, servers: readonly number[]): Promise<number> {
  const states = await Promise.all(servers.map((i) => cluster.state(i)));
  return Math.max(...states.map((state) => state?.term ?? 0));
}

async function leaderAmong(
  cluster: Cluster<unknown>,
  servers: readonly number[],
): Promise<number | undefined> {
  const states = await Promise.all(servers.map((i) => cluster.state(i)));
  return servers.find((_, at) => states[at]?.isLeader === true);
}
