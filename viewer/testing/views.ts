import { packs } from '../../scenarios/catalogue.ts';
import { Registry } from '../../scenarios/define/registry.ts';
import { htmlPage } from '../../scenarios/report/page/node-html-page.ts';
import { runPage } from '../../scenarios/report/page/run-page.ts';
import { Target } from '../../scenarios/runner/node-target.ts';
import type { JobReport } from '../../scenarios/runner/node-target.ts';

const registry = new Registry(packs);

/** The page of a run of a scenario of ours, in this thread. */
export async function pageOf(scenario: string, seed: string, specimen?: string): Promise<string> {
  const target = await Target.open(registry, { scenario, overrides: {}, specimen }, {});
  return htmlOf(await target.run({ from: { seed }, isTraced: true, isPictured: true }));
}

export function htmlOf(report: JobReport): string {
  const { scenario, seed } = report.result;
  return htmlPage(`${scenario} seed ${seed}`, runPage(report, registry.viewsOf(scenario)));
}
