import type { Pack } from '../define/pack.ts';
import { lab3Specimens } from '../specimens/lab3-raft.ts';
import { backupUnreliable } from './backup-unreliable.ts';
import { raftChaos } from './chaos.ts';
import { courseCatches, courseFigures } from './course-figures.ts';
import { deafLeader } from './deaf-leader.ts';
import { everything, staleDisk, wrongClocks } from './everything.ts';
import { figure8ByHand } from './figure-8-by-hand.ts';
import { forgetfulVoter } from './forgetful-voter.ts';
import { forgottenTerm } from './forgotten-term.ts';
import { hour } from './hour.ts';
import { raftHunt } from './hunt.ts';
import { lateReplies } from './late-replies.ts';
import { lateVotes } from './late-votes.ts';
import { tests3A } from './official-3a.ts';
import { tests3B } from './official-3b.ts';
import { tests3C } from './official-3c.ts';
import { tests3D } from './official-3d.ts';
import { officialScenario } from './official.ts';
import { scriptedScenario } from './scripted.ts';
import { snapshotOvertaken } from './snapshot-overtaken.ts';
import { slowService } from './slow-service.ts';
import { staleCandidates } from './stale-candidates.ts';
import { beyond } from './beyond.ts';
import { electionChaos } from './election-chaos.ts';
import { hints } from './hints.ts';
import { raftViews } from './views.ts';

const official = [...tests3A, ...tests3B, ...tests3C, ...tests3D].map(officialScenario);

/** In the official style, what the official tests leave out. */
const scripted = [
  staleCandidates,
  lateVotes,
  forgetfulVoter,
  deafLeader,
  forgottenTerm,
  figure8ByHand,
  lateReplies,
  backupUnreliable,
  snapshotOvertaken,
  slowService,
].map(scriptedScenario);

/** Lab 3: Raft. */
export const lab3: Pack = {
  name: 'lab3-raft',
  title: 'Raft',
  lab: 3,
  scenarios: [
    ...official,
    ...scripted,
    electionChaos,
    ...[3, 5, 7].map((servers) => raftChaos(servers)),
    raftChaos(5, 'disk'),
    raftHunt(5),
    everything,
    wrongClocks,
    staleDisk,
    hour,
  ],
  specimens: lab3Specimens,
  views: raftViews,
  courseFigures,
  beyond,
  contracts: { makeRaft: ['start', 'getState', 'snapshot', 'handlers'] },
  hints,
  courseCatches,
};
