import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { Store } from '../model/store.ts';
import { useStore } from './hooks.ts';

/** Search begins when somebody has stopped typing for so long, in ms. */
const TYPING_MS = 150;

/** Who can be searched, and what was found. */
interface Searchable {
  readonly store: Store<{
    readonly query: string;
    readonly found: readonly number[];
    readonly selected: number;
  }>;
  search(query: string): void;
  stepFound(by: 1 | -1): void;
}

interface SearchProps {
  readonly app: Searchable;
  readonly placeholder: string;
  /** What can be searched for. */
  readonly label: string;
}

/** A search box, how many were found, and the way from one to the next. */
export function Search({ app, placeholder, label }: SearchProps): VNode {
  const { query, found, selected } = useStore(app.store, 'query', 'found', 'selected');
  const timer = useRef(0);
  const typed = (text: string): void => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => app.search(text), TYPING_MS);
  };
  return (
    <div class="search" role="search">
      <input
        id="search"
        type="search"
        placeholder={placeholder}
        aria-label={label}
        onInput={(event) => typed(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter') {
            clearTimeout(timer.current);
            app.search(event.currentTarget.value);
            app.stepFound(event.shiftKey ? -1 : 1);
          }
          if (event.key === 'Escape') event.currentTarget.blur();
        }}
      />
      <span class="count dim" role="status">
        {query.trim() === '' ? '' : countText(found.indexOf(selected), found.length)}
      </span>
      <button type="button" aria-label="Previous found" onClick={() => app.stepFound(-1)}>
        ↑
      </button>
      <button type="button" aria-label="Next found" onClick={() => app.stepFound(1)}>
        ↓
      </button>
    </div>
  );
}

function countText(place: number, count: number): string {
  if (count === 0) return 'none';
  return place < 0 ? String(count) : `${place + 1} of ${count}`;
}
