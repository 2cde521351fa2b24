import type { VNode } from 'preact';
import { Verdict } from '../parts/verdict.tsx';
import { ThemeButton } from '../parts/theme-button.tsx';
import { Search } from '../parts/search.tsx';
import type { HistoryApp } from './history-app.ts';

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
      <Search
        app={app}
        placeholder="Search operations  /"
        label="Search operations: a word, a client, or :12 for line 12"
      />
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
