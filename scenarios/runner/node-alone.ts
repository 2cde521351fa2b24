import type { Catalogue } from './node-worker.ts';
import { Registry } from '../define/registry.ts';
import { Target, type Job, type JobReport, type TargetSpec } from './node-target.ts';

/**
 * A process of its own that runs one job in its main thread, for those who want to know whether
 * that makes a difference. It can be killed at any time, as a main thread of ours cannot.
 */
export interface AloneOrder {
  readonly catalogue: string;
  readonly spec: TargetSpec;
  readonly job: Job;
}

export type AloneAnswer =
  | { readonly report: JobReport; readonly error?: undefined }
  | { readonly report?: undefined; readonly error: string };

async function obey({ catalogue, spec, job }: AloneOrder): Promise<AloneAnswer> {
  try {
    const { packs, userModules } = (await import(catalogue)) as Catalogue;
    const target = await Target.open(new Registry(packs), spec, userModules);
    return { report: await target.run(job) };
  } catch (error) {
    return { error: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
}

process.once('message', (order: AloneOrder) => {
  void obey(order).then((answer) => process.send?.(answer, () => process.disconnect()));
});
