import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../model/store.ts';

/** What a store holds; draws again when it changes. */
export function useStore<T extends object>(store: Store<T>): T {
  const [, redraw] = useState(0);
  useEffect(() => store.listen(() => redraw((n) => n + 1)), [store]);
  return store.get();
}
