import type { MakeRaft, Raft } from '../../raft/index.ts';
import { LaterReply, type Peer } from '../../sim/index.ts';
import type { Watch } from './invariants/watch.ts';

/** Servers as they are, but the watch learns of what they say, and may look inside. */
export function watchedRaft(watch: Watch, make: MakeRaft): MakeRaft {
  const watched: MakeRaft = (env, peers, me, persister, apply) => {
    const overheard = peers.map((peer) => overheardPeer(watch, env.id, peer));
    const raft = make(env, overheard, me, persister, apply);
    const view = raft.view?.();
    if (view !== undefined) watch.began(env.id, view);
    // One by one: what somebody else wrote may be an instance of a class.
    return {
      start: (command) => raft.start(command),
      getState: () => raft.getState(),
      snapshot: (index, snapshot) => raft.snapshot(index, snapshot),
      handlers: overheardHandlers(watch, env.id, raft),
      ...(view === undefined ? {} : { view: () => raft.view!() }),
    };
  };
  return Object.assign(watched, { isSynchronous: make.isSynchronous === true });
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

/** Handlers whose requests and answers the watch learns of. */
function overheardHandlers(watch: Watch, id: string, { handlers }: Raft): Raft['handlers'] {
  return Object.fromEntries(
    Object.entries(handlers).map(([method, handler]) => [
      method,
      (args: never): unknown => {
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

function isPromise(value: unknown): value is Promise<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}
