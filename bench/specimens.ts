/**
 * Prints how soon each specimen of labs 1, 3, 4 and 5 is caught: `npm run bench:specimens`, with
 * `-- 300 R1 R2` for the most seeds of each of five ranges, and for these specimens only. Servers
 * show their state, and then, in lab 3, they do not. Each row goes to stderr as soon as it is
 * there.
 */
import { packs } from '../scenarios/catalogue.ts';
import { Registry } from '../scenarios/define/registry.ts';
import type { Specimen } from '../scenarios/define/specimen.ts';
import { userModules } from '../scenarios/node-catalogue.ts';
import { Target } from '../scenarios/runner/node-target.ts';
import { median } from './measure.ts';
import { formatTable } from './table.ts';

/** Ranges of seeds that have none in common: how soon one hits is a matter of luck. */
const RANGES = 5;
const RANGE_SEEDS = 100_000;

/** A way to the first failing seed of a range. */
interface Hunt {
  /** Seeds that were run; Infinity if none of them failed. */
  readonly seeds: number;
  readonly wallMs: number;
  readonly check: string | undefined;
}

const registry = new Registry(packs);
const [mostArgument = '300', ...ids] = process.argv.slice(2);
const most = Number(mostArgument);
const wanted = registry.specimens.filter(({ lab, id }) => {
  return lab !== 2 && (ids.length === 0 || ids.includes(id));
});

async function hunt(target: Target, range: number): Promise<Hunt> {
  const startedAt = performance.now();
  for (let n = 1; n <= most; n++) {
    const seed = String(range * RANGE_SEEDS + n);
    const { result } = await target.run({ from: { seed }, isTraced: false });
    if (result.verdict === 'pass') continue;
    const check = result.check ?? result.verdict;
    return { seeds: n, wallMs: performance.now() - startedAt, check };
  }
  return { seeds: Infinity, wallMs: performance.now() - startedAt, check: undefined };
}

/** Checks, the one that was first most often first. */
function checksOf(hunts: readonly Hunt[]): string {
  const counts = new Map<string, number>();
  for (const { check } of hunts) {
    if (check !== undefined) counts.set(check, (counts.get(check) ?? 0) + 1);
  }
  const names = [...counts].toSorted(([, a], [, b]) => b - a).map(([name]) => name);
  return names.join(', ') || '-';
}

/** Check, median seeds and median seconds to the first failure, and how many ranges had one. */
async function cells({ id }: Specimen, scenario: string, view: boolean): Promise<string[]> {
  const { params } = registry.scenario(scenario);
  // Scenarios without the param judge from outside alone, or always with it (labs 4 and 5).
  if (!view && !('view' in params.shape)) return ['the same', '', '', ''];
  const overrides = { params: view ? {} : { view } };
  const target = await Target.open(registry, { scenario, specimen: id, overrides }, userModules);
  const hunts: Hunt[] = [];
  for (let range = 0; range < RANGES; range++) hunts.push(await hunt(target, range));
  const seeds = median(hunts.map((each) => each.seeds));
  const seconds = median(hunts.map(({ wallMs }) => wallMs)) / 1000;
  const found = hunts.filter(({ check }) => check !== undefined).length;
  return [
    checksOf(hunts),
    seeds === Infinity ? `> ${most}` : String(seeds),
    seconds.toFixed(2),
    `${found}/${RANGES}`,
  ];
}

const rows = [
  ['', 'with view: check', 'seeds', 's', 'found', 'without: check', 'seeds', 's', 'found'],
];
for (const specimen of wanted) {
  for (const scenario of specimen.scenarios) {
    const [shown, hidden] = [
      await cells(specimen, scenario, true),
      await cells(specimen, scenario, false),
    ];
    const row = [`${specimen.id} ${scenario}`, ...shown, ...hidden];
    process.stderr.write(`${row.join(' | ')}\n`);
    rows.push(row);
  }
}
process.stdout.write(`${formatTable(rows)}\n`);
