/** One seed, one run: random programs under random faults, run in different ways. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nodeHost } from '../scenarios/runner/node-host.ts';
import {
  Trace,
  World,
  type Env,
  type FaultAction,
  type Host,
  type MessageOverride,
  type OverrideFate,
  type WorldOptions,
  type WorldPlan,
} from './index.ts';

type Step =
  | { readonly do: 'sleep' | 'draw' | 'probe' | 'timer'; readonly ms: number }
  | { readonly do: 'call' | 'send'; readonly to: string; readonly ms: number }
  | { readonly do: 'write'; readonly file: string; readonly ms: number }
  | { readonly do: 'put' | 'take' | 'select' | 'lock' | 'group'; readonly ms: number }
  | { readonly do: 'spawn'; readonly steps: readonly Step[] };

const ids = ['n0', 'n1', 'n2', 'n3'];
const anyId = fc.constantFrom(...ids);
const anyMs = fc.constantFrom(0, 1, 2, 5, 20, 0.5);

const anySteps: fc.Arbitrary<Step[]> = fc.letrec<{ steps: Step[]; step: Step }>((tie) => ({
  step: fc.oneof(
    { depthSize: 'small' },
    fc.record({ do: fc.constantFrom('sleep', 'draw', 'probe', 'timer'), ms: anyMs }),
    fc.record({ do: fc.constantFrom('call', 'send'), to: anyId, ms: anyMs }),
    fc.record({ do: fc.constantFrom('put', 'take', 'select', 'lock', 'group'), ms: anyMs }),
    fc.record({ do: fc.constant('write'), file: fc.constantFrom('f', 'g'), ms: anyMs }),
    fc.record({ do: fc.constant('spawn'), steps: tie('steps') }),
  ) as fc.Arbitrary<Step>,
  steps: fc.array(tie('step'), { maxLength: 12 }),
})).steps;

const anyTimes = fc.tuple(fc.nat(80), fc.integer({ min: 1, max: 80 }));
const anyFaults: fc.Arbitrary<FaultAction[]> = fc
  .array(
    fc.oneof(
      fc.record({ kind: fc.constant('crash' as const), times: anyTimes, node: anyId }),
      fc.record({
        kind: fc.constant('partition' as const),
        times: anyTimes,
        groups: fc.shuffledSubarray(ids, { minLength: 2 }).map(([a, ...b]) => [[a!], b]),
      }),
      fc.record({
        kind: fc.constant('delay' as const),
        times: anyTimes,
        between: fc
          .shuffledSubarray(ids, { minLength: 2, maxLength: 2 })
          .map(([a, b]) => [a!, b!] as const),
        extraMs: fc.constant([1, 30] as const),
      }),
    ),
    { maxLength: 5 },
  )
  .map((faults) =>
    faults.map(({ times: [atMs, lasts], ...rest }, i) => ({
      ...rest,
      id: `f${i}`,
      atMs,
      untilMs: atMs + lasts,
    })),
  );

const anyFate = fc.constantFrom<OverrideFate[]>('drop', 'duplicate', { delayUs: 7000 });
const anyOverrides: fc.Arbitrary<MessageOverride[]> = fc.array(
  fc.record({
    link: fc.tuple(anyId, anyId).map(([a, b]) => `${a}>${b}`),
    type: fc.constantFrom('m', 'm.reply', 'note'),
    n: fc.nat(3),
    fate: anyFate,
  }),
  { maxLength: 4 },
);

interface Experiment {
  readonly seed: string;
  readonly programs: readonly Step[][];
  readonly plan: Partial<WorldPlan>;
}

const anyExperiment: fc.Arbitrary<Experiment> = fc.record({
  seed: fc.string(),
  programs: fc.array(anySteps, { minLength: 2, maxLength: 4 }),
  plan: fc.record({
    profile: fc.constantFrom('lab-reliable', 'lab-unreliable', 'lab-long-reordering', 'lan'),
    ties: fc.constantFrom('fifo', 'random'),
    faults: anyFaults,
    overrides: anyOverrides,
  }),
});

/**
 * Carries out the steps of a node. Its whole state goes into its messages, and so into the digest.
 */
class Interpreter {
  private readonly env: Env;
  private readonly channels;
  private readonly mutex;
  private state = 0;

  constructor(env: Env) {
    this.env = env;
    this.channels = [env.channel<number>(), env.channel<number>(1)];
    this.mutex = env.mutex();
  }

