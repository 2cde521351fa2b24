/** Faults of every kind that begin and end in the middle of whatever nodes do, on real hardware. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  bulk,
  clockProfiles,
  DiskError,
  diskProfiles,
  hardwareProfiles,
  profiles,
  RunMetrics,
  Trace,
  World,
  type Env,
  type FaultAction,
  type TraceRecord,
} from '../index.ts';

const ids = ['a', 'b', 'c'];
const CHAOS_MS = 400;

const node = fc.oneof(fc.constantFrom(...ids), fc.subarray(ids, { minLength: 1 }));
const link = fc.record({ from: node, to: node }, { requiredKeys: [] });
const ppm = fc.constantFrom(1000, 200_000, 1_000_000);
const range = fc.constantFrom([0, 3], [5, 5], [0, 60]);
const flap = { flapMs: fc.option(fc.constantFrom([1, 1], [7, 3]), { nil: undefined }) };

const bodies: readonly fc.Arbitrary<object>[] = [
  { kind: 'loss', ppm, burstPpm: ppm },
  { kind: 'duplicate', ppm, laterMs: range },
  { kind: 'delay', ppm, extraMs: range },
  { kind: 'reorder', ppm, windowMs: fc.constantFrom(1, 50) },
  { kind: 'priorities', windowMs: fc.constantFrom(1, 50) },
  { kind: 'corrupt', ppm },
  { kind: 'cut', ...flap },
  { kind: 'clog' },
  { kind: 'capacity', messages: fc.constantFrom(1, 5) },
  { kind: 'bandwidth', bytesPerMs: fc.constantFrom(1, 1000) },
  { kind: 'partition', groups: fc.constant([['a'], ['b', 'c']]), ...flap },
  { kind: 'crash', node, wipe: fc.boolean() },
  { kind: 'crash', node },
  {
    kind: 'crash-point',
    node: fc.constantFrom(...ids),
    call: fc.nat(60).map((n) => n + 1),
    downMs: fc.nat(30),
  },
  { kind: 'pause', node },
  { kind: 'slow', node, stepMs: range },
  { kind: 'limp', node, factor: fc.constantFrom(2, 30, 1000) },
  { kind: 'disk-slow', node, extraMs: range },
  { kind: 'disk-error', node, ppm },
  { kind: 'disk-full', node },
  { kind: 'bit-rot', node, ppm },
  { kind: 'misdirected-write', node, ppm },
  { kind: 'stale-read', node, ppm },
  {
    kind: 'clock',
    node,
    offsetMs: fc.constantFrom(-50, 1000),
    driftPpm: fc.constantFrom(-500_000, 300_000),
    ...flap,
  },
].map(({ kind, ...fields }) =>
  fc
    .tuple(fc.record(fields as Record<string, fc.Arbitrary<unknown>>), link)
    .map(([own, messages]) => ({
      kind,
      ...('node' in own || 'groups' in own ? {} : messages),
      ...own,
    })),
);

const anyFaults: fc.Arbitrary<FaultAction[]> = fc
  .array(fc.tuple(fc.oneof(...bodies), fc.nat(CHAOS_MS - 2), fc.integer({ min: 1, max: 300 })), {
    maxLength: 12,
    size: 'max',
  })
  .map((drawn) =>
    drawn.map(
      ([body, atMs, forMs], i) =>
        ({ ...body, id: `f${i}`, atMs, untilMs: atMs + forMs }) as FaultAction,
    ),
  );

const anyPlan = fc.record({
  streamSeed: fc.string(),
  profile: fc.constantFrom(...profiles.keys()),
  disk: fc.constantFrom(...diskProfiles.keys()),
  clocks: fc.constantFrom(...clockProfiles.keys()),
  hardware: fc.constantFrom(...hardwareProfiles.keys()),
  ties: fc.constantFrom('fifo' as const, 'random' as const),
  faults: anyFaults,
});
type AnyPlan = typeof anyPlan extends fc.Arbitrary<infer P> ? P : never;

/** Everything that takes its time, again and again; a disk that fails is tried anew. */
function busy(served: Set<string>): (env: Env) => Promise<void> {
  return async (env) => {
    const others = ids.filter((id) => id !== env.id);
    env.serve({
      fetch: async (bytes: number) => {
        await env.compute(0.5);
        return bulk(env.id, bytes);
      },
    });
    env.receive({ note: (at: number) => void env.disk.exists(`${at}`) });
    for (let round = 0; ; round++) {
      try {
        env.disk.append('log', `${round} `);
        await env.disk.fsync('log');
        env.disk.write('tmp', `${round}`.repeat(300));
        env.disk.rename('tmp', 'state');
        if (round % 3 === 0) env.disk.save('saved', 'x');
        if (round % 5 === 0) env.disk.remove('log');
        env.disk.read('state');
        await env.disk.transfer(1000);
      } catch (error) {
        if (!(error instanceof DiskError)) throw error;
      }
      for (const to of others) {
        env.send(to, 'note', round, { bytes: 500 });
        const reply = await env.call(to, 'fetch', 2000, { timeoutMs: 400 });
        if (reply === to) served.add(`${env.id}<${to}`);
      }
      await env.sleep(2);
    }
  };
}

