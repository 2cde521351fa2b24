import type { Pack } from '../define/pack.ts';
import { lab3Specimens } from '../specimens/lab3-raft.ts';
import { raftChaos } from './chaos.ts';
import { courseFigures } from './course-figures.ts';
import { hour } from './hour.ts';
import { tests3A } from './official-3a.ts';
import { tests3B } from './official-3b.ts';
import { tests3C } from './official-3c.ts';
import { tests3D } from './official-3d.ts';
import { officialScenario } from './official.ts';

const official = [...tests3A, ...tests3B, ...tests3C, ...tests3D].map(officialScenario);

/** Lab 3: Raft. */
export const lab3: Pack = {
  name: 'lab3-raft',
  title: 'Raft',
  lab: 3,
  scenarios: [
    ...official,
    ...[3, 5, 7].map((servers) => raftChaos(servers)),
    raftChaos(5, 'disk'),
    hour,
  ],
  specimens: lab3Specimens,
  courseFigures,
};
