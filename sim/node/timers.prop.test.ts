/** Timers under pauses, slowness and clocks that go wrong: none is lost, early, or out of turn. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { World, type FaultAction } from '../index.ts';

const anyTimes = fc
  .tuple(fc.nat(100), fc.integer({ min: 1, max: 80 }))
  .map(([atMs, lasts]) => ({ atMs, untilMs: atMs + lasts }));
const anyRange = fc.constantFrom<[number, number]>([0, 0], [1, 1], [0, 20]);
const anyFlap = fc.constantFrom<[number, number] | undefined>(undefined, [3, 4], [10, 1]);
const anyFault = fc
  .tuple(
    anyTimes,
    fc.oneof(
      fc.record({ kind: fc.constant('pause' as const) }),
      fc.record({ kind: fc.constant('slow' as const), stepMs: anyRange }),
      fc.record({
        kind: fc.constant('clock' as const),
        driftPpm: fc.constantFrom(-500_000, -3, 7, 250_000, 500_000),
        flapMs: anyFlap,
      }),
    ),
  )
  .map((parts) => Object.assign({ id: '', node: 'n' }, ...parts) as FaultAction);
const anyFaults = fc
  .array(anyFault, { maxLength: 4 })
  .map((faults) => faults.map((fault, i) => ({ ...fault, id: `f${i}` })));

/** When it is set, on the node's own clock, and for how long, in ms; some are taken back. */
const anyTimer = fc.record({
  setAt: fc.constantFrom(0, 0, 0, 15, 40),
  ms: fc.oneof(fc.nat(120), fc.constantFrom(0.5, 10, 20)),
  isTakenBack: fc.constantFrom(false, false, false, true),
});
type AnyTimer = typeof anyTimer extends fc.Arbitrary<infer T> ? T : never;

interface Fired {
  readonly timer: AnyTimer;
  readonly due: number;
  readonly at: number;
}

/** A change of rate rounds what is left of a timer to whole µs. */
const ROUNDING_MS = 0.5;

async function fire(
  timers: readonly AnyTimer[],
  faults: readonly FaultAction[],
  ties: 'fifo' | 'random',
) {
  const world = new World('timers', {
    host: nodeHost(),
    plan: { profile: 'steady', faults, ties },
  });
  const fired: Fired[] = [];
  world.addNode(
    'n',
    (env) => {
      const set = (timer: AnyTimer): void => {
        const due = env.now() + timer.ms;
        const taken = env.setTimer(timer.ms, () => {
          fired.push({ timer, due, at: env.now() });
        });
        if (timer.isTakenBack) env.setTimer(timer.ms / 2, () => taken.cancel());
      };
      for (const timer of timers) {
        if (timer.setAt === 0) set(timer);
        else env.setTimer(timer.setAt, () => set(timer));
      }
    },
    { isSynchronous: true },
  );
  await world.run();
  expect(world.failure).toBeUndefined();
  return { fired, inQueue: world.kernel.queue.size };
}

test('each timer that is not taken back goes off once, not early, in order', async () => {
  let late = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyTimer, { minLength: 1, maxLength: 20 }),
      anyFaults,
      fc.constantFrom('fifo' as const, 'random' as const),
      async (timers, faults, ties) => {
        const { fired, inQueue } = await fire(timers, faults, ties);
        const kept = timers.filter(({ isTakenBack }) => !isTakenBack);
        // One that is due at half of its time at the latest may have gone off before.
        const once = fired.filter(({ timer }) => !timer.isTakenBack);
        expect(new Set(once.map(({ timer }) => timer)).size).toBe(once.length);
        expect(once).toHaveLength(kept.length);
        expect(inQueue).toBe(0);
        for (const { due, at } of fired) expect(at).toBeGreaterThan(due - ROUNDING_MS);
        for (const [i, { due }] of fired.entries()) {
          const next = fired[i + 1];
          if (next !== undefined) expect(next.due).toBeGreaterThan(due - ROUNDING_MS);
        }
        late += fired.filter(({ due, at }) => at > due + 1).length;
      },
    ),
    { numRuns: 1000 },
  );
  expect(late).toBeGreaterThan(200);
});

test('without faults each goes off at its instant', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyTimer, { maxLength: 30 }), async (timers) => {
      const { fired } = await fire(timers, [], 'fifo');
      for (const { due, at } of fired) expect(at).toBe(due);
    }),
    { numRuns: 1000 },
  );
});
