import {
  seedCount,
  shardRange,
  type SeedRange,
  type Shard,
} from '../scenarios/define/seed-range.ts';
import { UsageError } from './errors.ts';

/**
 * Where a machine that is one of many finds which one it is, and of how many: by the variables that
 * its system sets. Some count from 0; some do not say how many there are.
 */
const SYSTEMS: readonly {
  readonly index: string;
  readonly count?: string;
  readonly from: 0 | 1;
  /** Slurm's arrays may begin anywhere. */
  readonly min?: string;
}[] = [
  {
    index: 'SLURM_ARRAY_TASK_ID',
    count: 'SLURM_ARRAY_TASK_COUNT',
    from: 0,
    min: 'SLURM_ARRAY_TASK_MIN',
  },
  { index: 'JOB_COMPLETION_INDEX', from: 0 },
  { index: 'CI_NODE_INDEX', count: 'CI_NODE_TOTAL', from: 1 },
  { index: 'CIRCLE_NODE_INDEX', count: 'CIRCLE_NODE_TOTAL', from: 0 },
  { index: 'BUILDKITE_PARALLEL_JOB', count: 'BUILDKITE_PARALLEL_JOB_COUNT', from: 0 },
  { index: 'PARALLEL_SEQ', from: 1 },
];

/**
 * Read `2/8`, `auto` or `auto/8`.
 * @throws UsageError if it names no shard, or nothing here says which one this is
 */
export function parseShard(text: string, env: NodeJS.ProcessEnv = process.env): Shard {
  const [, which = '', of] = /^(\d+|auto)(?:\/(\d+))?$/.exec(text) ?? [];
  const isAuto = which === 'auto';
  if (which === '' || (of === undefined && !isAuto)) {
    throw new UsageError(`--shard: expected 2/8, auto or auto/8, not "${text}"`);
  }
  const shard = isAuto ? shardOfSystem(env, of) : { index: Number(which), count: Number(of) };
  const { index, count } = shard;
  if (index >= 1 && index <= count) return shard;
  throw new UsageError(`--shard: there is no shard ${index} of ${count}; they count from 1`);
}

function shardOfSystem(env: NodeJS.ProcessEnv, of: string | undefined): Shard {
  const system = SYSTEMS.find(({ index }) => env[index] !== undefined);
  if (system === undefined) {
    const names = SYSTEMS.map(({ index }) => index).join(', ');
    throw new UsageError(`--shard auto: none of ${names} is set: say which one this is, as 2/8`);
  }
  const read = (name: string): number => {
    const value = Number(env[name]);
    if (env[name] !== '' && Number.isInteger(value) && value >= 0) return value;
    throw new UsageError(`--shard auto: ${name}: expected a whole number, not "${env[name]}"`);
  };
  const count = of ?? (system.count === undefined ? undefined : env[system.count]);
  if (count === undefined) {
    throw new UsageError(`--shard auto: ${system.index} does not say of how many: say auto/8`);
  }
  const first =
    system.min === undefined || env[system.min] === undefined ? system.from : read(system.min);
  return {
    index: read(system.index) - first + 1,
    count: of === undefined ? read(system.count!) : Number(of),
  };
}

/** @throws UsageError if there is not a seed for every shard */
export function seedsOfShard(range: SeedRange, shard: Shard): SeedRange {
  const seeds = seedCount(range);
  if (seeds >= shard.count) return shardRange(range, shard);
  throw new UsageError(`--shard: ${seeds} seeds cannot be shared by ${shard.count} shards`);
}
