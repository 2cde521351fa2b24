/**
 * Prints what each kind of fault reveals by itself: `npm run bench:reveals`. Of all specimens of
 * lab 3 that free chaos or `raft/everything-5` is said to catch, those that `raft/everything-5`
 * catches with faults of one kind alone, in the first eight seeds whose plans have it, and does not
 * catch without faults. Kinds go to stderr as soon as they are done.
 */
import { packs } from '../scenarios/catalogue.ts';
import type { JsonObject, Plan } from '../scenarios/define/plan.ts';
import { Registry } from '../scenarios/define/registry.ts';
import { userModules } from '../scenarios/node-catalogue.ts';
import { makePlan } from '../scenarios/runner/make-plan.ts';
import { Target } from '../scenarios/runner/node-target.ts';
import { faultKinds } from '../sim/index.ts';
import { formatTable } from './table.ts';

const SCENARIO = 'raft/everything-5';
const PLANS = 8;
const MOST_SEEDS = 400;

const registry = new Registry(packs);
const scenario = registry.scenario(SCENARIO);
const specimens = registry.specimens.filter(
  ({ lab, scenarios }) => lab === 3 && scenarios.some((name) => /chaos|everything/.test(name)),
);

/** The rest of the world is quiet; a machine can only limp if its work takes time. */
function worldOf(kind: string): object {
  const hardware = kind === 'limp' ? 'server' : 'ideal';
  return { profile: 'lan', disk: 'lossy', clocks: 'perfect', hardware };
}

function plansWith(kind: string): Plan[] {
  const params: JsonObject =
    kind === 'clock' ? { faults: 'clocks' } : { faults: 'swarm', only: kind };
  const plans: Plan[] = [];
  for (let seed = 1; plans.length < PLANS && seed <= MOST_SEEDS; seed++) {
    const plan = makePlan(scenario, String(seed), { params, ...worldOf(kind) });
    if (plan.faults.some((fault) => fault.kind === kind)) plans.push(plan);
  }
  return plans;
}

function quietPlans(kind: string): Plan[] {
  return Array.from({ length: PLANS }, (_, i) =>
    makePlan(scenario, String(i + 1), { ...worldOf(kind), faults: [] }),
  );
}

/** The specimens that one of the plans reveals; the right code must pass them all. */
async function caughtIn(plans: readonly Plan[]): Promise<string[]> {
  const caught: string[] = [];
  for (const id of [undefined, ...specimens.map((specimen) => specimen.id)]) {
    const spec = { scenario: SCENARIO, specimen: id, overrides: {} };
    const target = await Target.open(registry, spec, userModules);
    for (const plan of plans) {
      const { result } = await target.run({ from: { plan }, isTraced: false });
      if (result.verdict === 'pass') continue;
      if (id === undefined)
        throw new Error(`ours does not pass seed ${plan.seed}: ${result.reason}`);
      caught.push(id);
      break;
    }
  }
  return caught;
}

const anyway = new Set(await caughtIn(quietPlans('')));
const limping = new Set(await caughtIn(quietPlans('limp')));
const revealed = new Map<string, string[]>();
for (const kind of faultKinds) {
  const plans = plansWith(kind);
  if (plans.length === 0) continue;
  const without = kind === 'limp' ? limping : anyway;
  const caught = (await caughtIn(plans)).filter((id) => !without.has(id));
  revealed.set(kind, caught);
  process.stderr.write(`${kind}: ${caught.join(', ')}\n`);
}

const all = [...revealed.values()].flat();
const rows = [['kind', 'caught by that kind alone']];
for (const kind of faultKinds) {
  const caught = revealed.get(kind);
  const names = caught?.map((id) =>
    all.filter((other) => other === id).length === 1 ? `**${id}**` : id,
  );
  rows.push([kind, names === undefined ? 'not drawn' : names.join(', ') || 'none']);
}
process.stdout.write(`${formatTable(rows)}\n`);
process.stdout.write(`\nwithout any fault: ${[...anyway].join(', ')}\n`);
const never = specimens.map(({ id }) => id).filter((id) => !anyway.has(id) && !all.includes(id));
process.stdout.write(`in none of these runs: ${never.join(', ')}\n`);