interface Outcome {
  readonly digest: string;
  readonly events: number;
  readonly failure: unknown;
  readonly served: readonly string[];
}

async function carryOut(
  plan: AnyPlan,
  options: Partial<ConstructorParameters<typeof World>[1]>,
): Promise<Outcome> {
  const world = new World('meeting', { host: nodeHost(), plan, ...options });
  const served = new Set<string>();
  for (const id of ids) world.addNode(id, busy(served));
  world.addNode(
    'tester',
    async (env) => {
      await env.sleep(CHAOS_MS);
      world.heal();
      served.clear();
      // The slowest networks give up on a call after 7 s.
      while (served.size < 6 && env.now() < 60_000) await env.sleep(50);
      world.stop();
    },
    { isImmune: true },
  );
  await world.run({ maxEvents: 400_000 });
  return {
    digest: world.digest(),
    events: world.events,
    failure: world.failure,
    served: [...served].toSorted(),
  };
}

/** What metrics count is what the trace has, and what they say of it over time is the same. */
function checkMetrics(metrics: RunMetrics, records: readonly TraceRecord[]): void {
  const { counters, measures } = metrics.toData();
  const total = (name: string): number =>
    counters.filter((row) => row.name === name).reduce((sum, row) => sum + row.total, 0);
  for (const kind of ['lost', 'held', 'duplicated', 'corrupted', 'crash', 'late'] as const) {
    expect([kind, total(kind)]).toEqual([
      kind,
      records.filter((record) => record.kind === kind).length,
    ]);
  }
  expect(total('sent')).toBe(records.filter(({ kind }) => kind === 'send').length);
  expect(total('missed')).toBe(total('lost'));
  // A copy of what is lost as it is sent never sets out.
  const ends = total('received') + total('lost') + metrics.underWay;
  expect(ends).toBeGreaterThanOrEqual(total('sent'));
  expect(ends).toBeLessThanOrEqual(total('sent') + total('duplicated'));
  for (const { total: all, series } of counters) {
    expect(series.values.reduce((sum, value) => sum + value, 0)).toBe(all);
  }
  for (const { histogram, series } of measures) {
    expect(Math.max(...series.values)).toBe(histogram.max);
  }
}

test('leave no trace once they are over, whoever looks on', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(anyPlan, async (plan) => {
      const run = await carryOut(plan, {});
      expect(run.failure).toBeUndefined();
      // Everybody is there, and hears everybody.
      expect(run.served).toEqual(
        ids.flatMap((a) => ids.filter((b) => b !== a).map((b) => `${a}<${b}`)),
      );
      const [trace, metrics] = [new Trace(), new RunMetrics()];
      expect(await carryOut(plan, { trace, metrics })).toEqual(run);
      checkMetrics(metrics, trace.records);
    }),
    { numRuns: 10 },
  );
});
