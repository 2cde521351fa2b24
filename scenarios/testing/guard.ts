import type { RunResult } from '../define/result.ts';
import type { Scenario } from '../define/scenario.ts';
import type { ViolationClass } from '../define/verdict.ts';
import { firstFailure, type Broken } from './first-failure.ts';

/** The claim that a check of a scenario guards against something broken. */
export interface Guard<Layers extends object = object> extends Broken {
  readonly layers: Layers;
  /** What is broken, in words. */
  readonly broken: string;
  readonly scenario: string;
  /** The check that must fail. */
  readonly check: string;
  /** Default: safety. */
  readonly class?: ViolationClass;
  /** How it must tell of it. Default: anyhow. */
  readonly says?: RegExp;
}

/** Rows for a table of tests: the claim as a sentence, and the claim. */
export function titled(guards: readonly Guard[]): [title: string, guard: Guard][] {
  return guards.map((guard) => {
    const { broken, check, scenario } = guard;
    return [`${broken} trips "${check}" in ${scenario}`, guard];
  });
}

/** What speaks against the claim that the broken layers trip the check, and ours pass that plan. */
export async function objections(scenario: Scenario, guard: Guard): Promise<string[]> {
  const { broken, ours } = await firstFailure(scenario, guard);
  if (broken === undefined || ours === undefined) return ['the broken layers pass every seed'];
  const { check, class: kind = 'safety', says = /./ } = guard;
  const trips = broken.verdict === 'violation' && broken.check === check && broken.class === kind;
  return [
    ...(trips && says.test(broken.reason ?? '') ? [] : [`broken: ${told(broken)}`]),
    ...(ours.verdict === 'pass' ? [] : [`ours: ${told(ours)}`]),
  ];
}

function told({ verdict, class: kind, check, reason }: RunResult): string {
  return [verdict, kind, check, reason].filter((part) => part !== undefined).join(', ');
}
