/** Steps and computations of a node against a model that looks for gaps among k cores. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { nodeHost } from '../../scenarios/runner/node-host.ts';
import { IDEAL, type HardwareProfile } from './hardware-profile.ts';
import { World } from '../index.ts';

interface Task {
  /** When a timer wants a step, in µs. */
  readonly at: number;
  /** What that step gives the CPU to do, in µs; undefined = nothing. */
  readonly us: number | undefined;
}

interface Setting {
  readonly cores: number;
  readonly stepUs: number;
  readonly factor: number;
  readonly tasks: readonly Task[];
}

const anySetting: fc.Arbitrary<Setting> = fc.record({
  cores: fc.integer({ min: 1, max: 4 }),
  stepUs: fc.constantFrom(0, 7, 1013),
  factor: fc.constantFrom(1, 2, 30),
  tasks: fc.array(
    fc.record({
      at: fc.integer({ min: 1, max: 100_000 }),
      us: fc.option(fc.nat(30_000), { nil: undefined }),
    }),
    { minLength: 1, maxLength: 25 },
  ),
});

/** What happened when, in µs: `3` for the step of task 3, `3 done` for that after its work. */
type Times = Record<string, number>;

async function run(setting: Setting, isSynchronous: boolean): Promise<Times> {
  const { cores, stepUs, factor, tasks } = setting;
  const hardware: HardwareProfile = {
    ...IDEAL,
    ...{ name: 'tested', cores, stepUs, diskBytesPerMs: 1 },
    ...{ nicInBytesPerMs: 1, nicOutBytesPerMs: 1 },
  };
  const world = new World('cpu', {
    host: nodeHost(),
    plan: {
      faults: factor === 1 ? [] : [{ id: 'l', kind: 'limp', atMs: 0, node: 'n', factor }],
    },
    isStrict: true,
  });
  const times: Times = {};
  const tell = (what: string): void => void (times[what] = Math.round(world.now() * 1000));
  // The step in which the program starts is over before the first timer is due.
  const settledUs = 40_000;
  world.addNode(
    'n',
    (env) => {
      tasks.forEach(({ at, us }, i) => {
        const timerUs = settledUs + at - stepUs * factor;
        env.setTimer(timerUs / 1000, () => {
          tell(`${i}`);
          if (us === undefined) return undefined;
          if (isSynchronous) return env.work(us / 1000, () => tell(`${i} done`));
          return env.compute(us / 1000).then(() => tell(`${i} done`));
        });
      });
    },
    { hardware, isSynchronous },
  );
  await world.run();
  expect(world.failure).toBeUndefined();
  return Object.fromEntries(Object.entries(times).map(([name, at]) => [name, at - settledUs]));
}

interface Job {
  readonly name: string;
  /** Its place in the line: when it was asked for. */
  readonly askedAt: number;
  readonly from: number;
  readonly us: number;
  /** The work that this step asks for. */
  readonly work: number | undefined;
}

/** One after the other in the order of asking, each in the first gap that is left for it. */
function model({ cores, stepUs, factor, tasks }: Setting): Times {
  const times: Times = {};
  const taken: { readonly from: number; readonly to: number }[] = [];
  const fits = (from: number): boolean =>
    taken.filter((span) => span.from <= from && from < span.to).length < cores;
  const step = (name: string, at: number, work: number | undefined): Job => ({
    ...{ name, askedAt: at, from: at, us: stepUs * factor, work },
  });
  let line = tasks.map(({ at, us }, i) => step(`${i}`, at, us));
  while (line.length > 0) {
    const first = Math.min(...line.map(({ askedAt }) => askedAt));
    const job = line.find(({ askedAt }) => askedAt === first)!;
    line = line.filter((other) => other !== job);
    let from = job.from;
    while (!fits(from)) {
      from = Math.min(...taken.filter(({ to }) => to > from).map(({ to }) => to));
    }
    const to = from + job.us;
    if (to > from) taken.push({ from, to });
    if (job.name.endsWith(' work')) {
      times[job.name.replace('work', 'done')] = to - stepUs * factor;
      continue;
    }
    times[job.name] = from;
    if (job.work === undefined) continue;
    // The step that follows keeps the core.
    const us = (job.work + stepUs) * factor;
    line.push({ name: `${job.name} work`, askedAt: from, from: to, us, work: undefined });
  }
  return times;
}

test.each([true, false])(
  'k cores do steps and work in the order of asking (synchronous: %s)',
  async (isSynchronous) => {
    let late = 0;
    await fc.assert(
      fc.asyncProperty(anySetting, async (setting) => {
        // Two that ask at one instant may come in either order: left to other tests.
        fc.pre(new Set(setting.tasks.map(({ at }) => at)).size === setting.tasks.length);
        const expected = model(setting);
        const seen = await run(setting, isSynchronous);
        expect(seen).toEqual(expected);
        for (const [i, { at }] of setting.tasks.entries()) if (seen[`${i}`]! > at) late++;
      }),
      { numRuns: 300 },
    );
    expect(late).toBeGreaterThan(300);
  },
);
