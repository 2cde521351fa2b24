import type { Plan } from '../define/plan.ts';
import type { RunResult } from '../define/result.ts';
import type { Job, JobReport, TargetInfo, TargetSpec } from './node-target.ts';

/** What a worker is told. */
export type Order =
  | { readonly kind: 'open'; readonly spec: TargetSpec }
  | { readonly kind: 'run'; readonly job: Job }
  /** Run seeds for their results alone: plans and reports are large, and a sweep reads neither. */
  | { readonly kind: 'seeds'; readonly seeds: readonly string[] };

/** What it answers: one answer an order, and the plan that it draws before the run begins. */
export type Answer =
  | { readonly kind: 'opened'; readonly info: TargetInfo }
  /** What is about to run, in case that the worker does not live to report it. */
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'done'; readonly report: PlanlessReport; readonly settled: Settled }
  | { readonly kind: 'results'; readonly results: readonly RunResult[] }
  /** The order could not be carried out; `error` says whose fault it is. */
  | { readonly kind: 'failed'; readonly error: PortableError };

/** Who asked knows the plan, but for what the run settled: it was sent there, or told before. */
export type PlanlessReport = Omit<JobReport, 'plan'>;

/** What a run makes of its plan: params with their defaults, targets as they were resolved. */
export type Settled = Pick<Plan, 'params' | 'faults'>;

/** An error that crosses threads with its name: the class decides the exit code. */
export interface PortableError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string | undefined;
}