  serve(): void {
    const { env } = this;
    env.serve({
      m: async (from: number) => {
        this.state += from;
        if (env.random.chance(1, 2)) await env.sleep(env.random.below(120));
        return { state: this.state++, incarnation: env.incarnation };
      },
    });
    env.receive({ note: (state: number) => void (this.state ^= state) });
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const step of steps) await this.carryOut(step);
    this.env.send('n0', 'note', this.state);
  }

  private async carryOut(step: Step): Promise<void> {
    const { env } = this;
    switch (step.do) {
      case 'spawn':
        return env.spawn('task', () => this.run(step.steps));
      case 'call': {
        const options = step.ms > 1 ? { timeoutMs: step.ms } : {};
        this.state +=
          JSON.stringify(await env.call(step.to, 'm', this.state, options))?.length ?? 1;
        return;
      }
      case 'send':
        return env.send(step.to, 'note', this.state);
      case 'write':
        this.state += String(env.disk.read(step.file)).length;
        return env.disk.save(step.file, `${this.state}`);
      case 'sleep':
        return env.sleep(step.ms);
      case 'draw':
        this.state = env.random.below(1000);
        return;
      case 'probe':
        return env.probe('probe');
      case 'timer':
        env.setTimer(step.ms, () => void this.state++);
        return;
      default:
        return this.coordinate(step.do, step.ms);
    }
  }

  private async coordinate(what: string, ms: number): Promise<void> {
    const { env, channels, mutex } = this;
    const [none, one] = channels;
    if (what === 'put') {
      if (!none!.trySend(this.state)) one!.trySend(this.state);
    } else if (what === 'take') {
      this.state += (await none!.receive(ms)).status.length;
    } else if (what === 'select') {
      const got = await env.select(channels, ms);
      this.state += got.status === 'value' ? got.value : channels.indexOf(got.channel!);
    } else if (what === 'lock') {
      await mutex.with(() => env.sleep(ms));
    } else {
      const group = env.waitGroup();
      group.add(2);
      for (const after of [ms, 3]) env.setTimer(after, () => group.done());
      await group.wait();
    }
  }
}

interface Outcome {
  readonly digest: string;
  readonly events: number;
  readonly now: number;
  readonly counters: unknown;
  readonly probes: unknown;
  readonly failure: unknown;
}

const immediate = setImmediate;
const slowHost = (): Host => ({ ...nodeHost(), drain: (next) => void immediate(next) });

async function carryOut(
  { seed, programs, plan }: Experiment,
  options: Partial<WorldOptions> = {},
): Promise<Outcome> {
  const world = new World(seed, {
    host: nodeHost(),
    plan: { ...plan, streamSeed: seed },
    ...options,
  });
  ids.forEach((id, i) => {
    world.addNode(id, async (env) => {
      const interpreter = new Interpreter(env);
      interpreter.serve();
      await interpreter.run(programs[i] ?? []);
    });
  });
  await world.run({ untilMs: 10_000 });
  return {
    digest: world.digest(),
    events: world.events,
    now: world.now(),
    counters: structuredClone(Object.entries(world.network.counters)),
    probes: [...world.probes],
    failure: world.failure,
  };
}

describe('a seed and a plan', () => {
  test('give the same run, traced or not, guarded or not, on any host', async () => {
    let events = 0;
    await fc.assert(
      fc.asyncProperty(anyExperiment, async (experiment) => {
        const first = await carryOut(experiment);
        expect(first.failure).toBeUndefined();
        events += first.events;
        expect(await carryOut(experiment)).toEqual(first);
        expect(await carryOut(experiment, { trace: new Trace() })).toEqual(first);
        expect(await carryOut(experiment, { guards: false })).toEqual(first);
        expect(await carryOut(experiment, { host: slowHost() })).toEqual(first);
      }),
      { numRuns: 1000 },
    );
    // Empty programs would prove nothing.
    expect(events).toBeGreaterThan(200 * 50);
  });

  test('give the same trace, record by record', async () => {
    await fc.assert(
      fc.asyncProperty(anyExperiment, async (experiment) => {
        const [one, other] = [new Trace(), new Trace()];
        await carryOut(experiment, { trace: one });
        await carryOut(experiment, { trace: other });
        expect(other.records).toEqual(one.records);
        const times = one.records.map(({ timeUs }) => timeUs);
        expect(times).toEqual(times.toSorted((a, b) => a - b));
      }),
      { numRuns: 1000 },
    );
  });

  test('give different runs when the seed differs', async () => {
    const steps: Step[] = [{ do: 'call', to: 'n1', ms: 0 }];
    const digests = new Set<string>();
    for (let seed = 0; seed < 100; seed++) {
      const { digest } = await carryOut({ seed: String(seed), programs: [steps], plan: {} });
      digests.add(digest);
    }
    expect(digests.size).toBe(100);
  });
});
