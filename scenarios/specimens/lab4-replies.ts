import { rsmRules } from '../../raft/index.ts';
import { type Entry, withRsmPort, withRsmRule } from './lab4-parts.ts';

/** Who is told what, and when: the layer between Raft and those who wait. */
export const replies: readonly Entry[] = [
  {
    id: 'K1',
    title: 'Whoever waits is answered by index alone',
    seam: 'rule',
    guarantee: 'a request is answered with what it did itself',
    class: 'safety',
    lesson:
      'An index may appear again: what a deposed leader had there is overwritten by its ' +
      'successor. The answer at that index is the answer to somebody else.',
    scenarios: ['rsm/leader-partition', 'kvraft/chaos-5'],
    layers: withRsmRule({ isSame: () => true }),
  },
  {
    id: 'K3',
    title: 'What is given up is said not to happen',
    seam: 'rule',
    guarantee: 'a definite error says that the request was not executed',
    class: 'safety',
    lesson:
      'A server that ceases to lead does not know what becomes of its entries: the next ' +
      'leader may have them, and commit them. It must say so, and the clerk must pass it on ' +
      'as ErrMaybe.',
    scenarios: ['rsm/deposed-under-way', 'kvraft/chaos-3'],
    layers: withRsmRule({ mayHappen: () => false }),
  },
  {
    id: 'K27',
    title: 'What a snapshot may hold is said not to happen',
    seam: 'rule',
    guarantee: 'a definite error says that the request was not executed',
    class: 'safety',
    lesson:
      'A snapshot jumps over indices at which somebody may wait. What happened there cannot be ' +
      'seen any more, and what cannot be seen may have happened.',
    scenarios: ['rsm/overtaken-by-snapshot'],
    layers: withRsmRule({
      mayHappen: (waiting, why) => why !== 'snapshot' && rsmRules.mayHappen(waiting, why),
    }),
  },
  {
    id: 'K7',
    title: 'Whoever waits registers after the request was started',
    seam: 'port',
    guarantee: 'a request that is carried out is answered',
    class: 'liveness',
    lesson:
      'Start and registration are one step. Between them the commit can be quicker: the answer ' +
      'finds nobody, and who registers afterwards waits for ever.',
    scenarios: ['rsm/basic'],
    layers: withRsmPort({
      start(env, start, wait) {
        const waiting = start();
        if (waiting !== undefined) env.setTimer(env.random.between(0, 3), () => wait(waiting));
      },
    }),
  },
  {
    id: 'K29',
    title: 'Nobody looks whether the leadership was lost',
    seam: 'rule',
    guarantee: 'a request is answered in the end',
    class: 'liveness',
    lesson:
      'Once another server leads, nothing may ever be committed at the index that a request ' +
      'hopes for. To wait for the log alone is to wait for ever; the term must be watched, too.',
    scenarios: ['rsm/leader-partition', 'rsm/deposed-under-way'],
    layers: withRsmRule({ hasLostLeadership: () => false }),
  },
];
