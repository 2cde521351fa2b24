import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { useStore } from '../parts/hooks.ts';
import { List } from '../parts/list.tsx';
import type { HistoryApp } from './history-app.ts';
import { keyText } from './history-words.ts';

const ROW_PX = 26;
const MARKS = { ok: '✓', illegal: '✗', unknown: '?' } as const;
const CLASSES = { ok: 'good', illegal: 'bad', unknown: 'odd' } as const;
/** What comes first in the list. */
const URGENCY = { illegal: 0, unknown: 1, ok: 2 } as const;

/** The parts of the history, each with its verdict: what is wrong first. */
export function KeysPanel({ app }: { readonly app: HistoryApp }): VNode {
  const { part, isOnly, keyQuery } = useStore(app.store, 'part', 'isOnly', 'keyQuery');
  const { data } = app;
  const sizes = useMemo(() => {
    const counts = new Uint32Array(data.keys.length);
    for (const each of data.partOf) counts[each] = (counts[each] ?? 0) + 1;
    return counts;
  }, [data]);
  const parts = useMemo(() => partsWith(app, keyQuery), [app, keyQuery]);
  return (
    <div class="column">
      <div class="chips">
        <input
          type="search"
          class="key-filter"
          placeholder="Filter keys"
          aria-label="Filter keys"
          value={keyQuery}
          onInput={(event) => app.store.set({ keyQuery: event.currentTarget.value })}
        />
        <button
          type="button"
          class="chip"
          aria-pressed={!isOnly}
          onClick={() => app.store.set({ isOnly: false, scroll: 0 })}
        >
          all keys <span class="dim">{data.keys.length}</span>
        </button>
      </div>
      {parts.length === 0 && <p class="empty">No key is like that.</p>}
      <List
        label="Keys"
        count={parts.length}
        rowPx={ROW_PX}
        current={parts.indexOf(part)}
        row={(i) => {
          const each = parts[i]!;
          const verdict = data.verdicts[each]!;
          return (
            <button
              key={each}
              type="button"
              class="story-row key-row"
              aria-current={each === part ? 'true' : undefined}
              onClick={() => app.showPart(each, data.keys.length > 1)}
            >
              <span class={CLASSES[verdict]}>
                {MARKS[verdict]} {verdict === 'unknown' ? 'undecided' : verdict}
              </span>
              <span class="story-text">{keyText(data.keys[each])}</span>
              <span class="dim">{sizes[each]}</span>
            </button>
          );
        }}
      />
    </div>
  );
}

function partsWith({ data }: HistoryApp, query: string): number[] {
  const wanted = query.toLowerCase();
  const urgency = (part: number): number => URGENCY[data.verdicts[part] ?? 'ok'];
  return data.keys
    .map((_, part) => part)
    .filter((part) => (data.keys[part] ?? '').toLowerCase().includes(wanted))
    .toSorted((a, b) => urgency(a) - urgency(b) || a - b);
}
