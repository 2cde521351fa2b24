/**
 * @module Property-based and seeded tests of distributed code: arbitraries for fast-check, runs in
 * the same process, matchers. Needs fast-check; the matchers of `faultlab/testing/matchers` need
 * vitest.
 */
export { clientIntents, type ClientIntentsOptions } from './client-intents.ts';
export {
  bearableKinds,
  faultActions,
  type FaultActionOptions,
  type FaultKindName,
} from './fault-actions.ts';
export {
  faultlabMatchers,
  type FaultlabMatchers,
  type MatcherResult,
} from './faultlab-matchers.ts';
export { readPlan } from './node-kept-plan.ts';
export { overSeeds, SeedsFailed, type OverSeedsOptions } from './over-seeds.ts';
export { paramsOf } from './params-of.ts';
export { plans, type PlansOptions } from './plans.ts';
export {
  runScenario,
  type CodeUnderTest,
  type RunScenarioOptions,
  type ScenarioRun,
} from './run-scenario.ts';
export { thinned } from './thinned.ts';
