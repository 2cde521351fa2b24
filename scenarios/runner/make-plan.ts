import {
  clockProfileByName,
  diskProfileByName,
  guarded,
  hardwareByName,
  PlanError,
  prioritySchedule,
  profileByName,
  Streams,
  type FaultAction,
  type Ties,
} from '../../sim/index.ts';
import { parseParams } from '../define/params.ts';
import type { JsonObject, Plan } from '../define/plan.ts';
import type { DrawStream, Scenario } from '../define/scenario.ts';
import type { WorldChoices } from '../define/world-choices.ts';
import { VERSION } from '../define/version.ts';

/** What the user fixes instead of leaving it to the seed. */
export interface PlanOverrides extends WorldChoices {
  readonly params?: JsonObject;
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
  const { profile, disk, clocks, hardware } = overrides;
  if (profile !== undefined) profileByName(profile);
  if (disk !== undefined) diskProfileByName(disk);
  if (clocks !== undefined) clockProfileByName(clocks);
  if (hardware !== undefined) hardwareByName(hardware);
  const streams = new Streams(seed);
  const stream: DrawStream = (name) => streams.stream(`plan/${name}`);
  const drawn = guarded('plan()', () => scenario.plan(stream, params));
  const schedule = scheduleOf(overrides.schedule, stream);
  const faults = overrides.faults ?? drawn.faults;
  return {
    format: 1,
    kind: 'plan',
    faultlab: VERSION,
    scenario: scenario.name,
    seed,
    streamSeed: seed,
    params,
    profile: profile ?? drawn.profile,
    disk: disk ?? drawn.disk,
    clocks: clocks ?? drawn.clocks,
    hardware: hardware ?? drawn.hardware,
    ties: schedule.ties ?? drawn.ties,
    faults: [...faults, ...schedule.faults],
    clients: drawn.clients,
    overrides: drawn.overrides,
  };
}

/** How a user wants events to be ordered: nothing of it is left to chance in the run itself. */
function scheduleOf(
  name: string | undefined,
  stream: DrawStream,
): { readonly ties?: Ties; readonly faults: readonly FaultAction[] } {
  if (name === undefined) return { faults: [] };
  if (name === 'fifo' || name === 'random') return { ties: name, faults: [] };
  if (name !== 'priorities') {
    throw new PlanError(`no schedule "${name}"; there are fifo, random, priorities`);
  }
  return { ties: 'random', faults: prioritySchedule(stream('schedule'), 'schedule') };
}
