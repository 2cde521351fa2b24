import type { Pack } from '../define/pack.ts';
import type { Scenario } from '../define/scenario.ts';
import { lab2Specimens } from '../specimens/lab2-kv.ts';
import { courseFigures } from './course-figures.ts';
import { kvChaos } from './kv-chaos.ts';
import { memory, memory2025 } from './kv-memory.ts';
import { putConcurrentReliable, reliablePut, unreliableNet } from './kv-official.ts';
import { lockChaos } from './lock-chaos.ts';
import { lockOfficial } from './lock-official.ts';
import { keysView } from './views.ts';

const scenarios: readonly Scenario[] = [
  reliablePut,
  putConcurrentReliable,
  memory,
  memory2025,
  unreliableNet,
  ...lockOfficial,
  kvChaos,
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
};
