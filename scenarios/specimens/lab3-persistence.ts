import { type Entry, withPort } from './lab3-parts.ts';

function nothing(): void {}

/** What must survive a crash (Figure 2, persistent state). */
export const persistence: readonly Entry[] = [
  {
    id: 'R2',
    title: 'The vote is not persisted',
    seam: 'port',
    guarantee: 'Election Safety',
    class: 'safety',
    lesson:
      'A server that crashes after it voted, and votes again in the same term when it is ' +
      'back, has two votes to give.',
    scenarios: ['raft/forgetful-voter', 'raft/chaos-5', 'raft/hunt-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) => {
        const vote = changes.vote && { ...changes.vote, votedFor: undefined };
        storage.persist({ ...changes, vote }, whole, done);
      },
    }),
  },
  {
    id: 'R4',
    title: 'Entries that a follower takes are not persisted',
    seam: 'port',
    guarantee: 'what is acknowledged is durable',
    class: 'safety',
    lesson:
      'An acknowledged entry counts for the leader. If the follower loses it in a crash, a ' +
      'majority has it only on paper.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) =>
        storage.persist({ ...changes, log: undefined }, whole, done),
    }),
  },
  {
    id: 'R27',
    title: 'A newer term is not persisted when stepping down',
    seam: 'port',
    guarantee: 'terms only grow, also over a crash',
    class: 'safety',
    lesson:
      'A server that forgets the term it has seen may vote once more in it, or lead it again.',
    scenarios: ['raft/forgotten-term', 'raft/chaos-5', 'raft/hunt-5'],
    layers: withPort({
      persist: (_env, storage, changes, whole, done) => {
        const vote = changes.vote?.votedFor === undefined ? undefined : changes.vote;
        storage.persist({ ...changes, vote }, whole, done);
      },
    }),
  },
  {
    id: 'R29',
    title: 'Everything is persisted 5 ms late',
    seam: 'port',
    guarantee: 'what others can observe is durable',
    class: 'safety',
    lesson:
      'The right fields at the wrong moment. Whoever crashes in between has promised what it ' +
      'no longer knows; a tester that never crashes there never sees it.',
    scenarios: ['raft/chaos-5'],
    layers: withPort({
      persist: (env, storage, changes, whole, done) => {
        const now = whole();
        env.setTimer(5, () => storage.persist(changes, () => now, nothing));
        done();
      },
    }),
  },
];
