import { type Entry, withClerkPort, withClerkRule } from './lab4-parts.ts';

/** The clerk: whom it asks, how often, and what it makes of no answer. */
export const clerks: readonly Entry[] = [
  {
    id: 'K19',
    title: 'The clerk goes round the servers without a pause',
    seam: 'port',
    guarantee: 'a clerk does not flood the servers',
    class: 'performance',
    lesson:
      'Without a leader every server answers at once that it does not lead. All clerks then ' +
      'ask as fast as the network answers, and keep those busy who have to elect one.',
    scenarios: ['kvraft/first-after-restart', 'kvraft/chaos-3'],
    layers: withClerkPort({ pause: async () => {} }),
  },
  {
    id: 'K39',
    title: 'A request without an answer is taken for one not executed',
    seam: 'rule',
    guarantee: 'ErrVersion says that the put was definitely not executed',
    class: 'safety',
    lesson:
      'A server that does not answer may be dead, cut off, or merely slow; it may have carried ' +
      'the request out, or will. After such an attempt only OK is certain.',
    scenarios: ['kvraft/unreliable', 'kvraft/chaos-3'],
    layers: withClerkRule({ mayHaveHappened: (reply) => reply?.isMaybe === true }),
  },
  {
    id: 'K41',
    title: 'ErrWrongLeader is taken for: not executed',
    seam: 'rule',
    guarantee: 'ErrVersion says that the put was definitely not executed',
    class: 'safety',
    lesson:
      'A server says so before it has started a request, and also when it was deposed with the ' +
      'request in its log. In the second case the next leader may execute it.',
    scenarios: ['kvraft/many-partitions-many-clients', 'kvraft/chaos-3'],
    layers: withClerkRule({ mayHaveHappened: (reply) => reply === undefined }),
  },
];
