import type { ScriptedTest } from './scripted.ts';

/**
 * A server takes an entry from the leader of a new term, without having voted in it, and crashes.
 * Back again it hears from the leader of the old term, which it must not obey: a server that has
 * forgotten the new term overwrites what is committed (Figure 2: currentTerm is persistent).
 */
export const forgottenTerm: ScriptedTest = {
  name: 'raft/forgotten-term',
  description: 'a server that crashes in a new term does not obey the leader of an older one',
  servers: 5,
  atLeast: { crashes: 2, leaders: 2, truncations: 1 },
  async script(official, cluster, t) {
    const { size } = cluster;
    await official.one(official.command(), size, true);
    const old = await official.checkOneLeader();
    const place = (offset: number): number => (old + offset) % size;
    const witness = place(1);
    // The old leader goes on by itself, with a command; the witness is not there.
    cluster.disconnect(old);
    cluster.crash(witness);
    await cluster.start(old, official.command());
    const young = await official.checkOneLeader();
    const [helper, absent] = [2, 3, 4].map(place).filter((i) => i !== young);
    cluster.disconnect(absent!);
    cluster.restart(witness);
    await official.one(official.command(), 3, true);
    // Now the old leader has the ear of the witness.
    cluster.crash(witness);
    for (const i of [young, helper!]) cluster.disconnect(i);
    cluster.connect(old);
    cluster.restart(witness);
    await t.sleep(300);
    cluster.connect(absent!);
    await official.one(official.command(), 3, true);
    for (const i of [young, helper!]) cluster.connect(i);
    await official.one(official.command(), size, true);
  },
};
