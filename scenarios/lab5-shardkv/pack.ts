import type { Pack } from '../define/pack.ts';
import { shardChaos } from './chaos.ts';
import { lab5Specimens } from '../specimens/lab5-shardkv.ts';
import { courseFigures } from './course-figures.ts';
import { ctrlerCrash } from './ctrler-crash.ts';
import { tests5A } from './official-5a.ts';
import { tests5B } from './official-5b.ts';
import { tests5C } from './official-5c.ts';
import { older } from './older.ts';
import { scale } from './scale.ts';
import { scriptedScenario } from './scripted.ts';
import { seldom } from './seldom.ts';
import { shardViews } from './views.ts';

const scripted = [...tests5A, ...tests5B, ...tests5C, ...seldom, ...older].map(scriptedScenario);

/** Lab 5: shards that move between groups. */
export const lab5: Pack = {
  name: 'lab5-shardkv',
  title: 'Sharded KV',
  lab: 5,
  scenarios: [...scripted, ctrlerCrash, ...[3, 5].map(shardChaos), scale],
  specimens: lab5Specimens,
  views: shardViews,
  courseFigures,
};
