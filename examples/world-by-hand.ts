/**
 * A world by hand, without scenario or command: two counters that tell each other what they count,
 * on a network that is cut between them for a while, and a client that reads both. They differ
 * during the cut, and agree again after it; world-by-hand.test.ts looks at history and trace.
 */
import { History, nodeHost, type HistoryLine } from 'faultlab/scenarios';
import { Trace, World, type Env, type TraceRecord } from 'faultlab/sim';

/** A node program: counts what it hears, on its disk, and keeps telling the other. */
function counter(other: string): (env: Env) => Promise<void> {
  return async (env) => {
    const seen = new Set(JSON.parse(String(env.disk.read('seen') ?? '[]')) as string[]);
    env.serve({
      add(ids: readonly string[]) {
        for (const id of ids) seen.add(id);
        env.disk.write('seen', JSON.stringify([...seen]));
        return 'heard';
      },
      total: () => seen.size,
    });
    for (;;) {
      await env.sleep(20);
      await env.call(other, 'add', [...seen]);
    }
  };
}

export interface Outcome {
  readonly digest: string;
  readonly failure: string | undefined;
  readonly history: readonly HistoryLine[];
  readonly trace: readonly TraceRecord[];
}

export async function worldByHand(seed: number): Promise<Outcome> {
  const trace = new Trace();
  const world = new World(seed, {
    host: nodeHost(),
    trace,
    plan: {
      profile: 'lan',
      faults: [
        { id: 'cut', kind: 'partition', atMs: 90, untilMs: 290, groups: [['a'], ['b']] },
        { id: 'dead', kind: 'crash', atMs: 310, untilMs: 330, node: 'b' },
      ],
    },
  });
  const history = new History(world.kernel);
  world.addNode('a', counter('b'));
  world.addNode('b', counter('a'));
  world.addNode('client', async (env) => {
    for (let i = 0; i < 5; i++) {
      await env.call('a', 'add', [`client.${i}`]);
      await env.sleep(50);
      for (const from of ['a', 'b']) {
        await history.record(env.id, { op: 'total', from }, () => env.call(from, 'total', null));
      }
      await env.sleep(50);
    }
  });

  await world.run({ untilMs: 1000 });
  // Faults need not be planned: this one is thrown in from here, and the run goes on.
  world.inject([{ id: 'late', kind: 'crash', atMs: 1001, untilMs: 1100, node: 'a' }]);
  await world.run({ untilMs: 2000 });

  const { failure } = world;
  return {
    digest: world.digest(),
    failure: failure && `${failure.rule}: ${failure.message}`,
    history: history.lines,
    trace: trace.records,
  };
}
