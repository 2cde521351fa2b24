import { type MakeRaft, raftOf, raftPorts, raftRules, type RaftPorts } from '../../raft/index.ts';
import { type Entry, withPort } from './lab3-parts.ts';

/** A Raft whose requests wait for each other. */
const serially: MakeRaft = (...args) => {
  const waiting: (() => void)[] = [];
  const call: RaftPorts['call'] = (env, peer, method, request, done) => {
    const send = (): void => {
      raftPorts.call(env, peer, method, request, (reply) => {
        waiting.shift();
        waiting[0]?.();
        done(reply);
      });
    };
    waiting.push(send);
    if (waiting.length === 1) send();
  };
  return raftOf({ rules: raftRules, ports: { ...raftPorts, call } })(...args);
};

function nothing(): void {}

/** How often and in which order requests are sent. */
export const messages: readonly Entry[] = [
  {
    id: 'R43',
    title: 'One request at a time',
    seam: 'port',
    guarantee: 'a dead server holds up nobody else',
    class: 'liveness',
    lesson:
      'A call to a server that is gone takes seconds to fail. Whoever waits for it before the ' +
      'next call sends no heartbeats meanwhile, and is deposed.',
    scenarios: ['raft/fail-agree', 'raft/chaos-5'],
    layers: { makeRaft: Object.assign(serially, { isSynchronous: true }) },
  },
  {
    id: 'R45',
    title: 'Entries are sent three times over',
    seam: 'port',
    guarantee: 'each command is sent to each peer just once',
    class: 'performance',
    lesson: 'To send more than is needed hides losses, and costs most when there is most to do.',
    scenarios: ['raft/rpc-bytes'],
    layers: withPort({
      call: (env, peer, method, args, done) => {
        raftPorts.call(env, peer, method, args, done);
        const { entries = [] } = args as { readonly entries?: readonly unknown[] };
        const copies = entries.length > 0 ? 2 : 0;
        for (let i = 0; i < copies; i++) raftPorts.call(env, peer, method, args, nothing);
      },
    }),
  },
];
