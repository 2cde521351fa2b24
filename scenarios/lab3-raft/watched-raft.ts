import type { MakeRaft, Raft } from '../../raft/index.ts';
import { LaterReply, UNKNOWN, type Peer } from '../../sim/index.ts';
import type { Watch } from './invariants/watch.ts';
import type { Outside } from './outside.ts';

/** Who judges the servers of a cluster. */
export interface Watchers {
  /** Learns of what they say to each other, and looks into those that show a view. */
  readonly watch: Watch;
  /** Judges those that show none. Default: nobody does. */
  readonly outside?: Outside | undefined;
  /** Whether to look into servers that show a view; otherwise they show none. Default: yes. */
  readonly looksInside?: boolean | undefined;
}

/** Servers as they are, but watched, and deaf to all who are not of their cluster. */
export function watchedRaft(
  make: MakeRaft,
  { watch, outside, looksInside = true }: Watchers,
): MakeRaft {
  const watched: MakeRaft = (env, peers, me, persister, apply) => {
    const overheard = peers.map((peer) => overheardPeer(watch, env.id, peer));
    const raft = complete(make(env, overheard, me, persister, apply));
    const ids = peers.map(({ id }) => id);
    const view = looksInside ? raft.view?.() : undefined;
    if (view === undefined) outside?.began(env, raft);
    else watch.began(env.id, view);
    // Not a spread: a user's Raft may be a class.
    return {
      start(command) {
        const started = raft.start(command);
        if (view === undefined && started.isLeader) outside?.started(started.index, command);
        return started;
      },
      getState() {
        const state = raft.getState();
        if (isRecord(state)) return state;
        throw new TypeError(`getState() must return {term, isLeader}, not ${String(state)}`);
      },
      snapshot: (index, snapshot) => raft.snapshot(index, snapshot),
      handlers: overheardHandlers(watch, { id: env.id, ids, raft }),
      ...(view === undefined ? {} : { view: () => raft.view!() }),
    };
  };
  return Object.assign(watched, { isSynchronous: make.isSynchronous === true });
}

/** @throws TypeError naming what a Raft lacks: it may be anybody's code */
function complete(raft: Raft): Raft {
  const given: unknown = raft;
  const lacks = ['start', 'getState', 'snapshot'].find(
    (name) => !isRecord(given) || typeof given[name] !== 'function',
  );
  const missing = lacks ?? (isRecord(raft.handlers) ? undefined : 'handlers');
  if (missing === undefined) return raft;
  const wanted = 'makeRaft must return {start, getState, snapshot, handlers}';
  throw new TypeError(
    isRecord(given) ? `${wanted}: no ${missing}` : `${wanted}, not ${String(given)}`,
  );
}

/** A peer whose requests and replies the watch learns of. */
function overheardPeer(watch: Watch, id: string, peer: Peer): Peer {
  const sent = (method: string, args: unknown): void => {
    watch.spoke(id, { method, args, reply: undefined, isOwn: true });
  };
  const answered = <T>(method: string, args: unknown, reply: T): T => {
    if (reply !== undefined) watch.spoke(id, { method, args, reply, isOwn: false });
    return reply;
  };
  return {
    ...peer,
    async call(method, args, options) {
      sent(method, args);
      return answered(method, args, await peer.call(method, args, options));
    },
    request(method, args, done, options) {
      sent(method, args);
      peer.request(method, args, (reply) => done(answered(method, args, reply)), options);
    },
  };
}

/** One server of a cluster. */
interface Member {
  readonly id: string;
  /** All servers of the cluster. */
  readonly ids: readonly string[];
  readonly raft: Raft;
}

/**
 * Handlers for the servers of the cluster, and for nobody else: others' requests are unknown. The
 * watch learns of requests and answers. A service on top may hand on requests without their sender.
 */
function overheardHandlers(watch: Watch, { id, ids, raft }: Member): Raft['handlers'] {
  return Object.fromEntries(
    Object.entries(raft.handlers).map(([method, handler]) => [
      method,
      (args: never, from?: string): unknown => {
        if (from !== undefined && !ids.includes(from)) return UNKNOWN;
        watch.spoke(id, { method, args, reply: undefined, isOwn: false });
        const answer = handler(args);
        const answered = (reply: unknown): void => {
          watch.spoke(id, { method, args, reply, isOwn: true });
        };
        if (answer instanceof LaterReply) answer.whenAnswered(answered);
        else if (isPromise(answer)) void answer.then(answered);
        else answered(answer);
        return answer;
      },
    ]),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}
