/** Any faults, in any mixture: what must hold of every run, and of two runs that differ in one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { Trace, World, type Env, type FaultAction, type Host, type NodeTarget } from '../index.ts';
import type { TraceRecord, WorldOptions, WorldPlan } from '../index.ts';
import { linksOf } from './message-rule.ts';
import { nodesOf } from './target.ts';

const ids = ['n0', 'n1', 'n2', 'n3'];
const anyId = fc.constantFrom(...ids);
const types = ['odd', 'even', 'm', 'm.reply'];

// --- any fault -----------------------------------------------------------------------------------

const anyTimes = fc
  .tuple(fc.nat(50), fc.option(fc.integer({ min: 1, max: 60 }), { nil: undefined }))
  .map(([atMs, lasts]) => ({ atMs, untilMs: lasts === undefined ? undefined : atMs + lasts }));
const anyPpm = fc.constantFrom(100_000, 500_000, 1_000_000);
const anyRange = fc.constantFrom<[number, number]>([0, 0], [1, 5], [3, 30]);
const anyFlap = fc.constantFrom<[number, number] | undefined>(undefined, [5, 3], [1.5, 20]);
const anyTarget: fc.Arbitrary<NodeTarget> = fc.oneof(anyId, fc.subarray(ids));
const anyMessages = fc.record(
  {
    from: anyTarget,
    to: anyTarget,
    between: fc.tuple(anyTarget, anyTarget),
    types: fc.subarray(types, { minLength: 1 }),
  },
  { requiredKeys: [] },
);

type Kind = FaultAction['kind'];
const fields: Partial<Record<Kind, fc.Arbitrary<object>>> = {
  loss: fc.record({ ppm: anyPpm, burstPpm: fc.constantFrom(undefined, 800_000) }),
  duplicate: fc.record({ ppm: anyPpm, laterMs: anyRange }),
  delay: fc.record({ extraMs: anyRange, ppm: anyPpm }),
  reorder: fc.record({ windowMs: fc.constantFrom(1, 20), ppm: anyPpm }),
  priorities: fc.record({ windowMs: fc.constantFrom(1, 20) }),
  corrupt: fc.record({ ppm: anyPpm }),
  cut: fc.record({ flapMs: anyFlap }),
  clog: fc.record({}),
  capacity: fc.record({ messages: fc.integer({ min: 1, max: 3 }) }),
  bandwidth: fc.record({ bytesPerMs: fc.constantFrom(1, 5) }),
  partition: fc.record({
    groups: fc.array(fc.subarray(ids), { minLength: 2, maxLength: 3 }),
    flapMs: anyFlap,
  }),
  crash: fc.record({ node: anyTarget, wipe: fc.boolean() }),
  'crash-point': fc.record({
    node: anyId,
    call: fc.integer({ min: 1, max: 60 }),
    when: fc.constantFrom('before', 'after'),
    downMs: fc.constantFrom(0, 1, 20),
  }),
  pause: fc.record({ node: anyTarget }),
  slow: fc.record({ node: anyTarget, stepMs: anyRange }),
  limp: fc.record({
    node: anyTarget,
    factor: fc.constantFrom(2, 30, 1000),
    of: fc.constantFrom<('cpu' | 'disk' | 'nic')[] | undefined>(
      undefined,
      ['disk'],
      ['cpu', 'nic'],
    ),
  }),
  clock: fc.record({
    node: anyTarget,
    driftPpm: fc.constantFrom(-500_000, -100, 0, 300_000),
    offsetMs: fc.constantFrom(-50, 0, 1000),
    flapMs: anyFlap,
  }),
  buggify: fc.record({ points: fc.constantFrom(undefined, ['b1', 'b2']) }),
};
const OF_MESSAGES: readonly Kind[] = [
  ...(['loss', 'duplicate', 'delay', 'reorder', 'priorities', 'corrupt'] as const),
  ...(['cut', 'clog', 'capacity', 'bandwidth'] as const),
];

const anyFault: fc.Arbitrary<FaultAction> = fc
  .constantFrom(...(Object.keys(fields) as Kind[]))
  .chain((kind) => {
    const messages = OF_MESSAGES.includes(kind) ? anyMessages : fc.constant({});
    return fc
      .tuple(anyTimes, messages, fields[kind]!)
      .map((parts) => Object.assign({ id: kind, kind }, ...parts) as FaultAction);
  });
const anyFaults = fc
  .array(anyFault, { minLength: 1, maxLength: 5 })
  .map((faults) => faults.map((fault, i) => ({ ...fault, id: `${fault.kind} ${i}` })));

const anyPlan = fc.record({
  streamSeed: fc.string(),
  profile: fc.constantFrom('lab-unreliable', 'lan', 'vopr', 'steady'),
  ties: fc.constantFrom('fifo' as const, 'random' as const),
  // Half of the runs have none.
  hardware: fc.constantFrom('ideal', 'ideal', 'server', 'cluster-2004'),
  faults: anyFaults,
});

// --- a program that uses everything --------------------------------------------------------------

/** What a node does besides sending; `check` is called whenever its code goes on. */
function worker(env: Env, check: () => void): void {
  let state = 0;
  env.receive({ odd: check, even: () => void state++ });
  env.serve({
    m: async (n: number) => {
      check();
      state += n;
      if (env.buggify(`b${n}`)) state *= 2;
      await env.sleep(env.random.below(6));
      check();
      env.disk.write('state', String(state));
      return state;
    },
  });
  env.spawn('calls', async () => {
    const next = ids[(ids.indexOf(env.id) + 1) % ids.length] as string;
    for (let i = 0; i < 6; i++) {
      state += Number((await env.call(next, 'm', i, { timeoutMs: 15 })) ?? 1);
      check();
      await env.sleep(3);
      check();
    }
  });
}

