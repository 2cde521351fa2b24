/** Taking one disk fault out of a plan changes nothing but what that fault did. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import {
  diskProfiles,
  nodesOf,
  World,
  type DiskError,
  type Env,
  type FaultAction,
} from '../index.ts';

const ids = ['a', 'b'];
const UNTIL_MS = 30;

const anyKind = fc.oneof(
  fc.record({
    kind: fc.constant('disk-slow' as const),
    extraMs: fc.constantFrom([0, 3] as const, [2, 9] as const),
  }),
  fc.record({
    kind: fc.constant('disk-error' as const),
    ppm: fc.constantFrom(100_000, 500_000),
    ops: fc.option(
      fc.subarray(['read', 'write', 'fsync'] as ('read' | 'write' | 'fsync')[], { minLength: 1 }),
      { nil: undefined },
    ),
  }),
  fc.record({ kind: fc.constant('disk-full' as const) }),
  fc.record({
    kind: fc.constantFrom('bit-rot' as const, 'misdirected-write' as const, 'stale-read' as const),
    ppm: fc.constantFrom(200_000, 700_000),
  }),
);

const anyFaults: fc.Arbitrary<FaultAction[]> = fc
  .array(
    fc.record({
      of: anyKind,
      node: fc.constantFrom<(string | string[])[]>('a', 'b', ['a', 'b']),
      atMs: fc.nat(UNTIL_MS),
      lasts: fc.integer({ min: 5, max: UNTIL_MS }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((faults) =>
    faults.map(({ of, node, atMs, lasts }, i) => ({
      ...of,
      id: `f${i}`,
      node,
      atMs: atMs + 0.25,
      untilMs: atMs + 0.25 + lasts,
    })),
  );

interface Seen {
  readonly node: string;
  readonly ms: number;
  readonly what: string;
  readonly result: string;
}

type Note = (what: string, result: unknown) => void;

/** Two nodes do the same every ms, whatever comes of it, and crash once. */
async function observe(seed: string, disk: string, faults: FaultAction[]): Promise<Seen[]> {
  const world = new World(seed, { host: nodeHost(), plan: { disk, faults } });
  const seen: Seen[] = [];
  for (const node of ids) {
    world.addNode(node, (env) => {
      const tick = (): void => {
        const ms = env.now();
        work(env, (what, result) => void seen.push({ node, ms, what, result: String(result) }));
        if (ms < UNTIL_MS) env.setTimer(1, tick);
      };
      tick();
    });
  }
  world.addNode('doctor', async (env) => {
    await env.sleep(15.5);
    for (const node of ids) {
      world.crash(node);
      world.restart(node);
    }
  });
  await world.run();
  expect(world.failure).toBeUndefined();
  return seen.toSorted((a, b) => (a.node < b.node ? -1 : Number(a.node > b.node)));
}

function work(env: Env, note: Note): void {
  const { disk } = env;
  const ms = env.now();
  const attempt = (what: string, act: () => unknown): void => {
    try {
      note(what, act() ?? 'ok');
    } catch (error) {
      note(what, (error as DiskError).code ?? 'ok');
    }
  };
  for (const file of ['f', 'g', 'u']) attempt(`read ${file}`, () => disk.read(file));
  attempt('append', () => disk.append('f', String(ms % 10)));
  // Longer every time, also half a ms later, so that a full disk refuses it whatever was refused
  // before.
  attempt('save', () => disk.save('g', 'x'.repeat(2 * ms)));
  attempt('write', () => disk.write('t', `${ms}`.padEnd(2 * ms, '-')));
  attempt('rename', () => disk.rename('t', 'u'));
  disk.fsync('f').then(
    () => note('fsync', `${Math.round((env.now() - ms) * 1000)} µs`),
    () => note('fsync', 'EIO'),
  );
}

/** Reads whose results a fault may change after it was lifted: it has kept nodes from writing. */
const keepsFromWriting = (kind: FaultAction['kind']): boolean =>
  kind === 'disk-error' || kind === 'disk-full';

test('a fault taken out of a plan leaves all others as they were', async () => {
  let [changed, compared] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.string(),
      fc.constantFrom(...diskProfiles.keys()),
      anyFaults,
      fc.nat(),
      async (seed, profile, faults, choice) => {
        const out = faults[choice % faults.length]!;
        const more = await observe(seed, profile, faults);
        const less = await observe(
          seed,
          profile,
          faults.filter((fault) => fault !== out),
        );
        const isAlike = ({ node, ms, what }: Seen): boolean => {
          if (!nodesOf((out as { node: string }).node).includes(node)) return true;
          if (ms >= out.atMs && ms < out.untilMs!) return false;
          if (!what.startsWith('read') || ms < out.atMs) return true;
          // When a sync ends decides what a crash leaves, unless all is durable at once.
          return out.kind === 'disk-slow' ? profile === 'perfect' : !keepsFromWriting(out.kind);
        };
        const rest = less.filter(isAlike).map(line);
        expect(more.filter(isAlike).map(line).toSorted()).toEqual(rest.toSorted());
        compared += rest.length;
        if (more.map(line).join() !== less.map(line).join()) changed++;
      },
    ),
    { numRuns: 1000 },
  );
  // Faults that do nothing would prove nothing.
  expect(changed).toBeGreaterThan(500);
  expect(compared).toBeGreaterThan(200_000);
});

function line({ node, ms, what, result }: Seen): string {
  return `${node} ${ms} ${what} ${result}`;
}
