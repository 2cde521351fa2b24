import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PlanError, type FaultAction, type MessageOverride } from '../../sim/index.ts';
import type { ClientPlan, Plan } from '../define/plan.ts';
import { VERSION } from '../define/version.ts';
import { shrinkPlan, type ShrinkLimits, type Shrunk } from './shrink-plan.ts';
import type { RunPlan, TrialRun } from './trials.ts';

/** A run stands for its plan here: whether it fails is read from the plan alone. */
type Cause = (plan: Plan) => string | undefined;

const runBy =
  (cause: Cause, log: string[] = []): RunPlan =>
  async (plan, recordFates): Promise<TrialRun> => {
    log.push(JSON.stringify(plan));
    const signature = cause(plan);
    const verdict = signature === undefined ? 'pass' : 'violation';
    return { signature, verdict, events: log.length, fates: recordFates ? FATES : [] };
  };

/** What the network did to each message of a failing run. */
const FATES: readonly MessageOverride[] = Array.from({ length: 60 }, (_, n) => ({
  link: 'c0>s',
  type: 'put',
  n,
  fate: n % 7 === 3 ? { delayUs: 333 * n, and: 'drop' } : { delayUs: 333 * n + 1 },
}));

function crash(id: string, atMs: number, untilMs: number): FaultAction {
  return { id, kind: 'crash', node: 's', atMs, untilMs };
}

const plans: fc.Arbitrary<Plan> = fc.record({
  format: fc.constant(1 as const),
  kind: fc.constant('plan' as const),
  faultlab: fc.constant(VERSION),
  scenario: fc.constant('synthetic'),
  seed: fc.constant('1'),
  streamSeed: fc.constant('1'),
  params: fc.record({ servers: fc.integer({ min: 1, max: 7 }), times: fc.nat(9) }),
  profile: fc.constantFrom('lab-unreliable', 'lan'),
  disk: fc.constant('perfect'),
  clocks: fc.constant('perfect'),
  hardware: fc.constant('ideal'),
  ties: fc.constantFrom('fifo' as const, 'random' as const),
  faults: fc
    .array(fc.tuple(fc.nat(900), fc.integer({ min: 1, max: 500 })), { maxLength: 9 })
    .map((times) => times.map(([at, ms], i) => crash(`crash${i}`, at, at + ms))),
  clients: fc
    .array(fc.array(fc.record({ op: fc.constantFrom('get', 'put'), thinkMs: fc.nat(60) })), {
      maxLength: 5,
    })
    .map((all) => all.map((intents, i): ClientPlan => ({ id: `c${i}`, settings: {}, intents }))),
  overrides: fc.constant([]),
});

const intentsOf = (plan: Plan): string[] =>
  plan.clients.flatMap(({ id, intents }) => intents.map((intent) => `${id} ${intent.op}`));
const ids = (plan: Plan): string[] => [...plan.faults, ...plan.clients].map(({ id }) => id);

/** Something of everything, chosen from what the plan has. */
function causeIn(plan: Plan, pick: number): Cause {
  const fault = plan.faults[pick % plan.faults.length]?.id;
  const intent = intentsOf(plan)[pick % intentsOf(plan).length];
  const servers = Math.min(Number(plan.params['servers']), 1 + (pick % 3));
  return ({ faults, params, ...rest }) => {
    const isThere =
      (fault === undefined || faults.some(({ id }) => id === fault)) &&
      (intent === undefined || intentsOf({ ...rest, faults, params }).includes(intent)) &&
      Number(params['servers']) >= servers;
    return isThere ? 'it broke' : undefined;
  };
}

const shrunk = async (plan: Plan, run: RunPlan, limits?: ShrinkLimits): Promise<Shrunk> => {
  const { signature, ...failed } = (await run(plan, false)) as TrialRun;
  if (signature === undefined) throw new Error('the plan does not fail');
  const sizes = ['servers'];
  return await shrinkPlan({ plan, failed: { ...failed, signature }, run, sizes }, limits);
};