/** Sends at set times, whatever else happens: the n-th message is the same in every run. */
function sender(env: Env, kinds: readonly string[]): void {
  for (let i = 0; i < 8; i++) {
    const type = i % 2 === 0 ? 'even' : 'odd';
    if (!kinds.includes(type)) continue;
    env.setTimer(7 * i, () => {
      for (const to of ids) if (to !== env.id) env.send(to, type, i);
    });
  }
}

interface Cast {
  readonly plan: Partial<WorldPlan>;
  readonly options?: Partial<WorldOptions>;
  /** Nodes that send nothing. */
  readonly silent?: readonly string[];
  readonly kinds?: readonly string[];
  /** Only send, so that nothing but time decides what is sent. */
  readonly isSending?: boolean;
}

/** The node that has started most often. */
function youngest(world: World): string[] {
  const lives = (id: string): number => world.machine(id).lives;
  return ids.toSorted((a, b) => lives(b) - lives(a)).slice(0, 1);
}

interface Outcome {
  readonly world: World;
  readonly undead: number;
}

async function carryOut(cast: Cast): Promise<Outcome> {
  const { plan, silent = [], kinds = ['odd', 'even'], isSending = false } = cast;
  const world: World = new World('faults', {
    host: nodeHost(),
    plan,
    recordFates: true,
    selectors: { youngest: () => youngest(world), nobody: () => undefined },
    ...cast.options,
  });
  let undead = 0;
  for (const [i, id] of ids.entries()) {
    const labels = { zone: i % 2 === 0 ? 'a' : 'b' };
    const program = (env: Env): void => {
      const check = (): void => {
        if (world.machine(id).life?.incarnation !== env.incarnation) undead++;
      };
      env.show({ incarnation: env.incarnation });
      if (isSending) env.receive({ odd: () => {}, even: () => {} });
      else worker(env, check);
      if (!silent.includes(id)) sender(env, kinds);
    };
    world.addNode(id, program, { labels, takesDamaged: i === 3, isSynchronous: isSending });
  }
  await world.run({ untilMs: 120 });
  expect(world.failure).toBeUndefined();
  return { world, undead };
}

const fingerprint = ({ world }: Outcome): unknown[] => [
  ...[world.digest(), world.events, world.now(), world.crashes, world.unmatchedTargets],
  structuredClone(Object.entries(world.network.counters)),
];

