import type { Edit, Specimen } from '../define/specimen.ts';

/** One change of the independent implementation of lab 4. */
function edited(find: string, replace: string): { readonly edit: Edit } {
  return { edit: { file: 'examples/kvraft-async.ts', find, replace } };
}

const SCENARIOS = ['kvraft/chaos-3'];

/** Bugs of tasks that share a mutex: they need an implementation that has tasks and a mutex. */
export const lab4EditSpecimens: readonly Specimen[] = [
  {
    id: 'K5',
    lab: 4,
    title: 'The mutex stays locked when leadership is lost',
    seam: 'contract',
    guarantee: 'a server that was deposed goes on serving',
    class: 'liveness',
    lesson:
      'The way out that is seldom taken is the one on which the unlock is missing. Nothing is ' +
      'wrong until a leader is deposed with requests under way; from then on this server never ' +
      'applies anything again, and never answers anybody.',
    scenarios: SCENARIOS,
    ...edited('      // Leadership was lost on the way.\n      this.mu.unlock();\n', ''),
  },
  {
    id: 'K8',
    lab: 4,
    title: 'The lock is let go of between start and registration',
    seam: 'contract',
    guarantee: 'a request that is carried out is answered',
    class: 'liveness',
    lesson:
      'Between the start of a command and the registration nothing may come: once the lock is ' +
      'let go of, the commit can be quicker. The answer then finds nobody, and who registers ' +
      'afterwards waits for ever.',
    scenarios: SCENARIOS,
    ...edited(
      '    // No await between start and this: the reader must not come in between.\n',
      '    this.mu.unlock();\n' +
        '    await this.env.sleep(this.env.random.between(0, 3));\n' +
        '    await this.mu.lock();\n',
    ),
  },
  {
    id: 'K9',
    lab: 4,
    title: 'The service lock is held while its holder waits for the applier',
    seam: 'contract',
    guarantee: 'the service always goes on',
    class: 'liveness',
    lesson:
      'Who waits with a lock in hand for somebody who needs that lock waits for ever. In Go the ' +
      'circle often has four members, and shows only under load: service lock, apply channel, ' +
      "Raft's lock, Start. A condition variable lets go of its lock; a loop of sleeps does not.",
    scenarios: SCENARIOS,
    ...edited('await operation.ended.wait();', 'await this.env.sleep(1);'),
  },
];