describe('the shrinker', () => {
  test('leaves the cause and nothing else, under the ids that it had', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), async (plan, pick) => {
        const cause = causeIn(plan, pick);
        const { plan: small, before, after, isMinimal } = await shrunk(plan, runBy(cause));

        expect(cause(small)).toBe('it broke');
        expect(isMinimal).toBe(true);
        expect(small.faults).toHaveLength(Math.min(1, plan.faults.length));
        expect(intentsOf(small)).toHaveLength(Math.min(1, intentsOf(plan).length));
        expect(small.clients).toHaveLength(Math.min(1, intentsOf(plan).length));
        expect(ids(plan)).toEqual(expect.arrayContaining(ids(small)));
        expect(small.params['servers']).toBe(
          Math.min(Number(plan.params['servers']), 1 + (pick % 3)),
        );
        expect(small.params['times']).toBe(plan.params['times']);
        expect(small).toMatchObject({ ties: 'fifo', overrides: [] });
        expect(small.profile).toMatch(/steady$/);
        // What is left is as plain as it can be.
        for (const fault of small.faults) expect([fault.atMs, fault.untilMs]).toEqual([0, 1]);
        for (const { intents } of small.clients) expect(intents[0]?.['thinkMs']).toBe(0);
        expect(before.faults).toBe(plan.faults.length);
        expect(after.intents).toBe(intentsOf(small).length);
      }),
      { numRuns: 300 },
    );
  });

  test('gives the same plan after the same runs every time, and runs none twice', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), async (plan, pick) => {
        const log: string[] = [];
        const again: string[] = [];
        const first = await shrunk(plan, runBy(causeIn(plan, pick), log));

        expect(await shrunk(plan, runBy(causeIn(plan, pick), again))).toEqual(first);
        expect(again).toEqual(log);
        expect(log).toHaveLength(first.runs);
        // One may be run a second time, to record its fates.
        expect(new Set(log).size).toBeGreaterThanOrEqual(log.length - 1);
      }),
      { numRuns: 200 },
    );
  });

  test('uses no more runs than it may, and what it gives fails all the same', async () => {
    await fc.assert(
      fc.asyncProperty(
        plans,
        fc.nat(),
        fc.integer({ min: 1, max: 60 }),
        async (plan, pick, max) => {
          const cause = causeIn(plan, pick);
          const log: string[] = [];
          const {
            plan: small,
            runs,
            isMinimal,
          } = await shrunk(plan, runBy(cause, log), {
            maxRuns: max,
          });
          const all = await shrunk(plan, runBy(cause));

          expect(log.length).toBeLessThanOrEqual(max);
          expect(runs).toBe(log.length);
          expect(cause(small)).toBe('it broke');
          expect(isMinimal).toBe(all.runs <= max);
          if (isMinimal) expect(small).toEqual(all.plan);
        },
      ),
      { numRuns: 200 },
    );
  });

  test('stops when it is asked to, with what it has reached', async () => {
    await fc.assert(
      fc.asyncProperty(plans, fc.nat(), fc.nat(30), async (plan, pick, after) => {
        const cause = causeIn(plan, pick);
        const log: string[] = [];
        const isStopped = (): boolean => log.length > after;
        const { plan: small } = await shrunk(plan, runBy(cause, log), { isStopped });

        expect(log.length).toBeLessThanOrEqual(after + 1);
        expect(cause(small)).toBe('it broke');
      }),
      { numRuns: 100 },
    );
  });
});

const [example] = fc.sample(
  plans.filter(({ profile, faults }) => profile === 'lab-unreliable' && faults.length > 3),
  { numRuns: 1, seed: 7 },
) as [Plan];