describe('a run with any faults', () => {
  test('is the same again: traced or not, guarded or not, on any host', async () => {
    const immediate = setImmediate;
    const slowHost: Host = {
      ...nodeHost(),
      drain: (next) => void immediate(next),
      yield: (next) => void immediate(() => immediate(next)),
    };
    const otherWays: Partial<WorldOptions>[] = [
      { trace: new Trace('full') },
      { trace: new Trace('summary') },
      { guards: false },
      { isStrict: true },
      { host: slowHost },
    ];
    let way = 0;
    const started = new Set<string>();
    await fc.assert(
      fc.asyncProperty(anyPlan, async (plan) => {
        const first = await carryOut({ plan });
        for (const { kind } of first.world.faultsStarted) started.add(kind);
        const options = otherWays[way++ % otherWays.length]!;
        expect(fingerprint(await carryOut({ plan, options }))).toEqual(fingerprint(first));
      }),
      { numRuns: 1000 },
    );
    expect([...started].toSorted()).toEqual(Object.keys(fields).toSorted());
  });

  test('never enters a dead life, nor settles what it waited for', async () => {
    const crash = fc.record({
      id: fc.constant('crash'),
      kind: fc.constant('crash' as const),
      node: fc.subarray(ids, { minLength: 1 }),
      atMs: fc.nat(40),
      untilMs: fc.integer({ min: 41, max: 60 }),
    });
    let [crashes, restarts] = [0, 0];
    await fc.assert(
      fc.asyncProperty(anyPlan, crash, async (plan, action) => {
        const trace = new Trace();
        const faults = [...plan.faults, action];
        const { world, undead } = await carryOut({ plan: { ...plan, faults }, options: { trace } });
        expect(undead).toBe(0);
        const dead = new Map<string, number>();
        for (const { kind, node, incarnation, event } of trace.records) {
          const life = `${node}#${incarnation}`;
          if (kind === 'crash') dead.set(life, event);
          if (kind === 'restart') restarts++;
          if (EVENTS.has(kind)) expect(dead.get(life) ?? event).toBe(event);
        }
        crashes += world.crashes;
      }),
      { numRuns: 1000 },
    );
    expect(crashes).toBeGreaterThan(1000);
    expect(restarts).toBeGreaterThan(1000);
  });

  test('is repeated by its plan with the targets that were selected', async () => {
    const anySelection = fc.constantFrom<NodeTarget>(
      ...[{ select: 'youngest' }, { select: 'nobody' }],
      ...[
        { label: 'zone', is: 'a' },
        { label: 'zone', is: 'z' },
      ],
    );
    let concrete = 0;
    await fc.assert(
      fc.asyncProperty(anyPlan, fc.array(anySelection), async (plan, chosen) => {
        const faults = plan.faults.map((fault, i) => aimed(fault, chosen[i]));
        const first = await carryOut({ plan: { ...plan, faults } });
        const byId = new Map(first.world.faultsStarted.map((fault) => [fault.id, fault]));
        const recorded = faults.map((fault) => byId.get(fault.id) ?? fault);
        const again = await carryOut({ plan: { ...plan, faults: recorded } });
        expect(fingerprint(again)).toEqual(fingerprint(first));
        if (JSON.stringify(recorded) !== JSON.stringify(faults)) concrete++;
      }),
      { numRuns: 1000 },
    );
    expect(concrete).toBeGreaterThan(300);
  });
});

const EVENTS: ReadonlySet<TraceRecord['kind']> = new Set([
  ...(['start', 'timer', 'wake', 'message', 'answer', 'invoke'] as const),
]);

/** The same fault with another target, where it has one that may be selected. */
function aimed(fault: FaultAction, target: NodeTarget | undefined): FaultAction {
  if (target === undefined || fault.kind === 'crash-point') return fault;
  if ('node' in fault) return { ...fault, node: target };
  return 'from' in fault ? { ...fault, from: target } : fault;
}

// --- two runs that differ in one thing -----------------------------------------------------------

type Touches = (from: string, to: string, type: string) => boolean;

