import type { Pack } from '../define/pack.ts';
import type { Scenario } from '../define/scenario.ts';
import { kvRaftChaos } from './chaos.ts';
import { lab4Specimens } from '../specimens/lab4-kvraft.ts';
import { courseFigures } from './course-figures.ts';
import { kvEverything } from './everything.ts';
import { kvAppends } from './kv-appends.ts';
import { tests4B, tests4C } from './kv-official.ts';
import { kvRestarts } from './kv-restarts.ts';
import { replicatedLockChaos } from './lock-chaos.ts';
import { rsmGivenUp } from './rsm-given-up.ts';
import { snapshot4C, tests4A } from './rsm-official.ts';
import { hints } from './hints.ts';
import { keysView } from '../lab2-kv/views.ts';
import { raftViews } from '../lab3-raft/views.ts';

/** Beyond the official tests. */
const others: readonly Scenario[] = [
  kvAppends,
  kvRestarts,
  ...rsmGivenUp,
  ...[3, 5, 7].map(kvRaftChaos),
  replicatedLockChaos,
  kvEverything,
];

/** Lab 4: the replicated state machine, and the key/value service on it. */
export const lab4: Pack = {
  name: 'lab4-kvraft',
  title: 'KV on Raft',
  lab: 4,
  scenarios: [...tests4A, ...tests4B, snapshot4C, ...tests4C, ...others],
  specimens: lab4Specimens,
  views: [...raftViews, keysView],
  courseFigures,
  beyond: [
    { scenario: 'rsm/deposed-under-way', part: '4A' },
    { scenario: 'rsm/overtaken-by-snapshot', part: '4C' },
    { scenario: 'kvraft/first-after-restart', part: '4B' },
    { scenario: 'kvraft/appends', part: '4B' },
    { scenario: 'kvraft/chaos-3', part: '4C' },
    { scenario: 'kvraft/chaos-5', part: '4C' },
    { scenario: 'kvraft/lock-chaos', part: '4C' },
  ],
  contracts: {
    makeRsm: ['submit', 'getState', 'handlers'],
    makeReplicatedKvServer: ['getState', 'handlers.get', 'handlers.put'],
    makeReplicatedKvClerk: ['get', 'put'],
  },
  hints,
};
