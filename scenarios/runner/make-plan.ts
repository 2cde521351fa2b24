import {
  diskProfileByName,
  guarded,
  hardwareByName,
  profileByName,
  Streams,
  type FaultAction,
} from '../../sim/index.ts';
import { parseParams } from '../define/params.ts';
import type { JsonObject, Plan } from '../define/plan.ts';
import type { DrawStream, Scenario } from '../define/scenario.ts';
import { VERSION } from '../define/version.ts';

/** What the user fixes instead of leaving it to the seed. */
export interface PlanOverrides {
  readonly params?: JsonObject;
  readonly profile?: string | undefined;
  readonly disk?: string | undefined;
  readonly hardware?: string | undefined;
  readonly faults?: readonly FaultAction[] | undefined;
}

/**
 * Draw the plan of a seed. Every draw comes from a stream named by its use, apart from the streams
 * of the run itself.
 * @throws ParamsError if a param does not fit the scenario's schema
 * @throws PlanError if there is no such profile
 */
export function makePlan(scenario: Scenario, seed: string, overrides: PlanOverrides = {}): Plan {
  const params = parseParams(scenario, overrides.params ?? {});
  // Refused here rather than in the middle of a sweep.
  if (overrides.profile !== undefined) profileByName(overrides.profile);
  if (overrides.disk !== undefined) diskProfileByName(overrides.disk);
  if (overrides.hardware !== undefined) hardwareByName(overrides.hardware);
  const streams = new Streams(seed);
  const stream: DrawStream = (name) => streams.stream(`plan/${name}`);
  const drawn = guarded('plan()', () => scenario.plan(stream, params));
  return {
    format: 1,
    kind: 'plan',
    faultlab: VERSION,
    scenario: scenario.name,
    seed,
    streamSeed: seed,
    params,
    profile: overrides.profile ?? drawn.profile,
    disk: overrides.disk ?? drawn.disk,
    hardware: overrides.hardware ?? drawn.hardware,
    ties: drawn.ties,
    faults: overrides.faults ?? drawn.faults,
    clients: drawn.clients,
    overrides: drawn.overrides,
  };
}
