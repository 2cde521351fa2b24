/**
 * A scenario of one's own, from nothing: a counter server that recovers from its disk, clients that
 * add to it, crashes, and an assertion. Try it with
 *
 *     faultlab sweep examples/counter.scenario.ts
 */
import { defineScenario, z, type FaultAction } from 'faultlab/scenarios';
import type { Env } from 'faultlab/sim';

interface Add {
  readonly id: string;
  readonly by: number;
}

/** The layers that `--impl` may replace: here a single one. */
const layers = {
  /** A request with an id seen before is not executed again. */
  counterServer(env: Env): void {
    const saved = env.disk.read('counter');
    const done = new Map<string, number>(
      saved === undefined ? [] : (JSON.parse(String(saved)) as [string, number][]),
    );
    const total = (): number => [...done.values()].reduce((sum, by) => sum + by, 0);
    env.serve({
      add({ id, by }: Add) {
        done.set(id, by);
        env.disk.save('counter', JSON.stringify([...done]));
        return total();
      },
      total,
    });
  },
};

export default defineScenario({
  name: 'counter/exactly-once',
  description:
    'clients add through an unreliable network; the server crashes; nothing counts twice',
  params: z.object({
    clients: z.int().min(1).default(3).describe('number of clients'),
    adds: z.int().min(1).default(20).describe('additions of each client'),
  }),
  layers,
  probes: [{ name: 'the server crashed', within: 10 }],
  plan(stream, { clients, adds }) {
    const random = stream('crashes');
    const faults = Array.from({ length: random.below(4) }, (_, i): FaultAction => {
      const atMs = random.below(1000);
      return { id: `crash${i}`, kind: 'crash', node: 'counter', atMs, untilMs: atMs + 100 };
    });
    const plans = Array.from({ length: clients }, (_, i) => ({
      id: `c${i}`,
      settings: {},
      intents: Array.from({ length: adds }, () => ({ op: 'add', by: stream(`c${i}`).below(10) })),
    }));
    return { profile: 'lab-unreliable', faults, clients: plans };
  },
  setup(t) {
    t.addNode('counter', (env) => t.layers(env).counterServer(env));
    for (const { id, intents } of t.clients) {
      t.addClient(id, async (env) => {
        for (const [i, { by }] of intents.entries()) {
          const add = { id: `${id}.${i}`, by };
          while ((await env.call('counter', 'add', add)) === undefined) await env.sleep(50);
          t.count('added', Number(by));
        }
      });
    }
  },
  async run(t) {
    await t.clientsDone();
    t.world.heal();
    if (t.world.crashes > 0) t.probe('the server crashed');
    let total = await t.call('counter', 'total', undefined);
    while (total === undefined) total = await t.call('counter', 'total', undefined);
    const expected = t.clients
      .flatMap((c) => c.intents)
      .reduce((sum, i) => sum + Number(i['by']), 0);
    t.expect('every addition counts once', total === expected, () => {
      return `the counter says ${String(total)}, the clients added ${expected}`;
    });
  },
});
