import { z } from 'zod';
import {
  clockProfiles,
  drawJepsen,
  drawSwarm,
  drawVopr,
  faultKinds,
  profiles,
  withinBudget,
  type FaultAction,
  type FaultBudget,
  type Random,
  type Window,
} from '../../sim/index.ts';
import { phaseFields, settableMs, type Phases } from '../define/phases.ts';
import type { Decisions } from '../define/plan.ts';
import type { DrawStream } from '../define/scenario.ts';
import { drawServerFaults } from './chaos-plan.ts';

/** Where servers stand: a fault can hit all of a zone. */
export const ZONES = ['a', 'b', 'c'] as const;

/** Zone of the server with a number, by turns. */
export function zoneOf(server: number): (typeof ZONES)[number] {
  return ZONES[server % ZONES.length]!;
}

/** Disks that a crash is no friend of. */
const DISKS = ['lossy', 'torn', 'torn-4096', 'reordered'] as const;

/** Half of the runs are on machines whose work takes time. */
const HARDWARE = ['ideal', 'ideal', 'server', 'cluster-2004'] as const;

/** Settings that decide what is drawn. */
export interface EverythingParams extends Phases {
  readonly servers: number;
  readonly faults: 'drawn' | 'swarm' | 'jepsen' | 'vopr' | 'stale' | 'damage' | 'clocks';
  readonly only: string;
  readonly damaged: number;
}

/** The fields of their schema. */
export const everythingFields: typeof phaseFields & {
  faults: z.ZodDefault<z.ZodEnum<{ [K in EverythingParams['faults']]: K }>>;
  only: z.ZodDefault<z.ZodEnum<Record<string, string>>>;
  damaged: z.ZodDefault<z.ZodInt>;
  storage: z.ZodDefault<z.ZodEnum<{ drawn: 'drawn'; persister: 'persister'; disk: 'disk' }>>;
} = {
  ...phaseFields,
  warmUpMs: settableMs(0, 800, 'time before the first fault'),
  chaosMs: settableMs(1, 6000, 'length of the faulty phase'),
  convergeMs: settableMs(1, 60_000, 'time to finish after healing'),
  faults: z
    .enum(['drawn', 'swarm', 'jepsen', 'vopr', 'stale', 'damage', 'clocks'])
    .default('drawn')
    .describe(
      'who draws them: a swarm, jepsen, vopr, or one of these drawn; stale = a disk keeps whole ' +
        'states from before; damage = disks rot, and are read again; ' +
        'clocks = clocks are wrong without any bound',
    ),
  only: z
    .enum(['all', ...faultKinds])
    .default('all')
    .describe('keep faults of this kind alone, of all that are drawn'),
  damaged: z
    .int()
    .min(0)
    .max(9)
    .default(2)
    .describe('how many servers may have damaged disks; more than a minority: no progress'),
  storage: z
    .enum(['drawn', 'persister', 'disk'])
    .default('drawn')
    .describe('where servers keep their state: persister, disk (with fsync), or one of them drawn'),
};

/** What a run can bear and still come to its end: anything, but data that most have lost. */
export function budgetOf({ servers, damaged, safetyOnly }: EverythingParams): FaultBudget {
  const nodes = idsOf(servers);
  return { nodes, most: servers, damaged: safetyOnly ? servers : damaged };
}

function idsOf(servers: number): string[] {
  return Array.from({ length: servers }, (_, i) => `s${i}`);
}

/** Where servers keep their state in a run: as the params say, or drawn from its streams. */
export function storageOf(
  { storage }: { readonly storage: 'drawn' | 'persister' | 'disk' },
  stream: DrawStream,
): 'persister' | 'disk' {
  return storage === 'drawn' ? stream('storage').pick(['persister', 'disk'] as const) : storage;
}

/** Draw a world in which anything may be wrong, each part of it from a stream of its own. */
export function drawEverything(
  stream: DrawStream,
  params: EverythingParams,
): Pick<Decisions, 'profile' | 'disk' | 'clocks' | 'hardware' | 'ties' | 'faults'> {
  return {
    profile: stream('network').pick([...profiles.keys()]),
    disk: stream('disk').pick(DISKS),
    clocks: stream('clocks').pick([...clockProfiles.keys()]),
    hardware: stream('hardware').pick(HARDWARE),
    ties: stream('ties').pick(['fifo', 'random'] as const),
    faults: drawFaults(stream, params),
  };
}

function drawFaults(stream: DrawStream, params: EverythingParams): FaultAction[] {
  const { only, faults } = params;
  const drawn = stream('who draws').pick(['swarm', 'swarm', 'jepsen', 'vopr'] as const);
  const actions = SOURCES[faults === 'drawn' ? drawn : faults](stream, params);
  const kept = actions.filter(({ id, kind }) => {
    // What makes a fault show is a part of it.
    const part = id.startsWith('slow disk') ? 'disk-slow' : id.split(' ')[0];
    return only === 'all' || kind === only || part === only;
  });
  return withinBudget(kept, budgetOf(params));
}

type Source = (stream: DrawStream, params: EverythingParams) => FaultAction[];

