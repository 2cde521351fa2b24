import type { View } from '../define/view.ts';

/** What the viewer shows of a Raft server. */
export const raftViews: readonly View[] = [
  {
    kind: 'fields',
    title: 'Servers',
    fields: [
      { name: 'role' },
      { name: 'term' },
      { name: 'vote', title: 'voted for' },
      { name: 'lastIndex', title: 'last index' },
      { name: 'commitIndex', title: 'committed' },
      { name: 'lastApplied', title: 'applied' },
      { name: 'snapshotIndex', title: 'snapshot' },
    ],
    strip: {
      field: 'role',
      tones: { leader: 'strong', candidate: 'warn', follower: 'quiet' },
      beside: { name: 'term', title: 'term' },
    },
    story: [
      { field: 'role', becomes: 'candidate', words: 'asks for votes', beside: { name: 'term' } },
      { field: 'role', becomes: 'leader', words: 'is leader', beside: { name: 'term' } },
      { field: 'commitIndex', words: 'commits up to' },
    ],
  },
  {
    kind: 'log',
    name: 'log',
    title: 'Log',
    marks: [
      { name: 'commitIndex', title: 'committed' },
      { name: 'lastApplied', title: 'applied' },
    ],
    group: 'term',
  },
];
