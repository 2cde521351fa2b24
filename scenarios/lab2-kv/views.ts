import type { View } from '../define/view.ts';

/** The keys of a store, as the viewer shows them. */
export const keysView: View = {
  kind: 'table',
  name: 'keys',
  title: 'Keys',
  key: 'key',
  columns: [{ name: 'version' }, { name: 'value' }],
};