const SOURCES: Readonly<Record<Exclude<EverythingParams['faults'], 'drawn'>, Source>> = {
  swarm(stream, params) {
    const servers = idsOf(params.servers);
    const window = windowOf(params);
    const swarm = stream('swarm/correlated');
    const most = Object.entries({ priorities: 1, outage: 2, split: 2, limp: 2 });
    const chosen = most.filter(() => swarm.chance(1, 2));
    return [
      ...drawServerFaults(stream, { ...params, storage: 'disk' }),
      ...drawSwarm(stream, {
        kinds: Object.fromEntries(chosen),
        servers,
        clients: [],
        labels: { zone: ZONES },
        ...window,
      }),
      ...drawSomeDiskFaults(stream, servers, window),
    ];
  },
  jepsen: (stream, params) =>
    drawJepsen(stream('jepsen'), 'jepsen', idsOf(params.servers), windowOf(params), true),
  vopr: (stream, params) =>
    drawVopr(stream('vopr'), 'vopr', idsOf(params.servers), windowOf(params), true),
  stale(stream, params) {
    const servers = idsOf(params.servers).slice(0, 1);
    const drawn = drawDiskFaults(stream, servers, windowOf(params), 'stale-read', [3, 3]);
    return drawn.map((fault) => ('ppm' in fault ? { ...fault, ppm: 1_000_000 } : fault));
  },
  damage(stream, params) {
    const random = stream('damage');
    const node = random.shuffle(idsOf(params.servers)).slice(0, params.damaged);
    const { fromMs, untilMs } = windowOf(params);
    const atMs = random.between(fromMs, untilMs - 1);
    return [
      { id: 'bit-rot', kind: 'bit-rot', atMs: fromMs, node, ppm: 1_000_000 },
      { id: 'bit-rot crash', kind: 'crash', atMs, untilMs: atMs + 10, node },
    ];
  },
  clocks(stream, params) {
    const { fromMs, untilMs } = windowOf(params);
    return idsOf(params.servers).flatMap((node) => {
      const random = stream(`clocks/${node}`);
      return Array.from({ length: random.between(1, 4) }, (_, i): FaultAction => {
        const atMs = random.between(fromMs, untilMs - 1);
        const wrong = {
          offsetMs: random.between(-600_000, 600_000),
          driftPpm: random.between(-200_000, 200_000),
        };
        const strobe: [number, number] = [random.between(1, 300), random.between(1, 300)];
        const flapMs = random.chance(1, 2) ? { flapMs: strobe } : {};
        return { id: `clock ${node}.${i}`, kind: 'clock', atMs, node, ...wrong, ...flapMs };
      });
    });
  },
};

function windowOf({ warmUpMs, chaosMs }: EverythingParams): Window {
  return { fromMs: warmUpMs, untilMs: warmUpMs + chaosMs };
}

/** What may befall a disk, and how often at most. */
const DISK_KINDS = {
  'disk-slow': 3,
  'disk-error': 3,
  'disk-full': 2,
  'bit-rot': 2,
  'misdirected-write': 2,
  'stale-read': 2,
} as const;

type DiskKind = keyof typeof DISK_KINDS;
const diskKinds = Object.keys(DISK_KINDS) as DiskKind[];

/** Disks fail: some of these kinds in a run, each in half of the runs. */
function drawSomeDiskFaults(
  stream: DrawStream,
  servers: readonly string[],
  window: Window,
): FaultAction[] {
  const swarm = stream('swarm/disks');
  const chosen = diskKinds.filter(() => swarm.chance(1, 2));
  return chosen.flatMap((kind) => {
    return drawDiskFaults(stream, servers, window, kind, [1, DISK_KINDS[kind]]);
  });
}

/** Faults of a kind, so many. */
function drawDiskFaults(
  stream: DrawStream,
  servers: readonly string[],
  window: Window,
  kind: DiskKind,
  [fewest, most]: readonly [number, number],
): FaultAction[] {
  const count = stream(`disks/${kind}`).between(fewest, most);
  return Array.from({ length: count }, (_, i) => {
    const id = `${kind} ${i}`;
    return diskFault(kind, id, stream(`disks/${id}`), servers, window);
  }).flat();
}

function diskFault(
  kind: DiskKind,
  id: string,
  random: Random,
  servers: readonly string[],
  { fromMs, untilMs }: Window,
): FaultAction[] {
  const atMs = random.between(fromMs, untilMs - 1);
  const lasting = { id, atMs, untilMs: atMs + random.between(50, 3000) };
  const node = random.pick(servers);
  // Few files in a thousand, or every third one.
  const ppm = random.pick([1000, 10_000, 100_000, 300_000]);
  const crashMs = random.between(atMs, lasting.untilMs);
  const times = { atMs: crashMs, untilMs: crashMs + random.between(1, 600) };
  // What is wrong on a disk shows when a server reads it: when it comes up.
  const crash: FaultAction = { id: `${id} crash`, kind: 'crash', ...times, node };
  switch (kind) {
    case 'disk-slow':
      return [{ ...lasting, kind, node, extraMs: [0, random.pick([5, 50, 300])] }, crash];
    case 'disk-error':
      return [{ ...lasting, kind, node, ppm }, crash];
    case 'disk-full':
      return [{ ...lasting, kind, node }, crash];
    default:
      return [{ ...lasting, untilMs: times.untilMs + 1, kind, node, ppm }, crash];
  }
}
