import type { VNode } from 'preact';
import { useStore } from '../parts/hooks.ts';
import { EventPanel } from './event-panel.tsx';
import { OperationsPanel } from './operations-panel.tsx';
import { RunPanel } from './run-panel.tsx';
import type { RunApp } from './run-app.ts';
import { tabs } from './run-state.ts';
import { StatePanel } from './state-panel.tsx';
import { StoryPanel } from './story-panel.tsx';

/** What is beside the diagram: one of several tabs. */
export function Panel({ app }: { readonly app: RunApp }): VNode {
  const { tab } = useStore(app.store, 'tab');
  const i = tabs.indexOf(tab);
  const turn = (by: number): void => {
    const next = tabs[(i + by + tabs.length) % tabs.length]!;
    app.store.set({ tab: next });
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <aside class="panel" aria-label="Details">
      <div
        class="tabs"
        role="tablist"
        aria-label="Details"
        onKeyDown={(event) => {
          if (event.key === 'ArrowRight') turn(1);
          else if (event.key === 'ArrowLeft') turn(-1);
          else return;
          event.stopPropagation();
          event.preventDefault();
        }}
      >
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-selected={tab === name}
            aria-controls="tab-panel"
            tabIndex={tab === name ? 0 : -1}
            onClick={() => app.store.set({ tab: name })}
          >
            {name}
          </button>
        ))}
      </div>
      <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={`tab-${tab}`}>
        {tab === 'Story' && <StoryPanel app={app} />}
        {tab === 'Event' && <EventPanel app={app} />}
        {tab === 'State' && <StatePanel app={app} />}
        {tab === 'Operations' && <OperationsPanel app={app} />}
        {tab === 'Run' && <RunPanel app={app} />}
      </div>
    </aside>
  );
}
