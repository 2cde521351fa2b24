import { persisterStorage } from '../../raft/index.ts';
import { type Entry, withPort, withRule } from './lab3-parts.ts';

/** Log compaction (§7). */
export const snapshots: readonly Entry[] = [
  {
    id: 'R12',
    title: 'Stale snapshots are installed',
    seam: 'rule',
    guarantee: 'the service is never taken back',
    class: 'safety',
    lesson:
      'A snapshot that comes late, or twice, is older than what the follower has. To install ' +
      'it is to forget what was committed, and to apply it again.',
    scenarios: ['raft/chaos-5'],
    layers: withRule({ acceptsSnapshot: () => true }),
  },
  {
    id: 'R37',
    title: 'A reply is taken for the present snapshot of the leader',
    seam: 'rule',
    guarantee: 'matchIndex is what a follower has',
    class: 'safety',
    lesson:
      'While a snapshot was on its way the leader has taken another one. The follower has what ' +
      'was sent; between that and the new one it has a gap, which nobody will fill.',
    scenarios: ['raft/snapshot-overtaken', 'raft/chaos-5'],
    layers: withRule({ matchIndexAfterSnapshot: ({ log }) => log.snapshotIndex }),
  },
  {
    id: 'R33',
    title: 'Snapshots are handed over by a task of their own',
    seam: 'port',
    guarantee: 'entries are applied in order',
    class: 'safety',
    lesson:
      'A snapshot and the entries after it take the same way to the service, in one order. A ' +
      'second task lets the entries arrive first.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      apply: (env, apply, message) => {
        if (message.kind === 'command') void apply(message);
        else env.setTimer(1, () => void apply(message));
      },
    }),
  },
  {
    id: 'R35',
    title: 'Persisting the state drops the snapshot',
    seam: 'port',
    guarantee: 'state and snapshot stay together',
    class: 'safety',
    lesson:
      'The persister replaces both. Whoever saves the state alone, after a snapshot exists, ' +
      'saves a log whose beginning is nowhere.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      storage: (persister) =>
        persisterStorage({
          ...persister,
          append: (text) => persister.save(persister.readState() + text, undefined),
        }),
    }),
  },
  {
    id: 'R39',
    title: 'Entries that conflict with a snapshot are kept',
    seam: 'rule',
    guarantee: 'Log Matching',
    class: 'safety',
    lesson:
      'Entries after the snapshot are good only if the entry at its end is the snapshot’s ' +
      'own. Otherwise they are of another history (Figure 13, steps 6 and 7).',
    scenarios: ['raft/chaos-5'],
    layers: withRule({
      retainsSuffix: ({ log }, { lastIncludedIndex }) => log.lastIndex >= lastIncludedIndex,
    }),
  },
  {
    id: 'R41',
    title: 'A snapshot of discarded entries is accepted',
    seam: 'rule',
    guarantee: 'the log goes on where the snapshot ends',
    class: 'safety',
    lesson:
      'The service may come with a snapshot that is older than the one installed meanwhile. ' +
      'Its index is before the log, where no entry is left to cut.',
    scenarios: ['raft/slow-service'],
    layers: withRule({ mayCompact: ({ lastApplied }, index) => index <= lastApplied }),
  },
];
