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
import { hints } from './hints.ts';
import { shardViews } from './views.ts';

const scripted = [...tests5A, ...tests5B, ...tests5C, ...seldom, ...older].map(scriptedScenario);

/** What a controller asks of a group. */
const MOVES = ['freezeShard', 'installShard', 'deleteShard'];

/** Lab 5: shards that move between groups. */
export const lab5: Pack = {
  name: 'lab5-shardkv',
  title: 'Sharded KV',
  lab: 5,
  scenarios: [...scripted, ctrlerCrash, ...[3, 5].map(shardChaos), scale],
  specimens: lab5Specimens,
  views: shardViews,
  courseFigures,
  beyond: [
    { scenario: 'shardkv/late-ctrler', part: '5C' },
    { scenario: 'shardkv/dead-destination', part: '5B' },
    { scenario: 'shardkv/lost-reply', part: '5A' },
    { scenario: 'shardkv/late-requests', part: '5C' },
    { scenario: 'shardkv/slow-ctrler', part: '5C' },
    { scenario: 'shardkv/join-leave-move', part: '5A' },
    { scenario: 'shardkv/missed-changes', part: '5A' },
    { scenario: 'shardkv/half-moved', part: '5A' },
    { scenario: 'shardkv/gid-again', part: '5A' },
    { scenario: 'shardkv/ctrler-crash', part: '5B' },
    { scenario: 'shardkv/chaos-3', part: '5C' },
    { scenario: 'shardkv/chaos-5', part: '5C', weight: 3 },
  ],
  contracts: {
    makeShardGroup: ['getState', ...['get', 'put', ...MOVES].map((name) => `handlers.${name}`)],
    makeGroupClerk: ['get', 'put', ...MOVES],
    makeShardCtrler: ['initConfig', 'query', 'changeConfigTo', 'initController'],
    makeShardClerk: ['get', 'put'],
  },
  hints,
};
