import { nodeHost } from '../scenarios/runner/node-host.ts';
import { bulk, World, type Env, type Host } from '../sim/index.ts';
import { BareHeap, Delays } from './bare-heap.ts';
import type { Comparison } from './measure.ts';

const NODES = 5;
const PENDING = 1000;
const TIMER_EVENTS = 400_000;
const MESSAGES = 200_000;
const CALLS = 40_000;
const FETCHES = 40_000;
const REDUCERS = 40;

const ids = Array.from({ length: NODES }, (_, i) => `n${i}`);

function makeWorld(hardware: string = 'ideal'): World {
  return new World('bench', { host: nodeHost(), plan: { hardware } });
}

async function runToEnd(world: World): Promise<void> {
  await world.run();
  if (world.failure !== undefined) throw new Error(world.failure.message);
}

/** Pops and pushes of a bare heap: `pending` values in it at any time. */
export function bareEvents(pending: number, events: number): Promise<number> {
  const heap = new BareHeap(pending + 1);
  const delays = new Delays();
  const fired = new Float64Array(NODES);
  for (let i = 0; i < pending; i++) heap.push(delays.nextUs(), i % NODES);
  for (let left = events; left > 0; left--) {
    const now = heap.nextTime;
    const node = heap.pop();
    fired[node] = (fired[node] as number) + 1;
    heap.push(now + delays.nextUs(), node);
  }
  return Promise.resolve(events);
}

export const timers: Comparison = {
  name: 'timers',
  unit: 'timer',
  async ours() {
    const world = makeWorld();
    const delays = new Delays();
    let left = TIMER_EVENTS;
    for (const id of ids) {
      world.addNode(
        id,
        (env) => {
          const tick = (): void => {
            if (left-- > 0) env.setTimer(delays.nextUs() / 1000, tick);
          };
          for (let i = 0; i < PENDING / NODES; i++) env.setTimer(delays.nextUs() / 1000, tick);
        },
        { isSynchronous: true },
      );
    }
    await runToEnd(world);
    return world.events;
  },
  yardstick: () => bareEvents(PENDING, TIMER_EVENTS),
};

/** A heartbeat. */
const payload = {
  term: 7,
  leader: 'n0',
  previousIndex: 1021,
  previousTerm: 6,
  commitIndex: 1020,
  entries: [],
};

export const messages: Comparison = {
  name: 'one-way messages',
  unit: 'message',
  ours: () => heartbeats('ideal'),
  yardstick: () => bareEvents(PENDING, MESSAGES),
};

/** The same where CPU and network cards take time, and messages wait for each other. */
export const servedMessages: Comparison = {
  name: 'one-way messages on hardware',
  unit: 'message',
  ours: () => heartbeats('server'),
  yardstick: () => heartbeats('ideal'),
};

async function heartbeats(hardware: string): Promise<number> {
  const world = makeWorld(hardware);
  let left = MESSAGES;
  ids.forEach((id, i) => {
    const next = ids[(i + 1) % NODES] as string;
    world.addNode(
      id,
      (env) => {
        env.receive({
          append: (message) => {
            if (left-- > 0) env.send(next, 'append', message);
          },
        });
        for (let k = 0; k < PENDING / NODES; k++) env.send(next, 'append', payload);
      },
      { isSynchronous: true },
    );
  });
  await runToEnd(world);
  return world.network.counters.messages;
}

/** Parts of a shuffle that reducers fetch from mappers: a gigabyte each, or nothing. */
export const fetches: Comparison = {
  name: 'fetches of a gigabyte',
  unit: 'fetch',
  ours: () => shuffle(1e9),
  yardstick: () => shuffle(0),
};

async function shuffle(bytes: number): Promise<number> {
  const world = makeWorld('cluster-2004');
  for (const id of ids) {
    const mapper = (env: Env): void => env.serve({ fetch: () => bulk('part', bytes) });
    world.addNode(id, mapper, { isSynchronous: true });
  }
  for (let r = 0; r < REDUCERS; r++) {
    let left = FETCHES / REDUCERS;
    const reducer = (env: Env): void => {
      const next = (): void => {
        if (left-- > 0) env.request(ids[left % NODES] as string, 'fetch', r, next);
      };
      next();
    };
    world.addNode(`r${r}`, reducer, { isSynchronous: true });
  }
  await runToEnd(world);
  return world.network.counters.calls;
}

export const calls: Comparison = {
  name: 'request and reply, async code',
  unit: 'call',
  async ours() {
    const world = makeWorld();
    world.addNode('server', (env) => env.serve({ add: async ({ n }: { n: number }) => n + 1 }));
    for (const id of ids) {
      world.addNode(id, async (env) => {
        for (let n = 0; n < CALLS / NODES; n++) await env.call('server', 'add', { n });
      });
    }
    await runToEnd(world);
    return world.network.counters.calls;
  },
  yardstick: () => barePingPong(nodeHost()),
};

/** The same course over a bare heap: each event resolves a promise, and is drained by the host. */
function barePingPong(host: Host): Promise<number> {
  const heap = new BareHeap(2 * NODES);
  const delays = new Delays();
  const work: (() => void)[] = [];
  let now = 0;
  let clients = NODES;

  /** A hop: resolves in an event of its own. */
  const hop = (slot: number): Promise<void> =>
    new Promise((resolve) => {
      work[slot] = resolve;
      heap.push(now + delays.nextUs(), slot);
    });
  const serve = async (n: number): Promise<number> => n + 1;
  const client = async (slot: number): Promise<void> => {
    for (let n = 0; n < CALLS / NODES; n++) {
      await hop(slot);
      await serve(n);
      await hop(slot);
    }
    clients--;
  };
  for (let slot = 0; slot < NODES; slot++) void client(slot);

  return new Promise((resolve) => {
    const turn = (): void => {
      if (clients === 0) return resolve(CALLS);
      now = heap.nextTime;
      (work[heap.pop()] as () => void)();
      host.drain(turn);
    };
    host.drain(turn);
  });
}
