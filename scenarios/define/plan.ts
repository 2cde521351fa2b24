import type { WorldPlan } from '../../sim/index.ts';

/** JSON: all that a plan may hold. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** One thing that a client means to do; its fields belong to the scenario. */
export interface Intent extends JsonObject {
  readonly op: string;
}

/** A client of a plan. Ids are never renumbered: they name nodes and streams. */
export interface ClientPlan {
  readonly id: string;
  /** What the scenario wants this client to be like: its patience, say. */
  readonly settings: JsonObject;
  readonly intents: readonly Intent[];
}

/** The decisions of a plan, as a scenario draws them. */
export interface Decisions extends Omit<WorldPlan, 'streamSeed'> {
  readonly clients: readonly ClientPlan[];
}

/**
 * All that a run executes. Complete: running it needs neither the scenario's generators nor the
 * seed it came from.
 */
export interface Plan extends Decisions {
  readonly format: 1;
  readonly kind: 'plan';
  /** Version of Faultlab that wrote it. */
  readonly faultlab: string;
  readonly scenario: string;
  /** The seed it was drawn from; names the run, decides nothing. */
  readonly seed: string;
  readonly streamSeed: string;
  readonly params: JsonObject;
  /** With which code it was run. A replay uses the same unless told otherwise. */
  readonly code?: PlanCode | undefined;
}

/** Where the code of a run came from; nothing for ours. */
export interface PlanCode {
  /** Path of the module that defines the scenario, if it is the user's own. */
  readonly scenarioFile?: string | undefined;
  readonly impl?: string | undefined;
  readonly specimen?: string | undefined;
  /** Identity of the code under test. */
  readonly hash?: string | undefined;
}