/** Which messages may see that a fault is missing. */
function touchedBy(fault: FaultAction, others: readonly FaultAction[]): Touches {
  // These make the messages of a link depend on each other.
  const isCoupled = others.some(({ kind }) => kind === 'capacity' || kind === 'bandwidth');
  if ('node' in fault) {
    const nodes = nodesOf(fault.node);
    return (from, to) => nodes.includes(from) || nodes.includes(to);
  }
  if (fault.kind === 'buggify') return () => false;
  if (fault.kind === 'partition') {
    const members = fault.groups.flat();
    return (from, to) => members.includes(from) && members.includes(to);
  }
  const isOn = linksOf(fault);
  const named = 'types' in fault && !isCoupled ? fault.types : undefined;
  return (from, to, type) => isOn(from, to) && named?.includes(type) !== false;
}

/** What was decided about every message, and when it came: of those that `touches` does not. */
function untouched({ world }: Outcome, trace: Trace, touches: Touches): string[] {
  const fates = (world.network.fates ?? []).flatMap(({ link, type, n, fate }) => {
    const [from, to] = link.split('>') as [string, string];
    return touches(from, to, type) ? [] : [`${link} ${type} ${n} ${JSON.stringify(fate)}`];
  });
  const told = trace.records.flatMap(({ kind, from, to, label, n, timeUs }) =>
    from === undefined || to === undefined || touches(from, to, label)
      ? []
      : [`${from}>${to} ${label} ${n} ${kind} ${timeUs}`],
  );
  return [...fates, ...told].toSorted();
}

/** Run both, and compare the messages that have nothing to do with what makes the difference. */
async function compare(one: Cast, other: Cast, touches: Touches): Promise<number> {
  const seen: string[][] = [];
  for (const cast of [one, other]) {
    const trace = new Trace();
    const outcome = await carryOut({ ...cast, isSending: true, options: { trace } });
    seen.push(untouched(outcome, trace, touches));
  }
  expect(seen[1]).toEqual(seen[0]);
  return seen[0]!.length;
}

describe('taking one thing out of a run leaves all other messages as they were', () => {
  // A slow node sends when it comes to it, and so depends on what it receives.
  const isSteady = ({ kind }: FaultAction): boolean => kind !== 'slow';
  // On hardware messages wait for each other wherever they meet: see `limp.test.ts`.
  const apart = { ties: 'fifo', hardware: 'ideal' } as const;
  const steadyPlan = anyPlan.map((plan) => ({ ...plan, ...apart }));

  test('a fault, of any kind', async () => {
    let compared = 0;
    const removed = new Set<string>();
    await fc.assert(
      fc.asyncProperty(steadyPlan, fc.nat(), async (plan, pick) => {
        const at = pick % plan.faults.length;
        const gone = plan.faults[at]!;
        const faults = plan.faults.filter((fault) => fault === gone || isSteady(fault));
        const fewer = faults.filter((fault) => fault !== gone);
        removed.add(gone.kind);
        const touches = touchedBy(gone, fewer);
        compared += await compare(
          { plan: { ...plan, faults } },
          { plan: { ...plan, faults: fewer } },
          touches,
        );
      }),
      { numRuns: 1000 },
    );
    expect([...removed].toSorted()).toEqual(Object.keys(fields).toSorted());
    expect(compared).toBeGreaterThan(50_000);
  });

  test('a client', async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(steadyPlan, anyId, async (plan, silent) => {
        // A crash point may never come where fewer messages do.
        const isApart = (fault: FaultAction): boolean =>
          isSteady(fault) && fault.kind !== 'crash-point';
        const cast = { plan: { ...plan, faults: plan.faults.filter(isApart) } };
        compared += await compare(cast, { ...cast, silent: [silent] }, (from) => from === silent);
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(50_000);
  });

  test('a type of messages', async () => {
    let compared = 0;
    const isApart = (fault: FaultAction): boolean =>
      isSteady(fault) &&
      !['capacity', 'bandwidth', 'crash-point'].includes(fault.kind) &&
      !('burstPpm' in fault && fault.burstPpm !== undefined);
    await fc.assert(
      fc.asyncProperty(steadyPlan, async (plan) => {
        const cast = { plan: { ...plan, faults: plan.faults.filter(isApart) } };
        const isOdd: Touches = (_from, _to, type) => type === 'odd';
        compared += await compare(cast, { ...cast, kinds: ['even'] }, isOdd);
      }),
      { numRuns: 1000 },
    );
    expect(compared).toBeGreaterThan(50_000);
  });
});
