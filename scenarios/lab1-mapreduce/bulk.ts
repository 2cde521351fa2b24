import {
  encode,
  heldFor,
  HeldOutputs,
  type Application,
  type FetchArgs,
  type Files,
  type MakeApplication,
  type MapOutput,
  type WorkerPorts,
} from '../../mapreduce/index.ts';
import { bulk, type CallHandler, type Env, type Peer, type World } from '../../sim/index.ts';

/**
 * Jobs whose data are sizes: a pair stands for as many bytes as its value says, which take their
 * time on disks and network cards in one piece. So a terabyte costs as little as a line, and the
 * bytes of the outputs tell whether each map task got into them once.
 */
const RECORDS = 'records';
const RATE = 1_000_000;

/** How long the CPU works on so many bytes, in ms. */
export interface Pace {
  readonly mapMsPerMB: number;
  readonly reduceMsPerMB: number;
}

/** Reads its input from the disk of its machine (§3.4), works on it, and has as much to hand on. */
export function bulkApplication({ mapMsPerMB, reduceMsPerMB }: Pace): MakeApplication {
  return (env): Application => {
    const work = (bytes: number, msPerMB: number): Promise<void> =>
      // No two tasks take the same time.
      env.compute((bytes * msPerMB * env.random.between(75, 125)) / (100 * RATE));
    return {
      async map(_file, size) {
        await env.disk.transfer(Number(size));
        await work(Number(size), mapMsPerMB);
        return [{ key: RECORDS, value: size }];
      },
      async reduce(_key, sizes) {
        const bytes = sizes.reduce((sum, size) => sum + Number(size), 0);
        await work(bytes, reduceMsPerMB);
        return String(bytes);
      },
      partition: () => 0,
    };
  };
}

/** What an output says of so many bytes. */
export function bulkOutput(bytes: number): string {
  return `${RECORDS} ${bytes}\n`;
}

/** One file for each map attempt, which holds its size: the same share for each reduce task. */
const nameOf = ({ map, attempt }: Pick<MapOutput, 'map' | 'attempt'>): string =>
  `mr-${map}.${attempt}`;

/** Keep sizes; ask the coordinator for work once in a while, since it has so many workers. */
export const bulkPorts: Pick<WorkerPorts, 'keep' | 'waitMs'> = {
  waitMs: (env) => env.random.between(2000, 4000),
  async keep(env, { task, attempt }, buckets) {
    const sizes = [...buckets.values()].flatMap((groups) => [...groups.values()].flat());
    const bytes = sizes.reduce((sum, size) => sum + Number(size), 0);
    await env.disk.transfer(bytes);
    env.disk.save(nameOf({ map: task, attempt }), String(bytes));
  },
};

/**
 * Hands out what the machines of a rack hold, through its uplink: one reply for all of them. What
 * it reads of their disks is not charged to them.
 */
export function rack(
  world: World,
  env: Env,
  coordinator: Peer,
  reduces: number,
): Readonly<Record<string, CallHandler>> {
  const held = new HeldOutputs(coordinator, env.id);
  const sizeOf = (output: MapOutput): string | undefined => {
    const { worker } = output;
    if (world.machine(worker).life === undefined) return undefined;
    return world.disk(worker).files.get(nameOf(output))?.content as string | undefined;
  };
  let known: { readonly asOf: number; readonly crashes: number; readonly sum: number } | undefined;
  return {
    async fetch(args: FetchArgs) {
      // Nothing gets lost but by a crash.
      if (known?.asOf !== args.asOf || known.crashes !== world.crashes) {
        const found = await heldFor(held, args, sizeOf);
        if (found.contents === undefined) return found;
        const sum = found.contents.reduce((total, size) => total + Number(size), 0);
        known = { asOf: args.asOf, crashes: world.crashes, sum };
      }
      const bytes = known.sum / reduces;
      return bulk({ contents: [encode([[RECORDS, [String(bytes)]]])] }, bytes);
    },
  };
}

/** Tries at a replica, and how long to wait for each before it goes elsewhere, in ms. */
const TRIES = 5;
const STORE_MS = 60_000;

/**
 * Files whose content is on the disks of two machines, this one and another, as on GFS; their names
 * and sizes are where they were.
 */
export function replicated(env: Env, files: Files, pickOther: () => string): Files {
  return {
    ...files,
    async write(name, content) {
      const bytes = Number(content.split(' ')[1]);
      await env.disk.transfer(bytes);
      for (let n = 0; n < TRIES; n++) {
        const stored = env.channel<boolean>(1);
        env.spawn('store', async () => {
          const reply = await env.call(pickOther(), 'store', {}, { bytes });
          await stored.send(reply !== undefined);
        });
        const told = await env.select([stored], STORE_MS);
        if (told.status === 'value' && told.value) break;
      }
      await files.write(name, content);
    },
  };
}

/** Keeps a replica for others. @param bytes of each */
export function storing(env: Env, bytes: number): Readonly<Record<string, CallHandler>> {
  return {
    async store() {
      await env.disk.transfer(bytes);
      return {};
    },
  };
}
