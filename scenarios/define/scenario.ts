import { z } from 'zod';
import type { FaultBudget, Invariant, Random } from '../../sim/index.ts';
import type { Check, Probe } from './check.ts';
import type { Decisions } from './plan.ts';
import type { Tester } from './tester.ts';
import type { Verdict } from './verdict.ts';

/** The schema of a scenario's settings: every field has a default and a description. */
export type ParamsSchema = z.ZodObject<z.ZodRawShape>;

/** Layers of an implementation, by the names under which a user's file exports them. */
export type Layers = object;

/** Streams for drawing a plan: a name for every use, so that draws do not shift each other. */
export type DrawStream = (name: string) => Random;

/** The nodes that are something just now (the leader, say); none = nobody is. */
export type Selector = (
  t: Pick<Tester<unknown, unknown>, 'plan' | 'clients' | 'world' | 'history'>,
) => string | readonly string[] | undefined;

/** A named experiment: cluster, workload, faults, checks, probes, expected verdict. */
export interface Scenario<P = unknown, L extends Layers = Layers> {
  /** `kv/chaos`. */
  readonly name: string;
  readonly lab?: number | undefined;
  /** Name of the official test that it carries out. */
  readonly test?: string | undefined;
  readonly description: string;
  readonly params: ParamsSchema;
  /** Our implementation of every layer; a user's file replaces some of them. */
  readonly layers: L;
  /** Why a user's file can replace none of them after all; absent = it can. */
  readonly onlyOurs?: string | undefined;
  /** Virtual time after which the run counts as not ending, in ms. */
  readonly maxSimMs: number;
  /** Needs to run for one seed of a sweep only (it measures memory, say). */
  readonly once?: boolean | undefined;
  readonly expect: Verdict;
  readonly checks: readonly Check[];
  readonly probes: readonly Probe[];
  /**
   * Least medians of activity that a sweep with the scenario's own settings must show: below them a
   * clean sweep proves nothing.
   */
  readonly atLeast?: Readonly<Record<string, number>> | undefined;
  /** Properties of what nodes show of their state; checked whenever that changes. */
  readonly invariants?: readonly Invariant[] | undefined;
  /** What a fault of a plan may aim at by `{select: name}`; asked when the fault starts. */
  readonly selectors?: Readonly<Record<string, Selector>> | undefined;
  /**
   * What a run with these params can bear and still come to its end; undefined = anything. A plan
   * beyond it is refused.
   */
  budget?(params: P): FaultBudget | undefined;
  /**
   * Names of whole-number params that say how many nodes there are; a shrinker tries smaller ones.
   */
  readonly sizes?: readonly string[] | undefined;
  /** Draw the decisions of a plan. */
  plan(stream: DrawStream, params: P): Decisions;
  /** Build the cluster and its clients, before time begins. */
  setup(t: Tester<P, L>): void;
  /** The course of the experiment; the run ends when it returns. Default: wait for all clients. */
  run(t: Tester<P, L>): Promise<void>;
}

/** What {@link defineScenario} takes: a scenario whose usual parts may be left out. */
export interface ScenarioDefinition<S extends ParamsSchema, L extends Layers> extends Partial<
  Omit<Scenario<z.output<S>, L>, 'params' | 'layers' | 'plan'>
> {
  readonly name: string;
  readonly description: string;
  readonly params?: S;
  readonly layers?: L;
  plan?(stream: DrawStream, params: z.output<S>): Partial<Decisions>;
  setup(t: Tester<z.output<S>, L>): void;
}

/**
 * Define a scenario. Defaults: no params, no layers to replace, a reliable lab network, no faults,
 * no clients, no checks, expected to pass, over when all clients are done, at most ten minutes
 * (official tests: two) of virtual time.
 */
export function defineScenario<S extends ParamsSchema, L extends Layers>(
  definition: ScenarioDefinition<S, L>,
): Scenario {
  const scenario: Scenario<z.output<S>, L> = {
    // One official test must finish in 120 s.
    maxSimMs: definition.test === undefined ? 600_000 : 120_000,
    expect: 'pass',
    checks: [],
    probes: [],
    run: (t) => t.clientsDone(),
    ...definition,
    params: definition.params ?? z.object({}),
    // Whoever leaves them out has named no type for them either.
    layers: definition.layers ?? ({} as L),
    plan(stream, params) {
      const drawn: unknown = definition.plan === undefined ? {} : definition.plan(stream, params);
      if (typeof drawn !== 'object' || drawn === null || 'then' in drawn) {
        throw new TypeError('plan() must return decisions, at once');
      }
      return { ...NO_DECISIONS, ...drawn };
    },
  };
  // The registry and the runner treat all scenarios alike: params have passed the schema, and
  // layers are merged over this scenario's own.
  return Object.freeze(scenario);
}

const NO_DECISIONS: Decisions = {
  profile: 'lab-reliable',
  disk: 'perfect',
  clocks: 'perfect',
  hardware: 'ideal',
  ties: 'fifo',
  faults: [],
  overrides: [],
  clients: [],
};
