import type { Pack } from '../define/pack.ts';
import { lab1Specimens } from '../specimens/lab1-mapreduce.ts';
import { mapReduceChaos, powerCuts } from './chaos.ts';
import { clusterSort } from './cluster-sort.ts';
import { ownJobs } from './own-job.ts';
import { longJob, officialTests } from './official.ts';
import { hints } from './hints.ts';
import { mapReduceViews } from './views.ts';

/** Lab 1: MapReduce. The course shows no figures of its own for it. */
export const lab1: Pack = {
  name: 'lab1-mapreduce',
  title: 'MapReduce',
  lab: 1,
  scenarios: [
    ...officialTests,
    longJob,
    mapReduceChaos('shared'),
    mapReduceChaos('local'),
    powerCuts,
    ...ownJobs,
    clusterSort,
  ],
  specimens: lab1Specimens,
  beyond: [
    { scenario: 'mapreduce/long-job', part: '1' },
    { scenario: 'mapreduce/chaos-shared', part: '1', weight: 3 },
    { scenario: 'mapreduce/chaos-local', part: '1', weight: 3 },
    { scenario: 'mapreduce/power-cuts', part: '1', weight: 3 },
  ],
  contracts: { makeCoordinator: ['handlers', 'done'] },
  hints,
  views: mapReduceViews,
};
