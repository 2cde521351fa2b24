import type { ScriptedTest } from './scripted.ts';

/**
 * Figure 8 of the paper, step by step; the official test of that name hopes to come across it. The
 * letters are those of the figure.
 */
export const figure8ByHand: ScriptedTest = {
  name: 'raft/figure-8-by-hand',
  description: 'an entry of an older term is on a majority, and still overwritten: Figure 8',
  servers: 5,
  atLeast: { leaders: 4, truncations: 2 },
  async script(official, cluster, t) {
    const { size } = cluster;
    await official.one(official.command(), size, true);
    // (a) S1 leads, and brings a command to S2 only.
    const s1 = await official.checkOneLeader();
    const place = (offset: number): number => (s1 + offset) % size;
    const s2 = place(1);
    const rest = [2, 3, 4].map(place);
    for (const i of rest) cluster.disconnect(i);
    await cluster.start(s1, official.command());
    await t.sleep(200);
    // (b) S1 is gone; S5 is elected by two others, and takes a command that nobody else gets.
    for (const i of [s1, s2]) cluster.disconnect(i);
    for (const i of rest) cluster.connect(i);
    const s5 = await official.checkOneLeader();
    const [s3, s4] = rest.filter((i) => i !== s5);
    for (const i of [s3!, s4!, s5]) cluster.disconnect(i);
    await cluster.start(s5, official.command());
    // (c) S5 is gone; S1 (or S2, which has the same log) is elected, and brings the first command
    // to S3: it is on a majority, and not committed.
    for (const i of [s1, s2, s3!]) cluster.connect(i);
    await official.checkOneLeader();
    await t.sleep(500);
    // (d) S1 is gone; S5 is elected by S3 and S4, and overwrites that command with its own.
    for (const i of [s1, s2]) cluster.disconnect(i);
    for (const i of [s4!, s5]) cluster.connect(i);
    await official.one(official.command(), 3, true);
    for (const i of [s1, s2]) cluster.connect(i);
    await official.one(official.command(), size, true);
  },
};
