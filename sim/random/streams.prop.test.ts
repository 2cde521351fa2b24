/** Streams are named by path: taking something out of a run leaves all else as it was. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { Streams, Trace, World, type FaultAction } from '../index.ts';

const clients = ['c0', 'c1', 'c2', 'c3'];

interface Cast {
  readonly nodes: readonly string[];
  readonly faults: readonly FaultAction[];
}

interface Message {
  readonly sentUs: number;
  readonly tookUs: number;
}

/** Clients that send at set times; what became of each message, by link, type and ordinal. */
async function messagesOf({ nodes, faults }: Cast, profile: string): Promise<Map<string, Message>> {
  const trace = new Trace();
  const world = new World('streams', { host: nodeHost(), plan: { profile, faults }, trace });
  world.addNode('server', (env) => {
    env.serve({ call: () => 'reply' });
    env.receive({ note: () => {} });
  });
  for (const id of nodes) {
    world.addNode(id, (env) => {
      for (let i = 0; i < 30; i++) {
        env.setTimer(10 * i, () => {
          void env.call('server', 'call', i);
          env.send('server', 'note', env.random.uint32());
        });
      }
    });
  }
  await world.run();
  expect(world.failure).toBeUndefined();
  const sent = new Map<string, number>();
  const messages = new Map<string, Message>();
  for (const { kind, from, to, label, n, timeUs } of trace.records) {
    const name = `${from}>${to} ${label} ${n}`;
    if (kind === 'send') sent.set(name, timeUs);
    if (kind !== 'message' && kind !== 'answer') continue;
    const sentUs = sent.get(name);
    if (sentUs !== undefined) messages.set(name, { sentUs, tookUs: timeUs - sentUs });
  }
  return messages;
}

const harmless = (id: string, i: number): FaultAction[] => [
  {
    id: `delay ${i}`,
    kind: 'delay',
    atMs: 55,
    untilMs: 145,
    between: [id, 'server'],
    extraMs: [5, 9],
  },
  { id: `cut ${i}`, kind: 'partition', atMs: 155, untilMs: 215, groups: [[id], ['server']] },
];
const allFaults: FaultAction[] = [
  ...clients.flatMap(harmless),
  { id: 'crash', kind: 'crash', atMs: 225, untilMs: 245, node: 'server' },
];

const anyCast: fc.Arbitrary<Cast> = fc
  .record({ nodes: fc.subarray(clients, { minLength: 1 }), faults: fc.subarray(allFaults) })
  .map(({ nodes, faults }) => ({
    nodes,
    faults: faults.filter(
      (fault) => fault.kind === 'crash' || nodes.includes(clients[Number(fault.id.at(-1))]!),
    ),
  }));

const anyProfile = fc.constantFrom('lab-reliable', 'lab-unreliable', 'lab-long-reordering', 'lan');

describe('the fate of a message', () => {
  test('does not depend on other nodes, nor on faults that do not touch it', async () => {
    await fc.assert(
      fc.asyncProperty(anyCast, anyCast, anyProfile, async (one, other, profile) => {
        const before = await messagesOf(one, profile);
        const after = await messagesOf(other, profile);
        let compared = 0;
        for (const [name, message] of before) {
          const same = after.get(name);
          // Replies are numbered as they are sent, so that a lost request shifts them.
          if (same === undefined || name.startsWith('server>')) continue;
          const isDelayed = (at: Message): boolean => at.sentUs > 55_000 && at.sentUs < 145_000;
          if (isDelayed(message)) continue;
          expect([name, same]).toEqual([name, message]);
          compared++;
        }
        const shared = one.nodes.filter((id) => other.nodes.includes(id)).length;
        expect(compared).toBeGreaterThanOrEqual(shared * 10);
      }),
      { numRuns: 60 },
    );
  });

  test('takes as many draws where a partition applies as where none does', async () => {
    const cut: FaultAction = {
      id: 'cut',
      kind: 'partition',
      atMs: 95,
      untilMs: 195,
      groups: [['c0'], ['server']],
    };
    for (const profile of ['lab-unreliable', 'lan']) {
      const before = await messagesOf({ nodes: ['c0'], faults: [] }, profile);
      const after = await messagesOf({ nodes: ['c0'], faults: [cut] }, profile);
      const later = [...before].filter(
        ([name, { sentUs }]) => name.startsWith('c0>') && sentUs >= 200_000,
      );
      expect(later.length).toBeGreaterThan(10);
      for (const [name, message] of later) expect(after.get(name)).toEqual(message);
    }
  });
});

describe('a stream', () => {
  test('depends on its name and the seed alone', () => {
    fc.assert(
      fc.property(fc.string(), fc.uniqueArray(fc.string(), { minLength: 2 }), (seed, names) => {
        const draws = (order: string[]): Map<string, number[]> => {
          const streams = new Streams(seed);
          const result = new Map(order.map((name) => [name, [] as number[]]));
          for (let i = 0; i < 3; i++) {
            for (const name of order) result.get(name)!.push(streams.stream(name).uint32());
          }
          return result;
        };
        const backwards = draws(names.toReversed());
        for (const [name, drawn] of draws(names)) expect(backwards.get(name)).toEqual(drawn);
      }),
    );
  });

  test('begins evenly over neighbouring names and seeds, as the first messages of a run do', () => {
    const buckets = Array.from({ length: 10 }, () => 0);
    let rises = 0;
    let last = 0;
    for (let i = 0; i < 20_000; i++) {
      const stream = new Streams(String(i % 100)).stream(`net/c${Math.floor(i / 100)}>s/get`);
      const draw = stream.below(1000);
      buckets[Math.floor(draw / 100)]!++;
      if (draw > last) rises++;
      last = draw;
    }
    // 2,000 each; four standard deviations.
    for (const count of buckets) expect(Math.abs(count - 2000)).toBeLessThan(170);
    expect(Math.abs(rises - 10_000)).toBeLessThan(250);
  });

  test('draws what it has always drawn: a seed keeps its meaning', () => {
    const random = new Streams('1').stream('net/a>b/get');
    expect([random.uint32(), random.below(1000), random.between(-5, 5)]).toMatchInlineSnapshot(`
      [
        2359103899,
        719,
        -5,
      ]
    `);
    expect([random.chance(1, 3), random.pick(['a', 'b', 'c'])]).toMatchInlineSnapshot(`
      [
        false,
        "a",
      ]
    `);
    expect([random.shuffle([1, 2, 3, 4, 5]).join(), random.token()]).toMatchInlineSnapshot(`
      [
        "3,5,2,4,1",
        "kh4as3fobfytk3he",
      ]
    `);
  });

  test('stays within its bounds, reaches both, and favours nothing', () => {
    const random = new Streams('1').stream('bounds');
    const seen = new Map<number, number>();
    for (let i = 0; i < 14_000; i++) {
      const draw = random.between(-3, 3);
      seen.set(draw, (seen.get(draw) ?? 0) + 1);
    }
    expect([...seen.keys()].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
    for (const count of seen.values()) expect(Math.abs(count - 2000)).toBeLessThan(166);
    expect(random.below(1)).toBe(0);
    expect(random.below(2 ** 32)).toBeLessThan(2 ** 32);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 32 + 1])('refuses to draw below %d', (n) => {
    expect(() => new Streams('1').stream('s').below(n)).toThrow(RangeError);
  });

  test('refuses to pick from nothing', () => {
    expect(() => new Streams('1').stream('s').pick([])).toThrow('nothing to pick from');
  });
});
