/**
 * Prints how far and how fast failing runs of the specimens are shrunk, in a worker as the command
 * does it: `npm run bench:shrink`, with `-- 25` for so many failing seeds of each.
 */
import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { Session } from '../scenarios/runner/node-session.ts';
import type { JobReport } from '../scenarios/runner/node-target.ts';
import type { PlanSize } from '../scenarios/shrink/plan-size.ts';
import { shrinkPlan, type Shrunk } from '../scenarios/shrink/shrink-plan.ts';
import type { RunPlan } from '../scenarios/shrink/trials.ts';
import { median } from './measure.ts';

/** Seeds that are tried to find failing ones. */
const MOST_SEEDS = 200;

interface Sample {
  readonly shrunk: Shrunk;
  readonly wallMs: number;
}

const COUNTS: readonly (keyof PlanSize)[] = ['faults', 'clients', 'intents', 'overrides', 'events'];

async function samplesOf(specimen: string, scenario: string, wanted: number): Promise<Sample[]> {
  const session = await Session.open(
    { scenario, specimen, overrides: {} },
    {
      catalogue: new URL('../scenarios/node-catalogue.js', import.meta.url),
      signal: new AbortController().signal,
    },
  );
  const report = async (...[job]: Parameters<Session['run']>): Promise<JobReport> => {
    const outcome = await session.run(job);
    if (outcome.kind === 'killed') throw new Error(outcome.finding.message);
    return outcome.report;
  };
  const run: RunPlan = async (plan, recordFates) => {
    const { result, fates } = await report({ from: { plan }, isTraced: false, recordFates });
    return { ...result, fates };
  };
  const samples: Sample[] = [];
  for (let seed = 1; seed <= MOST_SEEDS && samples.length < wanted; seed++) {
    const { plan, result } = await report({ from: { seed: String(seed) }, isTraced: false });
    const { signature, ...failed } = result;
    if (signature === undefined || plan === undefined) continue;
    const startedAt = performance.now();
    const failure = { plan, failed: { ...failed, signature }, run, sizes: session.info.sizes };
    const shrunk = await shrinkPlan(failure);
    samples.push({ shrunk, wallMs: performance.now() - startedAt });
  }
  await session.close();
  return samples;
}

/** `6 -> 0 (3)`: medians before and after, and the most that was left. */
function change(samples: readonly Sample[], count: keyof PlanSize): string {
  const before = median(samples.map(({ shrunk }) => shrunk.before[count]));
  const after = samples.map(({ shrunk }) => shrunk.after[count]);
  return `${before} -> ${median(after)} (${Math.max(...after)})`;
}

/** `93 (800)`: median and most. */
function spread(values: readonly number[]): string {
  return `${Math.round(median(values))} (${Math.round(Math.max(...values))})`;
}

function row(name: string, samples: readonly Sample[]): string[] {
  return [
    name,
    String(samples.length),
    ...COUNTS.map((count) => change(samples, count)),
    spread(samples.map(({ shrunk }) => shrunk.runs)),
    spread(samples.map(({ wallMs }) => wallMs)),
  ];
}

const seeds = Number(process.argv[2] ?? 5);
const rows = [
  ['', 'seeds', 'fault actions', 'clients', 'intents', 'overrides', 'events', 'runs', 'ms'],
];
const all: Sample[] = [];
for (const { id, scenarios } of new Registry(packs).specimens) {
  for (const scenario of scenarios) {
    const samples = await samplesOf(id, scenario, seeds);
    rows.push(row(`${id} ${scenario}`, samples));
    all.push(...samples);
  }
}
rows.push(row('all', all));
const widths = rows[0]?.map((_, i) => Math.max(...rows.map((cells) => cells[i]?.length ?? 0)));
for (const cells of rows) {
  const padded = cells.map((cell, i) =>
    i === 0 ? cell.padEnd(widths?.[i] ?? 0) : cell.padStart(widths?.[i] ?? 0),
  );
  process.stdout.write(`${padded.join('  ').trimEnd()}\n`);
}
const isOnTarget = ({ shrunk: { after }, wallMs }: Sample): boolean =>
  after.faults <= 3 && after.overrides <= 20 && wallMs <= 10_000;
process.stdout.write(
  `\n${all.filter(isOnTarget).length} of ${all.length} within 10 s to at most 3 fault actions ` +
    `and 20 overrides; in brackets: the most\n`,
);
