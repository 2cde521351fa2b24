import { useEffect, useState } from 'preact/hooks';
import type { Store } from '../model/store.ts';

/** What a store holds; draws again when one of some fields changes. */
export function useStore<T extends object>(store: Store<T>, ...fields: readonly (keyof T)[]): T {
  const [, redraw] = useState(0);
  useEffect(() => {
    let before = store.get();
    return store.listen(() => {
      const now = store.get();
      const isSame = fields.every((field) => Object.is(before[field], now[field]));
      before = now;
      if (!isSame) redraw((n) => n + 1);
    });
  }, [store]);
  return store.get();
}
