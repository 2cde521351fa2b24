import type { View } from '../define/view.ts';

/** What the viewer shows of a job. */
export const mapReduceViews: readonly View[] = [
  { kind: 'timeline', title: 'Workers' },
  {
    kind: 'fields',
    title: 'Coordinator',
    fields: [
      { name: 'maps', title: 'maps done' },
      { name: 'reduces', title: 'reduces done' },
    ],
  },
  {
    kind: 'table',
    name: 'tasks',
    title: 'Tasks',
    key: 'task',
    columns: [{ name: 'state' }, { name: 'worker' }, { name: 'attempts' }],
  },
];
