import type { View } from '../define/view.ts';
import { raftViews } from '../lab3-raft/views.ts';

/** What the viewer shows of shards and those who serve them. */
export const shardViews: readonly View[] = [
  { kind: 'ownership', title: 'Shards', numbers: 'config' },
  ...raftViews,
];