describe('of the noise', () => {
  const isNoisy = ({ profile }: Plan): boolean => !profile.endsWith('steady');
  const drops = ({ overrides }: Plan, n: number): boolean =>
    overrides.some(({ n: m, fate }) => m === n && JSON.stringify(fate).includes('drop'));

  test('the one loss that matters is left, as plain as it can be', async () => {
    const cause: Cause = (plan) => (isNoisy(plan) || drops(plan, 17) ? 'lost' : undefined);
    const { plan } = await shrunk(example, runBy(cause));

    expect(plan.profile).toBe('lab-steady');
    expect(plan.overrides).toEqual([{ link: 'c0>s', type: 'put', n: 17, fate: 'drop' }]);
  });

  test('the one delay that matters is left, in whole ms', async () => {
    const isLate = ({ overrides }: Plan): boolean =>
      overrides.some(({ n, fate }) => n === 20 && typeof fate === 'object' && fate.delayUs > 4321);
    const cause: Cause = (plan) => (isNoisy(plan) || isLate(plan) ? 'late' : undefined);
    const { plan } = await shrunk(example, runBy(cause));

    expect(plan.overrides).toEqual([{ link: 'c0>s', type: 'put', n: 20, fate: { delayUs: 5000 } }]);
  });

  test('a loss that may come earlier does', async () => {
    const cause: Cause = (plan) =>
      isNoisy(plan) || plan.overrides.length > 0 ? 'lost' : undefined;
    const { plan } = await shrunk(example, runBy(cause));

    expect(plan.overrides).toEqual([{ link: 'c0>s', type: 'put', n: 0, fate: 'drop' }]);
  });

  test('a loss follows its intent, when those before it are taken out', async () => {
    const client = (count: number): ClientPlan => ({
      id: 'c0',
      settings: { patienceMs: 5 },
      intents: Array.from({ length: count }, () => ({ op: 'put' })),
    });
    // Each put sends two messages, and the first one of the last put must be lost.
    const cause: Cause = (plan) => {
      const puts = plan.clients[0]?.intents.length ?? 0;
      return puts > 0 && (isNoisy(plan) || drops(plan, 2 * (puts - 1))) ? 'lost' : undefined;
    };
    const { plan } = await shrunk(
      { ...example, clients: [client(6)] },
      runBy((tried) => (tried.overrides.length > 1 ? undefined : cause(tried))),
    );
    const quiet = { ...example, profile: 'lab-steady', clients: [client(6)] };
    const last: MessageOverride = { link: 'c0>s', type: 'put', n: 10, fate: 'drop' };
    const followed = await shrunk({ ...quiet, overrides: [last] }, runBy(cause));

    expect(plan.clients[0]?.settings).toEqual({});
    expect(followed.plan.clients[0]?.intents).toHaveLength(1);
    expect(followed.plan.overrides).toEqual([{ ...last, n: 0 }]);
  });

  test('the streams stay, where the failure does not survive without them', async () => {
    const { plan } = await shrunk(
      example,
      runBy((tried) => (isNoisy(tried) ? 'only with streams' : undefined)),
    );

    expect(plan.profile).toBe('lab-unreliable');
    expect(plan.overrides).toEqual([]);
  });

  test('the streams stay, where the runs do not suffice to reduce the overrides', async () => {
    // Of the losses alone it does not fail, so that all sixty fates are to be reduced.
    const cause: Cause = (plan) =>
      isNoisy(plan) || plan.overrides.length > 30 ? 'many' : undefined;
    const few = { ...example, faults: [], clients: [] };
    const enough = await shrunk(few, runBy(cause));
    const tooFew = await shrunk(few, runBy(cause), { maxRuns: 20 });

    expect(enough.plan.overrides).toHaveLength(31);
    expect(tooFew.plan).toMatchObject({ profile: 'lab-unreliable', overrides: [] });
  });
});

describe('a plan', () => {
  test('that fails in another way, or is refused, does not count as failing', async () => {
    const cause: Cause = ({ faults }) => {
      if (faults.length === 1) throw new PlanError('refused');
      return faults.length < 3 ? 'another' : 'wanted';
    };
    const { plan } = await shrunk(example, runBy(cause));

    expect(plan.faults).toHaveLength(3);
  });

  test('that comes to another verdict with the same words does not count either', async () => {
    const run: RunPlan = async ({ faults }) => {
      const verdict = faults.length > 2 ? 'violation' : 'crash';
      return { signature: 'same words', verdict, events: 1, fates: [] };
    };

    expect((await shrunk(example, run)).plan.faults).toHaveLength(3);
  });

  test('that breaks the runner is no failure to shrink: the error comes out', async () => {
    const cause: Cause = ({ faults }) => {
      if (faults.length < 2) throw new Error('a bug of ours');
      return 'wanted';
    };

    await expect(shrunk(example, runBy(cause))).rejects.toThrow('a bug of ours');
  });

  test('with lists of names in its intents keeps only those that matter', async () => {
    const hold = { op: 'hold', locks: ['l0', 'l1', 'l2'] };
    const clients = [{ id: 'c0', settings: {}, intents: [hold] }];
    const { plan } = await shrunk(
      { ...example, clients },
      runBy((tried) => (JSON.stringify(tried.clients).includes('"l1"') ? 'held' : undefined)),
    );

    expect(plan.clients[0]?.intents).toEqual([{ op: 'hold', locks: ['l1'] }]);
  });

  test('with a partition keeps only the names that matter', async () => {
    const groups = [['s'], ['c0', 'c1', 'c2']];
    const cut: FaultAction = { id: 'cut', kind: 'partition', atMs: 5, untilMs: 9, groups };
    const isCut = ({ faults }: Plan): boolean =>
      faults.some((fault) => JSON.stringify(fault).includes('"c1"'));
    const { plan } = await shrunk(
      { ...example, faults: [cut] },
      runBy((tried) => (isCut(tried) ? 'cut' : undefined)),
    );

    expect(plan.faults).toEqual([
      { id: 'cut', kind: 'partition', atMs: 0, untilMs: 1, groups: [[], ['c1']] },
    ]);
  });
});
