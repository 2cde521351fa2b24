import type { Pack } from '../define/pack.ts';
import type { Scenario } from '../define/scenario.ts';
import { lab2Specimens } from '../specimens/lab2-kv.ts';
import { courseFigures } from './course-figures.ts';
import { kvChaos, kvCrashPoints } from './kv-chaos.ts';
import { memory, memory2025 } from './kv-memory.ts';
import { putConcurrentReliable, reliablePut, unreliableNet } from './kv-official.ts';
import { lockChaos } from './lock-chaos.ts';
import { lockOfficial } from './lock-official.ts';
import { hints } from './hints.ts';
import { keysView } from './views.ts';

const scenarios: readonly Scenario[] = [
  reliablePut,
  putConcurrentReliable,
  memory,
  memory2025,
  unreliableNet,
  ...lockOfficial,
  kvChaos,
  kvCrashPoints,
  lockChaos,
];

/** Lab 2: versioned KV server, clerk and lock. */
export const lab2: Pack = {
  name: 'lab2-kv',
  title: 'KV server and lock',
  lab: 2,
  scenarios,
  specimens: lab2Specimens,
  views: [keysView],
  courseFigures,
  beyond: [
    { scenario: 'kv/chaos', part: '2', weight: 5 },
    { scenario: 'kv/crash-points', part: '2', weight: 5 },
    { scenario: 'lock/chaos', part: '2', weight: 12 },
  ],
  contracts: {
    makeKvServer: ['handlers.get', 'handlers.put'],
    makeKvClerk: ['get', 'put'],
    makeLock: ['acquire', 'release'],
  },
  hints,
};
