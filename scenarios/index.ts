/**
 * @module What can be run and how: scenario definition, the catalogue by lab, checks, runner.
 */
export { z } from 'zod';
export { defineScenario, type ScenarioDefinition, type Scenario } from './define/scenario.ts';
export type { Check, FinishedRun, Probe } from './define/check.ts';
export { History, type HistoryLine } from './define/history.ts';
export { ours, type Implementation } from './define/implementation.ts';
export type { CourseFigure, Pack } from './define/pack.ts';
export type { ClientPlan, Decisions, Intent, Json, JsonObject, Plan } from './define/plan.ts';
export { Registry, UnknownNameError } from './define/registry.ts';
export { isAsExpected, type RunResult } from './define/result.ts';
export type { Edit, Specimen } from './define/specimen.ts';
export type { Tester } from './define/tester.ts';
export { parseTrace, type TraceFile, type TraceHeader } from './define/trace-file.ts';
export { signatureOf, type Finding, type Verdict, type ViolationClass } from './define/verdict.ts';
export { VERSION } from './define/version.ts';
export { linearizable, type LinearizableOptions } from './checks/linearizable.ts';
export { packs } from './catalogue.ts';
export { makePlan, type PlanOverrides } from './runner/make-plan.ts';
export { nodeHost } from './runner/node-host.ts';
export { runPlan, type Run, type RunOptions } from './runner/run-plan.ts';
export type { PlanSize } from './shrink/plan-size.ts';
export { shrink, type ShrinkOptions } from './shrink/shrink.ts';
export { MAX_RUNS, type ShrinkProgress, type Shrunk } from './shrink/shrink-plan.ts';
export type { FaultAction } from '../sim/index.ts';
