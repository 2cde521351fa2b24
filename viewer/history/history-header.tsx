import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { Verdict } from '../parts/verdict.tsx';
import { ThemeButton } from '../parts/theme-button.tsx';
import { useStore } from '../parts/hooks.ts';
import type { HistoryApp } from './history-app.ts';

/** Search begins when somebody has stopped typing for so long, in ms. */
const TYPING_MS = 150;

export function HistoryHeader({ app }: { readonly app: HistoryApp }): VNode {
  const { about, violations } = app.data;
  const [first] = violations;
  return (
    <header class="bar">
      <h1 class="file-name">
        <Verdict verdict={about.verdict} />
        <span title={about.file}>{nameOf(about.file)}</span> <span class="dim">{about.model}</span>
      </h1>
      <p class="reason" title={first?.reason ?? about.undecided ?? ''}>
        {first !== undefined && (
          <button type="button" class="link" onClick={() => app.toViolation(0)}>
            <b>{first.kind}</b> {first.reason}
          </button>
        )}
        {about.undecided !== undefined && (
          <span class="one-line odd">{about.undecided}; that is not a pass</span>
        )}
      </p>
      <Search app={app} />
      <ThemeButton />
      <button
        type="button"
        aria-label="Keys and help"
        onClick={() => app.store.set({ open: 'help' })}
      >
        ?
      </button>
    </header>
  );
}

/** The last part of a path: the whole is in the title and under About. */
function nameOf(file: string): string {
  return file.split(/[/\\]/).at(-1) ?? file;
}

function Search({ app }: { readonly app: HistoryApp }): VNode {
  const { query, found, selected } = useStore(app.store, 'query', 'found', 'selected');
  const timer = useRef(0);
  const typed = (text: string): void => {
    clearTimeout(timer.current);
    timer.current = window.setTimeout(() => app.search(text), TYPING_MS);
  };
  const place = found.indexOf(selected);
  const count =
    query.trim() === ''
      ? ''
      : found.length === 0
        ? 'none'
        : `${place < 0 ? '' : `${place + 1} of `}${found.length}`;
  return (
    <div class="search" role="search">
      <input
        id="search"
        type="search"
        placeholder="Search operations  /"
        aria-label="Search operations: a word, a client, or :12 for line 12"
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
        {count}
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
