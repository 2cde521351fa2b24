import type { Pack } from '../define/pack.ts';
import { mapReduceChaos } from './chaos.ts';
import { officialTests } from './official.ts';

/** Lab 1: MapReduce. The course shows no figures of its own for it. */
export const lab1: Pack = {
  name: 'lab1-mapreduce',
  title: 'MapReduce',
  lab: 1,
  scenarios: [...officialTests, mapReduceChaos('shared'), mapReduceChaos('local')],
  specimens: [],
};
