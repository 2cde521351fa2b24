import {
  coordinatorOf,
  coordinatorRules,
  workerOf,
  workerPorts,
  type CoordinatorRules,
  type MapReduceLayers,
} from '../../mapreduce/index.ts';
import type { Specimen } from '../define/specimen.ts';

const withRule = (rule: Partial<CoordinatorRules>): Partial<MapReduceLayers> => ({
  makeCoordinator: coordinatorOf({ ...coordinatorRules, ...rule }),
});

const CHAOS = ['mapreduce/chaos-shared', 'mapreduce/chaos-local'];
const ASYNC = 'examples/mapreduce-async.ts';

/** The bugs of lab 1. */
export const lab1Specimens: readonly Specimen[] = [
  {
    id: 'MR1',
    lab: 1,
    title: 'The output is written in place',
    seam: 'port',
    guarantee: 'an output is there as a whole, or not at all',
    class: 'safety',
    lesson:
      'A worker may die in the middle of a file, and a slow twin may begin it anew while ' +
      'somebody reads. A file under another name, and one rename at the end, leave neither.',
    scenarios: CHAOS,
    layers: {
      makeWorker: workerOf({
        ...workerPorts,
        commit: ({ files }, _temporary, final, content) => files.write(final, content),
      }),
    },
  },
  {
    id: 'MR3',
    lab: 1,
    title: 'Attempts at a map task share their files',
    seam: 'contract',
    guarantee: 'the output is that of the sequential run',
    class: 'safety',
    lesson:
      'Whoever appends to a file that another attempt has begun doubles what is in it. A name ' +
      'that holds the number of the attempt is nobody else’s.',
    scenarios: ['mapreduce/chaos-shared'],
    edit: {
      file: ASYNC,
      find: '  return `pairs-${map}-${reduce}-${attempt}`;\n',
      replace: '  return `pairs-${map}-${reduce}-${attempt > 0}`;\n',
    },
  },
  {
    id: 'MR5',
    lab: 1,
    title: 'The job is done when the last task is handed out',
    seam: 'rule',
    guarantee: 'nobody leaves before the job is done',
    class: 'safety',
    lesson:
      'A task that somebody works on is not done, and may have to be handed out again. A ' +
      'worker that leaves because nothing is idle is missing when it is.',
    scenarios: ['mapreduce/early-exit', ...CHAOS],
    layers: withRule({ isDone: (_maps, { idle }) => idle === 0 }),
  },
  {
    id: 'MR7',
    lab: 1,
    title: 'A timer that runs out does not look at its task',
    seam: 'contract',
    guarantee: 'what is completed is not done again',
    class: 'liveness',
    lesson:
      'A timer is of one attempt. By the time that it runs out its task may be completed, or ' +
      'somebody else’s; whoever does not look takes it away from them.',
    scenarios: ['mapreduce/long-job'],
    edit: {
      file: ASYNC,
      find:
        '    await this.mutex.lock();\n' +
        "    if (row.state === 'running' && row.attempt === attempt) row.state = 'idle';\n",
      replace: "    await this.mutex.lock();\n    row.state = attempt > 0 ? 'idle' : row.state;\n",
    },
  },
  {
    id: 'MR9',
    lab: 1,
    title: 'Whoever is idle gets a task that others work on',
    seam: 'rule',
    guarantee: 'no task is done twice without need',
    class: 'performance',
    lesson:
      'Backups are for stragglers near the end. Handed out whenever somebody is idle they ' +
      'double the load of the cluster, and slow down what they are to help.',
    scenarios: ['mapreduce/job-count', 'mapreduce/long-job'],
    layers: withRule({
      wantsBackup: () => true,
    }),
  },
  {
    id: 'MR11',
    lab: 1,
    title: 'The mutex is released between the search and the hand-out',
    seam: 'contract',
    guarantee: 'no task is done twice without need',
    class: 'performance',
    lesson:
      'Two requests that search at the same time find the same idle task. To find it and to ' +
      'take it has to be one step.',
    scenarios: ['mapreduce/job-count', 'mapreduce/long-job'],
    edit: {
      file: ASYNC,
      find: '      await this.env.sleep(LOOK_UP_MS);\n',
      replace:
        '      this.mutex.unlock();\n' +
        '      await this.env.sleep(LOOK_UP_MS);\n' +
        '      await this.mutex.lock();\n',
    },
  },
  {
    id: 'MR13',
    lab: 1,
    title: 'A completion that is reported twice counts twice',
    seam: 'rule',
    guarantee: 'the job is done when every task is',
    class: 'liveness',
    lesson:
      'A worker whose answer got lost reports again, and so does a slow twin. A counter of ' +
      'completions then runs past the number of tasks: whoever waits for the two to be equal ' +
      'waits for ever, and whoever waits for at least as many leaves too early.',
    scenarios: CHAOS,
    layers: withRule({ counts: () => true }),
  },
];
